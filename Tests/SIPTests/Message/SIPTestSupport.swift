import Foundation
import SIP

/// A seeded generator (splitmix64), so that a failing property test fails again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// The RFC 4475 messages, which live beside the checkout.
enum TortureFiles {
    static let folder: URL? = {
        var candidates: [URL] = []
        if let shared = ProcessInfo.processInfo.environment["ARIOSO_SHARED"] { candidates.append(URL(fileURLWithPath: shared)) }
        candidates.append(URL(fileURLWithPath: FileManager.default.currentDirectoryPath).appendingPathComponent("../shared"))
        return candidates.map { $0.appendingPathComponent("torture") }.first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    static func bytes(_ name: String) throws -> [UInt8] {
        guard let folder else { throw CocoaError(.fileNoSuchFile) }
        return [UInt8](try Data(contentsOf: folder.appendingPathComponent(name + ".dat")))
    }
}

/// Joins lines with CRLF and ends the header section.
func wire(_ lines: [String], body: String = "") -> [UInt8] {
    Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
}

/// A well-formed request's lines; entries of `changes` replace a header or, with a nil value, take it away.
func requestLines(
    _ method: String = "OPTIONS", target: String = "sip:bob@example.com", changes: [String: String?] = [:], extra: [String] = []
) -> [String] {
    var lines = ["\(method) \(target) SIP/2.0"]
    let headers = [
        ("Via", "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKabc;rport"), ("Max-Forwards", "70"),
        ("From", "\"Alice\" <sip:alice@example.com>;tag=a1"), ("To", "<sip:bob@example.com>"), ("Call-ID", "call@192.0.2.1"),
        ("CSeq", "1 \(method)"), ("Contact", "<sip:alice@192.0.2.1:5060>"), ("Content-Length", "0"),
    ]
    for (name, value) in headers {
        switch changes[name] {
        case nil: lines.append("\(name): \(value)")
        case .some(nil): continue
        case .some(.some(let other)): lines.append("\(name): \(other)")
        }
    }
    return lines + extra
}

func parsedRequest(_ lines: [String], body: String = "") -> SIPRequest? {
    guard case .message(.request(let request)) = SIPParser.parse(datagram: wire(lines, body: body)) else { return nil }
    return request
}

extension ParseResult {
    /// The status of a rejection, nil for anything else.
    var rejectedStatus: Int? {
        if case .rejected(_, let status, _) = self { status } else { nil }
    }

    var rejectedReason: String? {
        if case .rejected(_, _, let reason) = self { reason } else { nil }
    }

    var isMessage: Bool {
        if case .message = self { true } else { false }
    }

    var isIgnored: Bool {
        if case .ignored = self { true } else { false }
    }
}
