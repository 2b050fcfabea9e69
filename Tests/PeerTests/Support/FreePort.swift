import Foundation

/// Ports for peers that cannot take port 0 and tell which one they got.
enum FreePort {
    /// Below those that the system gives away by itself, above those of the server's audio.
    private static let range = 27_000..<32_000

    /// Returns a port that nothing uses at present.
    static func next() -> Int {
        var port = Int.random(in: range)
        while isUsed(port) { port = Int.random(in: range) }
        return port
    }

    /// Tells whether a UDP or TCP socket of this machine has the port.
    static func isUsed(_ port: Int) -> Bool {
        let hex = String(port, radix: 16, uppercase: true)
        let local = ":" + String(repeating: "0", count: 4 - hex.count) + hex
        return ["udp", "tcp", "udp6", "tcp6"].contains { table in
            guard let text = try? String(contentsOfFile: "/proc/net/\(table)", encoding: .utf8) else { return false }
            // The second column is the local address.
            return text.split(separator: "\n").contains { $0.split(separator: " ").dropFirst().first?.hasSuffix(local) == true }
        }
    }
}
