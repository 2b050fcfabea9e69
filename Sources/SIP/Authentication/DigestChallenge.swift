/// A challenge that a client can answer (RFC 7616 3.3).
public struct DigestChallenge: Sendable, Hashable {
    public var realm: String
    public var nonce: String
    public var opaque: String?
    public var algorithm: DigestAlgorithm
    /// True when the challenge named its algorithm; the answer then names it too.
    public var namesAlgorithm: Bool
    /// "auth" or "auth-int", the one to answer with; nil for the older form without qop.
    public var qop: String?
    /// True when only the nonce was too old: the same secret may be tried again.
    public var isStale: Bool

    /// Reads a challenge header value; nil when it is malformed, of another scheme, or of an unknown algorithm or qop.
    public init?(_ value: String) {
        guard let fields = AuthenticationFields(value), fields.scheme == "digest", let realm = fields["realm"],
            let nonce = fields["nonce"]
        else { return nil }
        guard let algorithm = fields["algorithm"].map({ DigestAlgorithm($0) }) ?? .md5 else { return nil }
        self.realm = realm
        self.nonce = nonce
        self.algorithm = algorithm
        namesAlgorithm = fields["algorithm"] != nil
        opaque = fields["opaque"]
        isStale = fields["stale"]?.asciiLowercased == "true"
        if let offered = fields["qop"] {
            let qops = SIPHeaders.splitAtCommas(offered.asciiLowercased)
            guard let best = ["auth", "auth-int"].first(where: qops.contains) else { return nil }
            qop = best
        }
    }

    /// Chooses for each realm the strongest challenge that can be answered; of equal ones the first (RFC 8760 2.4).
    public static func strongest(in values: [String]) -> [DigestChallenge] {
        var chosen: [DigestChallenge] = []
        for challenge in values.lazy.compactMap({ DigestChallenge($0) }) {
            guard let index = chosen.firstIndex(where: { $0.realm == challenge.realm }) else {
                chosen.append(challenge)
                continue
            }
            if challenge.algorithm.strength > chosen[index].algorithm.strength { chosen[index] = challenge }
        }
        return chosen
    }
}
