/// Which internet protocol an address in SDP belongs to.
public enum SDPAddressType: String, Sendable, Hashable {
    case ip4 = "IP4"
    case ip6 = "IP6"

    /// Tells the type of a numeric address by its look: a colon only stands in IPv6 addresses.
    public init(of address: String) {
        self = address.utf8.contains(UInt8(ascii: ":")) ? .ip6 : .ip4
    }
}

/// Where media is to be sent: the value of a c= line (RFC 4566 section 5.7).
public struct SDPConnection: Sendable, Hashable {
    public var type: SDPAddressType
    /// A numeric address or a host name.
    public var address: String
    /// What follows the address of a multicast group (`/ttl/count`), without the first slash; nil for a unicast address.
    public var suffix: String?

    public init(type: SDPAddressType, address: String, suffix: String? = nil) {
        self.type = type
        self.address = address
        self.suffix = suffix
    }

    /// Creates the connection of a numeric unicast address.
    public init(address: String) {
        self.init(type: SDPAddressType(of: address), address: address)
    }

    /// Tells whether the address is 0.0.0.0 or ::, which puts the peer on hold (RFC 3264 section 8.4).
    public var isUnspecified: Bool {
        if address == "0.0.0.0" { return true }
        guard type == .ip6, !address.isEmpty else { return false }
        return address.utf8.allSatisfy { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "0") }
    }

    var text: String { "IN \(type.rawValue) \(address)" + (suffix.map { "/\($0)" } ?? "") }
}

/// Who made a description and which version of it this is: the value of an o= line (RFC 4566 section 5.2).
public struct SDPOrigin: Sendable, Hashable {
    public var username: String
    public var sessionID: UInt64
    public var version: UInt64
    public var type: SDPAddressType
    public var address: String

    public init(username: String = "-", sessionID: UInt64, version: UInt64, address: String) {
        self.username = username
        self.sessionID = sessionID
        self.version = version
        type = SDPAddressType(of: address)
        self.address = address
    }

    var text: String { "\(username) \(sessionID) \(version) IN \(type.rawValue) \(address)" }
}
