import Glibc

/// Finds a port of 127.0.0.1 that nobody uses at the moment.
enum FreePort {
    static func find(_ kind: __socket_type) throws -> Int {
        let descriptor = socket(AF_INET, CInt(kind.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in(loopbackPort: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = address.withGeneral { bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0 }
        guard descriptor >= 0, isBound else { throw BenchmarkError("no free port: errno \(errno)") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

extension sockaddr_in {
    /// An address of this machine alone.
    init(loopbackPort port: Int) {
        self.init()
        sin_family = sa_family_t(AF_INET)
        sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        sin_addr.s_addr = inet_addr("127.0.0.1")
    }

    /// Gives the address by the general type that system calls want.
    mutating func withGeneral<T>(_ body: (UnsafeMutablePointer<sockaddr>) -> T) -> T {
        // Both types begin with the family, and the calls are told the length.
        withUnsafeMutablePointer(to: &self) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
    }
}
