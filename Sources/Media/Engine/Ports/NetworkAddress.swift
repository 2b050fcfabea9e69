internal import CLinuxIO
internal import Glibc
internal import RTP

extension NetworkAddress {
    /// Reads what the kernel filled in; nil for a family other than IPv4 and IPv6.
    init?(_ socketAddress: UnsafeRawPointer) {
        let family = Int32(socketAddress.loadUnaligned(as: sa_family_t.self))
        let port = UInt16(bigEndian: socketAddress.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        if family == AF_INET {
            self.init(
                high: UInt64(socketAddress.loadUnaligned(fromByteOffset: 4, as: UInt32.self)), low: 0, port: port, isIPv6: false)
        } else if family == AF_INET6 {
            self.init(
                high: socketAddress.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
                low: socketAddress.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
                scope: socketAddress.loadUnaligned(fromByteOffset: 24, as: UInt32.self), port: port, isIPv6: true)
        } else {
            return nil
        }
    }

    /// Gives the form the kernel takes.
    var socketAddress: SocketAddress {
        var result = SocketAddress()
        if isIPv6 {
            result.storage.sin6_family = sa_family_t(AF_INET6)
            result.storage.sin6_port = port.bigEndian
            result.storage.sin6_scope_id = scope
            withUnsafeMutableBytes(of: &result.storage.sin6_addr) {
                $0.storeBytes(of: high, as: UInt64.self)
                $0.storeBytes(of: low, toByteOffset: 8, as: UInt64.self)
            }
            result.length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        } else {
            withUnsafeMutableBytes(of: &result.storage) {
                $0.storeBytes(of: sa_family_t(AF_INET), as: sa_family_t.self)
                $0.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
                $0.storeBytes(of: UInt32(truncatingIfNeeded: high), toByteOffset: 4, as: UInt32.self)
            }
            result.length = socklen_t(MemoryLayout<sockaddr_in>.size)
        }
        return result
    }
}

extension NetworkAddress {
    /// Asks the kernel which of this machine's addresses packets to this one come from; none is sent.
    func localAddress() throws(MediaError) -> NetworkAddress {
        let probe = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard probe >= 0 else { throw .system(call: "socket", errno: errno) }
        defer { close(probe) }
        var target = socketAddress
        let isConnected = withUnsafePointer(to: &target.storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(probe, $0, target.length) } == 0
        }
        guard isConnected else { throw .system(call: "connect", errno: errno) }
        var found = SocketAddress()
        found.length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let isFound = withUnsafeMutablePointer(to: &found.storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(probe, $0, &found.length) } == 0
        }
        guard isFound, let local = withUnsafeBytes(of: &found.storage, { $0.baseAddress.flatMap { NetworkAddress($0) } }) else {
            throw .system(call: "getsockname", errno: errno)
        }
        return local
    }
}

/// Holds a socket address ready for `sendto`; `sockaddr_in6` is the larger of the two kinds.
struct SocketAddress {
    var storage = sockaddr_in6()
    var length: socklen_t = 0
}
