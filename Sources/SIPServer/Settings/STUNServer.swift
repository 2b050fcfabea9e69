/// A server that tells where a datagram of ours is seen to come from (RFC 8489).
public struct STUNServer: Sendable, Equatable {
    /// A name or a numeric address without brackets.
    public var host: String
    public var port: UInt16

    public init(host: String, port: UInt16 = 3_478) {
        (self.host, self.port) = (host, port)
    }
}
