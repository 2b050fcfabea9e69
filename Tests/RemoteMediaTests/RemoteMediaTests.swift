import Foundation
import Synchronization
import Testing

@testable import RemoteMedia

@Suite("Media of other hosts")
struct RemoteMediaTests {
    /// Another host in memory, a clock, and a folder.
    private final class Bench: Sendable {
        let folder = FileManager.default.temporaryDirectory.appending(path: "arioso-remote-\(UUID().uuidString)")
        let time = Mutex(1_000_000)
        let requests = Mutex<[RemoteRequest]>([])
        let answers = Mutex<[String: RemoteAnswer]>([:])

        deinit { try? FileManager.default.removeItem(at: folder) }

        func media(_ change: (inout RemoteMediaSettings) -> Void = { _ in }) -> RemoteMedia {
            var settings = RemoteMediaSettings()
            settings.hosts = ["Cdn.example", "other.example:8443"]
            change(&settings)
            return RemoteMedia(folder: folder.path, settings: settings, now: { [self] in time.withLock { $0 } }) { [self] request in
                requests.withLock { $0.append(request) }
                guard let answer = answers.withLock({ $0[request.address] }) else { throw RemoteMediaError.failed("no route") }
                if answer.body.count > request.maxBytes { throw RemoteMediaError.tooLarge(bytes: request.maxBytes) }
                if request.etag != nil, request.etag == answer.etag { return RemoteAnswer(status: 304, etag: answer.etag) }
                return answer
            }
        }

        func serve(_ address: String, _ answer: RemoteAnswer) { answers.withLock { $0[address] = answer } }
        func pass(seconds: Int) { time.withLock { $0 += seconds } }
        var asked: [String] { requests.withLock { $0.map(\.address) } }
        var files: [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0 != "index.json" }.sorted()
        }
    }

    private let bench = Bench()
    private let address = "https://cdn.example/a/hello.wav?x=1"

    @Test("A file is fetched once while it is fresh, asked about afterwards, and kept when it is the same")
    func freshness() async throws {
        bench.serve(address, RemoteAnswer(status: 200, etag: "\"1\"", cacheControl: "public, max-age=60", body: [1, 2, 3]))
        let media = bench.media()
        let name = try await media.name(of: address)
        #expect(try await media.name(of: address) == name)
        #expect(bench.asked.count == 1 && bench.files == ["\(name).wav"])
        bench.pass(seconds: 61)
        #expect(try await media.name(of: address) == name)
        #expect(bench.asked.count == 2)
        bench.serve(address, RemoteAnswer(status: 200, etag: "\"2\"", body: [4]))
        let newer = try await media.name(of: address)
        #expect(newer != name && bench.files == ["\(newer).wav"])
    }

    @Test("What is there is used while the other host can't be reached, also by the next start")
    func stale() async throws {
        bench.serve(address, RemoteAnswer(status: 200, body: [1]))
        let name = try await bench.media().name(of: address)
        bench.answers.withLock { $0 = [:] }
        #expect(try await bench.media().name(of: address) == name)
        bench.serve(address, RemoteAnswer(status: 404))
        await #expect(throws: RemoteMediaError.refused(status: 404)) { try await bench.media().name(of: address) }
    }

    @Test("A file that is gone from the folder is fetched again")
    func gone() async throws {
        bench.serve(address, RemoteAnswer(status: 200, etag: "\"1\"", cacheControl: "max-age=99", body: [1]))
        let media = bench.media()
        let name = try await media.name(of: address)
        try FileManager.default.removeItem(at: bench.folder.appending(path: "\(name).wav"))
        #expect(try await media.name(of: address) == name)
        #expect(bench.files == ["\(name).wav"])
    }

    @Test("A host that never ends its answer is given up")
    func stalled() async throws {
        var settings = RemoteMediaSettings()
        settings.hosts = ["cdn.example"]
        settings.timeoutMs = 20
        let media = RemoteMedia(
            folder: bench.folder.path, settings: settings,
            fetch: { _ in
                try await Task.sleep(for: .seconds(600))
                return RemoteAnswer(status: 200)
            })
        await #expect(throws: RemoteMediaError.failed("no whole answer within 20 ms")) { try await media.name(of: address) }
    }

    @Test("Requests for one file at a time share one fetch")
    func together() async throws {
        bench.serve(address, RemoteAnswer(status: 200, cacheControl: "max-age=9", body: [1]))
        let media = bench.media()
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 { group.addTask { try await media.name(of: address) } }
            var names: Set<String> = []
            for try await name in group { names.insert(name) }
            #expect(names.count == 1)
        }
        #expect(bench.asked.count == 1)
    }

    @Test(
        "Only the hosts that are named are asked, redirects included",
        arguments: [
            ("https://evil.example/a.wav", "evil.example"), ("http://cdn.example:81/a.wav", "cdn.example:81"),
            ("http://cdn.example.evil/a.wav", "cdn.example.evil"), ("https://cdn.example/away.wav", "127.0.0.1"),
            ("https://cdn.example/over.wav", "evil.example"),
        ])
    func hosts(address: String, host: String) async {
        bench.serve("https://cdn.example/away.wav", RemoteAnswer(status: 302, location: "http://127.0.0.1/secret.wav"))
        bench.serve("https://cdn.example/over.wav", RemoteAnswer(status: 302, location: "//evil.example/x.wav"))
        await #expect(throws: RemoteMediaError.hostNotAllowed(host)) { try await bench.media().name(of: address) }
        #expect(!bench.asked.contains { !$0.contains("cdn.example/") })
    }

    @Test(
        "Addresses that hide something are refused",
        arguments: [
            "ftp://cdn.example/a.wav", "https://", "https:///a.wav", "https://cdn.example@evil.example/a.wav",
            "https://cdn.example\\@evil/a.wav",
            "https://cdn.example/a b.wav", "http://cdn.example/\r\nX: y", "",
        ])
    func addresses(address: String) async {
        await #expect(throws: RemoteMediaError.badAddress(address)) { try await bench.media().name(of: address) }
        #expect(bench.asked.isEmpty)
    }

    @Test("Redirects are followed, within bounds")
    func redirects() async throws {
        bench.serve("https://cdn.example/1.wav", RemoteAnswer(status: 301, location: "/2.wav"))
        bench.serve("https://cdn.example/2.wav", RemoteAnswer(status: 307, location: "https://other.example:8443/3.wav"))
        bench.serve("https://other.example:8443/3.wav", RemoteAnswer(status: 200, body: [1]))
        #expect(try await bench.media().name(of: "https://cdn.example/1.wav").isEmpty == false)
        bench.serve("https://cdn.example/loop.wav", RemoteAnswer(status: 302, location: "/loop.wav"))
        await #expect(throws: RemoteMediaError.tooManyRedirects) { try await bench.media().name(of: "https://cdn.example/loop.wav") }
    }

    @Test(
        "The format comes from the address, else from the media type",
        arguments: [
            ("https://cdn.example/a.ulaw", nil, "ulaw"), ("https://cdn.example/tts?id=1", "audio/x-wav; charset=binary", "wav"),
            ("https://cdn.example/a.mp3", "audio/mpeg", nil), ("https://cdn.example/", nil, nil),
        ] as [(String, String?, String?)])
    func formats(address: String, type: String?, ending: String?) async throws {
        bench.serve(address, RemoteAnswer(status: 200, contentType: type, body: [1]))
        if let ending {
            let name = try await bench.media().name(of: address)
            #expect(bench.files == ["\(name).\(ending)"])
        } else {
            await #expect(throws: RemoteMediaError.unknownFormat(address)) { try await bench.media().name(of: address) }
        }
    }

    @Test("Large files are refused, and the files used longest ago make room")
    func sizes() async throws {
        let media = bench.media {
            $0.maxFileBytes = 100
            $0.cacheBytes = 250
        }
        bench.serve(address, RemoteAnswer(status: 200, body: [UInt8](repeating: 0, count: 101)))
        await #expect(throws: RemoteMediaError.tooLarge(bytes: 100)) { try await media.name(of: address) }
        var names: [String] = []
        for index in 0..<4 {
            bench.serve(
                "http://cdn.example/\(index).wav",
                RemoteAnswer(status: 200, cacheControl: "max-age=99", body: [UInt8](repeating: UInt8(index), count: 100)))
            names.append(try await media.name(of: "http://cdn.example/\(index).wav"))
            bench.pass(seconds: 1)
            // The first one is used again and again.
            _ = try await media.name(of: "http://cdn.example/0.wav")
        }
        #expect(bench.files == [names[0], names[3]].map { "\($0).wav" }.sorted())
    }

    @Test(
        "How long an answer is fresh",
        arguments: [
            (nil, 0), ("max-age=10", 10), ("public, max-age=\"20\" , x", 20), ("max-age=10, no-cache", 0), ("max-age=-5", 0),
            ("max-age=z", 0),
            ("max-age=999999999999", 31_536_000),
        ] as [(String?, Int)])
    func control(text: String?, seconds: Int) {
        #expect(RemoteMedia.freshSeconds(text) == seconds)
    }
}
