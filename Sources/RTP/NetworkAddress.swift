internal import Glibc

/// Holds an IPv4 or IPv6 address and port as a trivial value that compares with a few word operations.
public struct NetworkAddress: Hashable, Sendable {
    /// The address as its bytes lie in memory; an IPv4 one fills the first four of `high` (little-endian machines).
    public var high: UInt64
    public var low: UInt64
    /// IPv6 zone of a link-local address, else 0.
    public var scope: UInt32
    /// In host byte order.
    public var port: UInt16
    /// False for IPv4.
    public var isIPv6: Bool

    /// Tells whether both have the same host, whatever the ports are.
    public func sameHost(as other: NetworkAddress) -> Bool {
        high == other.high && low == other.low && isIPv6 == other.isIPv6 && scope == other.scope
    }

    /// Makes an address of its parts.
    public init(high: UInt64, low: UInt64, scope: UInt32 = 0, port: UInt16, isIPv6: Bool) {
        (self.high, self.low, self.scope, self.port, self.isIPv6) = (high, low, scope, port, isIPv6)
    }

    /// Reads a numeric address, with or without brackets; nil for anything else.
    public init?(host text: String, port: UInt16) {
        let host = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        var four = in_addr()
        var six = in6_addr()
        self.port = port
        (high, low, scope) = (0, 0, 0)
        if inet_pton(AF_INET, host, &four) == 1 {
            isIPv6 = false
            high = UInt64(four.s_addr)
        } else if inet_pton(AF_INET6, host, &six) == 1 {
            isIPv6 = true
            (high, low) = withUnsafeBytes(of: six) {
                ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
        } else {
            return nil
        }
    }

    /// Gives the numeric text without brackets.
    public var host: String {
        var bytes = (high, low)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            guard let base = text.baseAddress,
                inet_ntop(isIPv6 ? AF_INET6 : AF_INET, &bytes, base, socklen_t(INET6_ADDRSTRLEN)) != nil
            else { return "" }
            return String(cString: base)
        }
    }

    /// The address alone, 4 or 16 bytes in network order.
    public var bytes: [UInt8] {
        withUnsafeBytes(of: (high, low)) { Array($0.prefix(isIPv6 ? 16 : 4)) }
    }

    /// Takes 4 or 16 bytes in network order; nil for any other number.
    public init?(bytes: [UInt8], port: UInt16) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        let padded = bytes + [UInt8](repeating: 0, count: 16 - bytes.count)
        (high, low) = padded.withUnsafeBytes {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        (scope, isIPv6) = (0, bytes.count == 16)
        self.port = port
    }
}

extension NetworkAddress: CustomStringConvertible {
    /// Gives `192.0.2.1:4000` or `[2001:db8::1]:4000`.
    public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
