import Foundation
import Testing

@testable import SIPServer

/// The messages of RFC 4475, live. They are not part of this repository; ARIOSO_SHARED names the folder that holds them.
@Suite("RFC 4475 torture messages", .serialized)
struct TortureTests {
    static let folder: String? = {
        let shared = ProcessInfo.processInfo.environment["ARIOSO_SHARED"] ?? "../shared"
        let path = "\(shared)/torture"
        return FileManager.default.fileExists(atPath: "\(path)/wsinv.dat") ? path : nil
    }()

    /// What each message may be answered over a connection; an empty list is for those that must stay without an answer.
    static let verdicts: [(String, [Int])] = [
        ("wsinv", [481]), ("intmeth", [501]), ("esc01", [401]), ("escnull", [401]), ("esc02", [501]), ("lwsdisp", [200]),
        ("longreq", [401]), ("semiuri", [200]), ("transports", [200]), ("mpart01", [415]), ("unreason", []), ("noreason", []),
        ("badinv01", [400]), ("clerr", []), ("ncl", [400]), ("scalar02", [400, 401]), ("scalarlg", []), ("quotbal", [400]),
        ("ltgtruri", [400]), ("lwsruri", [400]), ("lwsstart", [400, 401]), ("trws", [400, 200]), ("escruri", [400, 401]),
        ("baddate", [401]),
        ("regbadct", [400, 401]), ("badaspec", [400, 200]), ("baddn", [400, 200]), ("badvers", [505]), ("mismatch01", [400]),
        ("mismatch02", [501, 400]), ("bigcode", []), ("badbranch", [400, 200]), ("insuf", [400]), ("unkscm", [416]), ("novelsc", [416]),
        ("unksm2", [401]), ("bext01", [420]), ("invut", [415, 401]), ("regaut01", [401]), ("multi01", [400]), ("mcl01", [400]),
        ("bcast", []),
        ("zeromf", [200]), ("cparam01", [401]), ("cparam02", [401]), ("regescrt", [401]), ("sdp01", [406]), ("inv2543", [401]),
    ]

    private func bytes(_ name: String) throws -> [UInt8] {
        let folder = try #require(Self.folder)
        return Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).dat")))
    }

    @Test(
        "Over TCP each gets its status or none", .enabled(if: folder != nil, "ARIOSO_SHARED names no folder with torture/*.dat"),
        arguments: verdicts)
    func overTCP(name: String, statuses: [Int]) async throws {
        try await withRig { rig in
            let socket = try RawSocket.open(.tcp, host: "127.0.0.1", port: try await rig.port(.tcp))
            let message = try bytes(name)
            // RFC 2543 needed no length; a stream does.
            try socket.send(["inv2543", "baddn"].contains(name) ? Self.withLength(message) : message)
            let response = socket.receive(withinMs: statuses.isEmpty ? 150 : 3_000)
            if statuses.isEmpty {
                #expect(response == nil, "\(response?.startLine ?? "")")
            } else {
                #expect(statuses.contains(response?.status ?? 0), "\(name): \(response?.startLine ?? "none")")
            }
            #expect(await rig.server.load.calls == 0)
            #expect(await rig.channels.isEmpty)
        }
    }

    /// Adds the Content-Length that datagrams may lack.
    private static func withLength(_ message: [UInt8]) -> [UInt8] {
        let text = String(decoding: message, as: UTF8.self)
        // One of the files ends before its empty line.
        guard let end = text.range(of: "\r\n\r\n") else { return message + [13, 10] }
        guard !text.lowercased().contains("content-length") else { return message }
        let length = text[end.upperBound...].utf8.count
        return Array((text[..<end.lowerBound] + "\r\nContent-Length: \(length)" + text[end.lowerBound...]).utf8)
    }

    @Test("Over UDP they do no harm and nothing is kept", .enabled(if: folder != nil, "ARIOSO_SHARED names no folder with torture/*.dat"))
    func overUDP() async throws {
        try await withRig { rig in
            let port = try await rig.port(.udp)
            let phone = try RawPhone(serverPort: port)
            for name in Self.verdicts.map(\.0) + ["dblreq"] {
                try phone.socket.send(try bytes(name))
                try phone.send(phone.request("OPTIONS", "sip:127.0.0.1", to: "<sip:127.0.0.1>", callID: "alive-\(name)", cseq: 1))
                let response = try phone.wait("sign of life after \(name)") { $0["call-id"] == "alive-\(name)" }
                #expect(response.status == 200)
            }
            #expect(await rig.server.load.calls == 0)
            #expect(await rig.server.load.clientTransactions == 0)
            #expect(await rig.channels.isEmpty)
            #expect(await rig.server.load.serverTransactions == 0)
        }
    }

    @Test("Random bytes and damaged messages do no harm", arguments: RawSocket.Kind.allCases)
    func damaged(kind: RawSocket.Kind) async throws {
        try await withRig { rig in
            let port = try await rig.port(kind)
            var generator = SeededGenerator(seed: 4_475)
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let sample = Array(
                phone.request(
                    "INVITE", "sip:answer@127.0.0.1", to: "<sip:answer@127.0.0.1>", callID: "d", cseq: 1,
                    headers: ["Contact: <sip:a@127.0.0.1>", "Content-Type: application/sdp"], body: phone.sdp()
                ).utf8)
            for _ in 0..<300 {
                var message = sample
                for _ in 0..<Int.random(in: 1...8, using: &generator) {
                    message[Int.random(in: 0..<message.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
                }
                let socket = try RawSocket.open(kind, host: "127.0.0.1", port: port)
                try socket.send(message)
            }
            try phone.send(phone.request("OPTIONS", "sip:127.0.0.1", to: "<sip:127.0.0.1>", callID: "alive", cseq: 1))
            #expect(try phone.wait("sign of life") { $0["call-id"] == "alive" }.status == 200)
            #expect(await rig.channels.isEmpty)
        }
    }
}

/// A generator that gives the same numbers in each run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
