#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A numeric IPv4 or IPv6 address as its bytes in network order.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// 4 bytes or 16 bytes.
    public let bytes: [UInt8]

    /// Reads `192.0.2.1`, `2001:db8::1` or `[2001:db8::1]`; nil for anything else, host names included.
    public init?(_ text: String) {
        // No address is longer (RFC 4291 section 2.2, IPv4-mapped form in brackets).
        guard text.utf8.count <= 47 else { return nil }
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        var four = in_addr()
        var six = in6_addr()
        if bare == text, inet_pton(AF_INET, bare, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, bare, &six) == 1 {
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }

    /// Makes an address of 4 or 16 bytes; nil for another number of bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Tells whether this is `0.0.0.0` or `::`, which stand for every address of the machine.
    public var isWildcard: Bool { bytes.allSatisfy { $0 == 0 } }

    /// Tells whether this is an IPv6 address.
    public var isIPv6: Bool { bytes.count == 16 }

    /// Gives the shortest usual form, without brackets.
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let known = bytes.withUnsafeBytes {
            inet_ntop(isIPv6 ? AF_INET6 : AF_INET, $0.baseAddress, &text, socklen_t(text.count))
        }
        guard known != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A network in CIDR notation (RFC 4632), such as `10.0.0.0/8` or `2001:db8::/32`.
public struct IPNetwork: Sendable, Hashable, CustomStringConvertible {
    public let address: IPAddress
    public let prefixLength: Int

    /// Why a text is no network, and what to write instead.
    public struct ParseError: Error, Sendable, Equatable {
        public let reason: String
        public let advice: String
    }

    /// Reads `address/length`, or an address alone as a network of one.
    ///
    /// - Throws: `ParseError` for a bad address or length, and for bits set behind the prefix, which is nearly always a slip.
    public init(parsing text: String) throws(ParseError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(String(parts.first ?? "")) else {
            throw ParseError(reason: "not a network", advice: "Write an address and a prefix length, such as 192.168.0.0/16.")
        }
        let bits = address.bytes.count * 8
        let length = parts.count == 2 ? Int(parts[1]) : bits
        guard let length, (0...bits).contains(length) else {
            throw ParseError(
                reason: "the prefix length is wrong", advice: "Write 0 to \(bits) after the slash for this kind of address.")
        }
        let base = Self.masked(address, length)
        guard base == address else {
            throw ParseError(
                reason: "the address has bits behind the prefix", advice: "Write \(base)/\(length) for the whole network.")
        }
        self.address = address
        prefixLength = length
    }

    /// Tells whether an address lies in the network; an IPv4-mapped IPv6 address counts as IPv4.
    public func contains(_ other: IPAddress) -> Bool {
        let plain = Self.unmapped(other)
        return plain.bytes.count == address.bytes.count && Self.masked(plain, prefixLength) == address
    }

    /// Gives `address/length`.
    public var description: String { "\(address)/\(prefixLength)" }

    private static func masked(_ address: IPAddress, _ length: Int) -> IPAddress {
        let bytes = address.bytes.enumerated().map { index, byte in
            let kept = min(8, max(0, length - index * 8))
            return byte & ~UInt8(truncatingIfNeeded: 0xFF >> kept)
        }
        return IPAddress(bytes: bytes) ?? address
    }

    private static func unmapped(_ address: IPAddress) -> IPAddress {
        let prefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        guard address.isIPv6, address.bytes.starts(with: prefix) else { return address }
        return IPAddress(bytes: Array(address.bytes.dropFirst(prefix.count))) ?? address
    }
}

extension [IPNetwork] {
    /// Tells whether a numeric address lies in one of the networks; what is no address lies in none.
    public func contains(address text: String) -> Bool {
        IPAddress(text).map { address in contains { $0.contains(address) } } ?? false
    }
}
