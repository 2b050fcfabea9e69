public import RTP
public import SecureMedia

/// Which datagrams of ICE and DTLS a port hands over; all others are thrown away without a trace.
public struct TransportFilter: Sendable, Equatable {
    /// Addresses of the far end from which DTLS is taken.
    public static let maxPeers = 4

    /// The beginning of a user fragment of ours.
    private struct User: Equatable {
        var word: UInt64
        var bytes: Int
    }

    private var user: User
    /// That from before a restart, under which the far end may still check.
    private var formerUser: User
    private var tag: UInt32
    private var peers: (NetworkAddress?, NetworkAddress?, NetworkAddress?, NetworkAddress?) = (nil, nil, nil, nil)

    /// - Parameters:
    ///   - tag: the first bits of all STUN transactions of ours.
    ///   - user: our credentials, under which the far end checks.
    ///   - formerUser: those from before a restart.
    ///   - peers: addresses that proved to be the far end's; those beyond ``maxPeers`` are left out.
    public init(tag: UInt32, user: ICECredentials, formerUser: ICECredentials? = nil, peers: [NetworkAddress] = []) {
        self.tag = tag
        self.user = Self.user(user)
        self.formerUser = Self.user(formerUser ?? user)
        func peer(_ place: Int) -> NetworkAddress? { place < peers.count ? peers[place] : nil }
        self.peers = (peer(0), peer(1), peer(2), peer(3))
    }

    private static func user(_ credentials: ICECredentials) -> User {
        let (word, bytes) = credentials.userWord
        return User(word: word, bytes: bytes)
    }

    /// Tells whether a datagram may be for our ICE agent.
    func admitsSTUN(_ datagram: UnsafeRawBufferPointer) -> Bool {
        STUN.mayConcern(datagram, user: user.word, userBytes: user.bytes, tag: tag)
            || (formerUser != user && STUN.mayConcern(datagram, user: formerUser.word, userBytes: formerUser.bytes, tag: tag))
    }

    /// Tells whether DTLS may come from an address.
    func admitsDTLS(from source: NetworkAddress) -> Bool {
        source == peers.0 || source == peers.1 || source == peers.2 || source == peers.3
    }

    public static func == (one: TransportFilter, other: TransportFilter) -> Bool {
        one.user == other.user && one.formerUser == other.formerUser && one.tag == other.tag && one.peers.0 == other.peers.0
            && one.peers.1 == other.peers.1 && one.peers.2 == other.peers.2 && one.peers.3 == other.peers.3
    }
}

/// A datagram of ICE or DTLS that came to a port.
public struct TransportDatagram: Sendable, Equatable {
    public enum Kind: Sendable {
        case stun
        case dtls
    }

    public var kind: Kind
    public var bytes: [UInt8]
    public var source: NetworkAddress

    public init(_ kind: Kind, _ bytes: [UInt8], from source: NetworkAddress) {
        (self.kind, self.bytes, self.source) = (kind, bytes, source)
    }
}
