/// A registered address of an endpoint (ARI model `ContactInfo`).
public struct ContactInfo: Sendable, Hashable, JSONWritable {
    public var uri: String
    /// `Unreachable`, `Reachable`, `Unknown`, `NonQualified` or `Removed`.
    public var contactStatus: String
    public var aor: String
    /// Microseconds, as text.
    public var roundtripUsec: String?

    public init(uri: String, contactStatus: String, aor: String, roundtripUsec: String? = nil) {
        self.uri = uri
        self.contactStatus = contactStatus
        self.aor = aor
        self.roundtripUsec = roundtripUsec
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("uri", uri)
        writer.member("contact_status", contactStatus)
        writer.member("aor", aor)
        writer.member("roundtrip_usec", ifPresent: roundtripUsec)
        writer.endObject()
    }
}

/// The reachability of a remote peer (ARI model `Peer`).
public struct Peer: Sendable, Hashable, JSONWritable {
    public var peerStatus: String
    public var cause: String?
    public var address: String?
    public var port: String?
    public var time: String?

    public init(
        peerStatus: String, cause: String? = nil, address: String? = nil, port: String? = nil, time: String? = nil
    ) {
        self.peerStatus = peerStatus
        self.cause = cause
        self.address = address
        self.port = port
        self.time = time
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("peer_status", peerStatus)
        writer.member("cause", ifPresent: cause)
        writer.member("address", ifPresent: address)
        writer.member("port", ifPresent: port)
        writer.member("time", ifPresent: time)
        writer.endObject()
    }
}
