internal import CLinuxIO
public import RTP

/// Holds a numeric IPv4 or IPv6 address and a UDP port.
public struct MediaAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address as SIP's and ICE's media see it.
    public let network: NetworkAddress

    public init(_ network: NetworkAddress) { self.network = network }

    /// Reads a numeric address such as `192.0.2.1`, `2001:db8::1` or `[2001:db8::1]`.
    ///
    /// Returns nil for host names, malformed addresses and ports outside 0...65535: names are resolved before media is set up.
    public init?(host: String, port: Int) {
        guard let port = UInt16(exactly: port), let network = NetworkAddress(host: host, port: port) else { return nil }
        self.network = network
    }

    /// Reads a numeric address with a port, such as `192.0.2.1:4000` or `[2001:db8::1]:4000`; nil for anything else.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else { return nil }
        let host = text[..<colon]
        guard !host.contains(":") || host.hasPrefix("[") else { return nil }
        self.init(host: String(host), port: port)
    }

    /// Gives the numeric address of this machine that packets to another one come from.
    ///
    /// - Throws: `MediaError.system` when there is no way to it.
    public static func localHost(toward remote: MediaAddress) throws(MediaError) -> String {
        MediaAddress(try remote.network.localAddress()).host
    }

    /// Gives the numeric address without brackets.
    public var host: String { network.host }

    /// Gives the UDP port, 0...65535.
    public var port: Int { Int(network.port) }

    /// Tells whether the address is an IPv6 one.
    public var isIPv6: Bool { network.isIPv6 }

    /// Gives the same address with another port.
    public func withPort(_ port: UInt16) -> MediaAddress {
        var copy = network
        copy.port = port
        return MediaAddress(copy)
    }

    /// Gives `192.0.2.1:4000` or `[2001:db8::1]:4000`.
    public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
