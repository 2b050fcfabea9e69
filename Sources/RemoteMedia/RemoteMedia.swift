import Audio
import Crypto
import Foundation

/// Sound files of other hosts, kept in a folder: fetched when they are first wanted, asked about again when their time is over
/// (RFC 9111), and used as they are while the other host can't be reached.
public actor RemoteMedia {
    public typealias Fetch = @Sendable (RemoteRequest) async throws -> RemoteAnswer

    private let folder: URL
    private var settings: RemoteMediaSettings
    private let fetch: Fetch
    private let now: @Sendable () -> Int
    private let log: @Sendable (String) -> Void
    private var kept: [String: KeptFile]
    private var running: [String: Task<String, any Error>] = [:]

    private static let maxRunning = 64
    private static let maxRedirects = 5
    /// Bytes of a fetched file's name that tell its address and its content.
    private static let (addressBytes, contentBytes) = (16, 8)

    /// What is known of a file in the folder.
    private struct KeptFile: Codable {
        var file: String
        var bytes: Int
        var etag: String?
        var lastModified: String?
        /// Seconds since 1970 until which it need not be asked about.
        var freshUntil: Int
        var lastUse: Int
    }

    /// Makes a cache in a folder, which is made when the first file comes.
    ///
    /// - Parameters:
    ///   - log: told, from any thread, what an administrator should know.
    ///   - now: seconds since 1970; nil for the system's clock.
    ///   - fetch: asks another host; nil for the network.
    public init(
        folder: String, settings: RemoteMediaSettings, log: @escaping @Sendable (String) -> Void = { _ in },
        now: (@Sendable () -> Int)? = nil, fetch: Fetch? = nil
    ) {
        self.folder = URL(filePath: folder)
        self.settings = settings
        self.log = log
        self.now = now ?? { Int(Date().timeIntervalSince1970) }
        self.fetch = fetch ?? NetworkFetch.fetch
        kept = Self.readIndex(in: self.folder)
    }

    /// Takes other settings; what is being fetched goes on.
    public func use(_ settings: RemoteMediaSettings) { self.settings = settings }

    /// Gives the name, without extension, of the file in the folder that holds what is at an address, fetching it when need be.
    ///
    /// - Throws: `RemoteMediaError`.
    public func name(of address: String) async throws -> String {
        let parsed = try RemoteAddress(address)
        try checkHost(parsed)
        let time = now()
        if var file = keptFile(address), file.freshUntil > time {
            file.lastUse = time
            kept[address] = file
            return Self.stem(file.file)
        }
        if let task = running[address] { return try await task.value }
        guard running.count < Self.maxRunning else { throw RemoteMediaError.overloaded }
        let task = Task { try await renew(parsed) }
        running[address] = task
        defer { running[address] = nil }
        return try await task.value
    }

    private func checkHost(_ address: RemoteAddress) throws(RemoteMediaError) {
        guard settings.hosts.contains(where: { $0.lowercased() == address.authority }) else {
            throw .hostNotAllowed(address.authority)
        }
    }

    // MARK: Fetching

    private func renew(_ address: RemoteAddress) async throws -> String {
        let old = keptFile(address.text)
        do {
            var (answer, last) = try await ask(address, old)
            // Another file may have taken its room meanwhile.
            if answer.status == 304, keptFile(address.text) == nil { (answer, last) = try await ask(address, nil) }
            if answer.status == 304, var file = keptFile(address.text) {
                file.freshUntil = now() + Self.freshSeconds(answer.cacheControl)
                file.lastUse = now()
                kept[address.text] = file
                return Self.stem(file.file)
            }
            guard answer.status == 200 else { throw RemoteMediaError.refused(status: answer.status) }
            return try keep(answer, of: address, from: last)
        } catch {
            let problem = error as? RemoteMediaError ?? .failed("\(error)")
            guard var old = keptFile(address.text), case .failed = problem else { throw problem }
            log("\(address.text) can't be asked for a newer version, the old one is used: \(problem)")
            old.lastUse = now()
            kept[address.text] = old
            return Self.stem(old.file)
        }
    }

    private func ask(_ address: RemoteAddress, _ old: KeptFile?) async throws -> (RemoteAnswer, RemoteAddress) {
        var at = address
        for _ in 0...Self.maxRedirects {
            let answer = try await fetchInTime(
                RemoteRequest(
                    address: at.text, etag: old?.etag, lastModified: old?.lastModified, maxBytes: settings.maxFileBytes,
                    timeoutMs: settings.timeoutMs))
            guard [301, 302, 303, 307, 308].contains(answer.status), let location = answer.location else { return (answer, at) }
            at = try at.redirected(to: location)
            try checkHost(at)
        }
        throw RemoteMediaError.tooManyRedirects
    }

    /// Fetches, body included, or gives up when the time is over.
    private func fetchInTime(_ request: RemoteRequest) async throws -> RemoteAnswer {
        try await withThrowingTaskGroup(of: RemoteAnswer.self) { [fetch] group in
            group.addTask { try await fetch(request) }
            group.addTask {
                try await Task.sleep(for: .milliseconds(request.timeoutMs))
                throw RemoteMediaError.failed("no whole answer within \(request.timeoutMs) ms")
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw RemoteMediaError.failed("no answer") }
            return first
        }
    }

    // MARK: Keeping

    /// What is kept of an address, if its file is still there.
    private func keptFile(_ address: String) -> KeptFile? {
        guard let file = kept[address] else { return nil }
        guard FileManager.default.fileExists(atPath: folder.appending(path: file.file).path) else {
            kept[address] = nil
            return nil
        }
        return file
    }

    private func keep(_ answer: RemoteAnswer, of address: RemoteAddress, from last: RemoteAddress) throws -> String {
        let type = try Self.fileType(answer, [address, last])
        let file = "\(Self.hash(Array(address.text.utf8), Self.addressBytes))-\(Self.hash(answer.body, Self.contentBytes)).\(type)"
        let time = now()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(answer.body).write(to: folder.appending(path: file), options: .atomic)
        let before = kept[address.text]?.file
        kept[address.text] = KeptFile(
            file: file, bytes: answer.body.count, etag: answer.etag, lastModified: answer.lastModified,
            freshUntil: time + Self.freshSeconds(answer.cacheControl), lastUse: time)
        if let before, before != file { remove(before) }
        makeRoom(besides: address.text)
        try JSONEncoder().encode(kept).write(to: Self.index(in: folder), options: .atomic)
        return Self.stem(file)
    }

    /// Removes the files used longest ago until all fit.
    private func makeRoom(besides newest: String) {
        var bytes = kept.values.reduce(0) { $0 + $1.bytes }
        for (address, file) in kept.sorted(by: { $0.value.lastUse < $1.value.lastUse }) where address != newest {
            guard bytes > settings.cacheBytes else { return }
            bytes -= file.bytes
            kept[address] = nil
            remove(file.file)
        }
    }

    private func remove(_ file: String) { try? FileManager.default.removeItem(at: folder.appending(path: file)) }

    /// What the index names and is there.
    private static func readIndex(in folder: URL) -> [String: KeptFile] {
        guard let data = try? Data(contentsOf: index(in: folder)),
            let files = try? JSONDecoder().decode([String: KeptFile].self, from: data)
        else { return [:] }
        return files.filter { FileManager.default.fileExists(atPath: folder.appending(path: $0.value.file).path) }
    }

    private static func index(in folder: URL) -> URL { folder.appending(path: "index.json") }
    private static func stem(_ file: String) -> String { String(file.prefix { $0 != "." }) }

    private static func hash(_ bytes: [UInt8], _ count: Int) -> String {
        SHA256.hash(data: bytes).prefix(count).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The extension that tells how a file is coded: that of its address, else by its media type.
    private static func fileType(_ answer: RemoteAnswer, _ addresses: [RemoteAddress]) throws(RemoteMediaError) -> String {
        for case let type? in addresses.map(\.fileExtension) where SoundFormat(fileExtension: type) != nil { return type }
        let media = answer.contentType?.prefix { $0 != ";" }.lowercased().filter { $0 != " " } ?? ""
        if ["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"].contains(media) { return "wav" }
        throw .unknownFormat(addresses[0].text)
    }

    /// Seconds for which an answer may be used without asking again (RFC 9111 section 5.2.2).
    static func freshSeconds(_ cacheControl: String?) -> Int {
        var seconds = 0
        for directive in (cacheControl ?? "").lowercased().split(separator: ",") {
            let text = directive.filter { $0 != " " && $0 != "\"" }
            if text == "no-cache" || text == "no-store" { return 0 }
            if text.hasPrefix("max-age=") { seconds = min(max(0, Int(text.dropFirst(8)) ?? 0), 31_536_000) }
        }
        return seconds
    }
}
