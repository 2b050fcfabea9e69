import CallCore
import Glibc
import NIOCore

/// Finds the local address from which the system reaches a host.
@CallActor
struct LocalAddresses {
    static let kept = 4_096
    /// Routes change rarely; after this long the system is asked again.
    static let lifetime = TimeAmount.seconds(60)

    /// Own addresses that are named, at most.
    static let mostOwn = 8

    private var known: [String: (address: String, until: NIODeadline)] = [:]
    private var own: (addresses: [String], until: NIODeadline)?

    nonisolated init() {}

    /// Gives the numeric address, nil when no route leads to the host.
    mutating func address(toward host: String, at now: NIODeadline) -> String? {
        if let entry = known[host], entry.until > now { return entry.address }
        guard let found = Self.ask(host) else { return nil }
        if known.count >= Self.kept { known.removeAll(keepingCapacity: true) }
        known[host] = (found, now + Self.lifetime)
        return found
    }

    mutating func forget() {
        known = [:]
        own = nil
    }

    /// Addresses of this machine that others can reach, as many as are worth trying.
    mutating func all(at now: NIODeadline) -> [String] {
        if let own, own.until > now { return own.addresses }
        let devices = (try? System.enumerateDevices()) ?? []
        let found = devices.compactMap { $0.address?.ipAddress }.filter { !Self.isOnlyHere($0) }
        own = (Array(found.prefix(Self.mostOwn)), now + Self.lifetime)
        return own?.addresses ?? []
    }

    /// Whether an address is of no use to others: those of loopback interfaces, and link-local ones, which need a zone.
    private static func isOnlyHere(_ address: String) -> Bool {
        address.hasPrefix("127.") || address == "::1" || address.lowercased().hasPrefix("fe80:")
    }

    /// Connects a datagram socket, which sends nothing, and reads the address that the system gave it.
    private static func ask(_ host: String) -> String? {
        guard let remote = try? SocketAddress(ipAddress: host, port: 5060) else { return nil }
        let family = NumericAddress.isIPv6(host) ? AF_INET6 : AF_INET
        let descriptor = socket(family, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { _ = close(descriptor) }
        guard remote.withSockAddr({ connect(descriptor, $0, socklen_t($1)) }) == 0 else { return nil }
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isKnown = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) == 0 }
        }
        guard isKnown else { return nil }
        // The storage is large and aligned enough for both kinds of address.
        return withUnsafePointer(to: &storage) { pointer in
            family == AF_INET6
                ? pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { SocketAddress($0.pointee).ipAddress }
                : pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { SocketAddress($0.pointee).ipAddress }
        }
    }
}
