import Glibc

/// A network in CIDR notation (RFC 4632), such as `10.0.0.0/8` or `fd00::/8`.
public struct SIPNetwork: Sendable, Hashable, CustomStringConvertible {
    private let bytes: [UInt8]
    private let prefixLength: Int

    /// Reads `address/length`, or an address alone as a network of one; bits behind the prefix count as zero. Nil when malformed.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = NumericAddress.bytes(String(first)) else { return nil }
        let bits = address.count * 8
        let length = parts.count == 2 ? Int(parts[1]) : bits
        guard let length, (0...bits).contains(length) else { return nil }
        bytes = Self.masked(address, length)
        prefixLength = length
    }

    /// Tells whether a numeric address lies in the network; an IPv4-mapped one counts as IPv4.
    public func contains(_ host: String) -> Bool {
        guard let address = NumericAddress.bytes(host) else { return false }
        let plain = NumericAddress.unmapped(address)
        return plain.count == bytes.count && Self.masked(plain, prefixLength) == bytes
    }

    /// Networks that are not routed in the internet: private, shared, link-local, unique local and loopback addresses
    /// (RFC 1918, 6598, 3927, 4193, 4291).
    public static let notRouted: [SIPNetwork] = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1",
    ].compactMap { SIPNetwork($0) }

    public var description: String { "\(NumericAddress.text(bytes))/\(prefixLength)" }

    private static func masked(_ address: [UInt8], _ length: Int) -> [UInt8] {
        address.enumerated().map { index, byte in
            let kept = min(8, max(0, length - index * 8))
            return byte & ~UInt8(truncatingIfNeeded: 0xFF >> kept)
        }
    }
}

/// Numeric addresses as bytes in network order.
enum NumericAddress {
    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    /// Reads 4 or 16 bytes; nil for a name or a malformed address.
    static func bytes(_ text: String) -> [UInt8]? {
        // No address is longer (RFC 4291 section 2.2).
        guard text.utf8.count <= 45 else { return nil }
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        var six = in6_addr()
        if inet_pton(AF_INET6, text, &six) == 1 { return withUnsafeBytes(of: &six) { Array($0) } }
        return nil
    }

    static func text(_ bytes: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let known = bytes.withUnsafeBytes {
            inet_ntop(bytes.count == 16 ? AF_INET6 : AF_INET, $0.baseAddress, &text, socklen_t(text.count))
        }
        guard known != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Gives the IPv4 address inside an IPv4-mapped one.
    static func unmapped(_ bytes: [UInt8]) -> [UInt8] {
        bytes.count == 16 && bytes.starts(with: mappedPrefix) ? Array(bytes.dropFirst(mappedPrefix.count)) : bytes
    }

    /// Tells whether the text is `0.0.0.0` or `::`.
    static func isWildcard(_ text: String) -> Bool {
        bytes(text)?.allSatisfy { $0 == 0 } ?? false
    }

    static func isIPv6(_ text: String) -> Bool { text.utf8.contains(UInt8(ascii: ":")) }
}
