/// Challenges requests and checks their credentials (RFC 3261 22, RFC 7616, RFC 8760). Remembers nothing.
///
/// Nonces are bound to the source address and expire. Nonce counts are not tracked: within a nonce's life a recorded request
/// could be repeated from the same address, to the same user and host, with the same method. Transactions, CSeq order and
/// TLS stop that where it matters; in return any request can be checked without state, and reordered datagrams do no harm.
public struct DigestAuthenticator: Sendable {
    /// Which element asks (RFC 3261 22.2, 22.3).
    public enum Kind: Sendable {
        case userAgent
        case proxy

        /// The kind of challenge that a response is; nil for other responses.
        public init?(status: Int) {
            switch status {
            case 401: self = .userAgent
            case 407: self = .proxy
            default: return nil
            }
        }

        public var status: Int { self == .userAgent ? 401 : 407 }
        public var challengeHeader: String { self == .userAgent ? "WWW-Authenticate" : "Proxy-Authenticate" }
        public var credentialsHeader: String { self == .userAgent ? "Authorization" : "Proxy-Authorization" }
    }

    /// More credentials headers than this in one request are not looked at.
    public static let maximumCredentials = 8

    public let realm: String
    /// The algorithms offered, in order: clients of RFC 8760 take the first they know.
    public let algorithms: [DigestAlgorithm]
    private let nonces: DigestNonces

    /// - Parameters:
    ///   - key: 32 random bytes, new for each process: nonces of another key are stale.
    ///   - nonceLifetimeSeconds: How long a nonce may be answered.
    public init(realm: String, key: [UInt8], algorithms: [DigestAlgorithm] = [.sha256, .md5], nonceLifetimeSeconds: Int = 300) {
        self.realm = realm
        self.algorithms = algorithms
        nonces = DigestNonces(key: key, lifetimeSeconds: nonceLifetimeSeconds)
    }

    /// Makes the values of the challenge headers, one per algorithm.
    /// - Parameter source: The address the request came from, without its port: address translators change ports.
    public func challenges(source: String, at now: SIPInstant, stale: Bool = false) -> [String] {
        let nonce = nonces.make(source: source, at: now)
        return algorithms.map { algorithm in
            var bytes = Array("Digest realm=".utf8)
            bytes.append(quoted: realm)
            bytes.append(",nonce=\"\(nonce)\",algorithm=\(algorithm.name),qop=\"auth\"")
            if stale { bytes.append(",stale=true") }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Makes the 401 or 407 response with its challenges.
    public func challenge(
        _ request: SIPRequest, as kind: Kind = .userAgent, source: String, at now: SIPInstant, stale: Bool = false, toTag: String? = nil
    ) -> SIPResponse {
        var response = request.response(kind.status, toTag: toTag)
        for value in challenges(source: source, at: now, stale: stale) { response.headers.add(kind.challengeHeader, value) }
        return response
    }

    /// Checks the credentials of a request for this realm.
    /// - Parameter secret: Finds a user's secret, nil for an unknown user, for whom the same work is done.
    public func verify(
        _ request: SIPRequest, as kind: Kind = .userAgent, source: String, at now: SIPInstant, secret: (_ user: String) -> DigestSecret?
    ) -> DigestVerdict {
        switch credentials(request, kind) {
        case .none: return .missing
        case .malformed(let reason): return .malformed(reason: reason)
        case .found(let credentials, let algorithm):
            guard Self.isSameResource(credentials.uri, request.target) else {
                return .malformed(reason: "Digest uri differs from the Request-URI")
            }
            let isRight = isRight(credentials, algorithm, secret(credentials.user), request.method)
            let standing = nonces.standing(of: credentials.nonce, source: source, at: now)
            guard isRight else { return .denied(user: credentials.user, isChallenged: standing != .foreign) }
            return standing == .fresh ? .accepted(user: credentials.user) : .stale(user: credentials.user)
        }
    }

    private enum Search {
        case none
        case malformed(String)
        case found(DigestCredentials, DigestAlgorithm)
    }

    private func credentials(_ request: SIPRequest, _ kind: Kind) -> Search {
        var malformed = false
        for value in request.headers.all(kind.credentialsHeader).prefix(Self.maximumCredentials) {
            guard Self.isDigest(value) else { continue }
            guard let fields = AuthenticationFields(value), let credentials = DigestCredentials(fields) else {
                malformed = true
                continue
            }
            guard credentials.realm == realm, let algorithm = credentials.algorithm, algorithms.contains(algorithm) else { continue }
            return .found(credentials, algorithm)
        }
        return malformed ? .malformed("Malformed \(kind.credentialsHeader) header") : .none
    }

    private static func isDigest(_ value: String) -> Bool {
        let scheme = "digest "
        let bytes = value.utf8.span
        return bytes.count > scheme.utf8.count && bytes.equalsIgnoringCase(0..<scheme.utf8.count, scheme)
    }

    private func isRight(
        _ credentials: DigestCredentials, _ algorithm: DigestAlgorithm, _ secret: DigestSecret?, _ method: SIPMethod
    ) -> Bool {
        var password = ""
        if case .password(let stored)? = secret { password = stored }
        // One hash for everybody, known or not, stored as a hash or not: time does not tell who exists.
        let computed = DigestSecret.ha1(user: credentials.user, realm: realm, password: password, algorithm: algorithm)
        let ha1: String? =
            switch secret {
            case .password?: computed
            case .ha1?: secret?.ha1(user: credentials.user, realm: realm, algorithm: algorithm)
            case nil: nil
            }
        let expected = DigestComputation(
            algorithm: algorithm, ha1: ha1 ?? computed, method: method.name, uri: credentials.uri, nonce: credentials.nonce,
            qop: credentials.qop, nonceCount: credentials.nonceCount, cnonce: credentials.cnonce)
        let isEqual = Hashing.isEqual(expected.response, credentials.response)
        return isEqual && ha1 != nil
    }

    /// Says whether the digest's `uri` names the target: phones leave parameters and ports out, some the
    /// user too, so host and, where it is given, user decide.
    private static func isSameResource(_ uri: String, _ target: RequestTarget) -> Bool {
        guard let sip = target.sip else { return uri == target.description }
        guard let named = SIPURI(uri) else { return false }
        return (named.user == nil || named.user == sip.user) && SIPHost.isSame(named.host, sip.host)
    }
}
