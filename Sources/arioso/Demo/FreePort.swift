import Glibc

/// Finds ports of 127.0.0.1 that nobody uses at the moment.
enum FreePort {
    enum Kind {
        case datagram, stream
    }

    private static let attempts = 200
    private static let candidates = 20_000...29_000

    /// Gives the first of `run` ports in a row that are free, an even one.
    static func find(_ kind: Kind, run: Int = 1) throws -> Int {
        for _ in 0..<attempts {
            let first = Int.random(in: candidates) & ~1
            if (first..<first + run).allSatisfy({ isFree($0, kind) }) { return first }
        }
        throw DemoError("no free ports among \(candidates.lowerBound)-\(candidates.upperBound)")
    }

    private static func isFree(_ port: Int, _ kind: Kind) -> Bool {
        // SIP listens on both transports of its port.
        let kinds = [CInt(SOCK_DGRAM.rawValue), CInt(SOCK_STREAM.rawValue)]
        return (kind == .datagram ? kinds : [kinds[1]]).allSatisfy { kind in
            let descriptor = socket(AF_INET, kind, 0)
            guard descriptor >= 0 else { return false }
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            // bind wants the address by its general type; both begin with the family, and the length is told.
            return withUnsafeBytes(of: &address) { bytes in
                guard let general = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
                return bind(descriptor, general, socklen_t(bytes.count)) == 0
            }
        }
    }
}
