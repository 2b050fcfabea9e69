/// Answers challenges as a client (RFC 3261 22.2, RFC 7616 3.4), and counts the uses of each nonce.
public struct DigestClient: Sendable {
    /// Nonces whose counts are kept; the oldest is forgotten first.
    public static let maximumNonces = 16

    public var user: String
    public var secret: DigestSecret
    private var counts: [(nonce: String, count: UInt32)] = []

    public init(user: String, secret: DigestSecret) {
        self.user = user
        self.secret = secret
    }

    /// Puts credentials into a request that was answered 401 or 407, in place of those for the same realms.
    ///
    /// The caller gives the request a new branch and CSeq number (RFC 3261 8.1.3.5).
    /// - Parameters:
    ///   - cnonce: A fresh random token.
    ///   - realm: Limits the answer to one realm; nil answers all.
    /// - Returns: False when there is nothing to answer: another status, no challenge that is understood, or no secret for its algorithm.
    public mutating func answer(_ response: SIPResponse, in request: inout SIPRequest, cnonce: String, realm: String? = nil) -> Bool {
        guard let kind = DigestAuthenticator.Kind(status: response.status) else { return false }
        let values = response.headers.all(kind.challengeHeader).filter { value in
            // A hash that is not stored cannot be answered: leave the choice to the others.
            guard let challenge = DigestChallenge(value) else { return false }
            return secret.ha1(user: user, realm: challenge.realm, algorithm: challenge.algorithm) != nil
        }
        let challenges = DigestChallenge.strongest(in: values).filter { realm == nil || $0.realm == realm }
        guard !challenges.isEmpty else { return false }
        let kept = request.headers.all(kind.credentialsHeader).filter { value in
            guard let told = AuthenticationFields(value)?["realm"] else { return true }
            return !challenges.contains { $0.realm == told }
        }
        request.headers.remove(kind.credentialsHeader)
        for value in kept { request.headers.add(kind.credentialsHeader, value) }
        for challenge in challenges {
            guard let value = authorization(for: challenge, request, cnonce: cnonce) else { continue }
            request.headers.add(kind.credentialsHeader, value)
        }
        return true
    }

    /// Makes the credentials for a challenge, which may be an old one that is used again; nil when no hash is stored for its algorithm.
    public mutating func authorization(for challenge: DigestChallenge, _ request: SIPRequest, cnonce: String) -> String? {
        guard let ha1 = secret.ha1(user: user, realm: challenge.realm, algorithm: challenge.algorithm) else { return nil }
        var digest = DigestComputation(
            algorithm: challenge.algorithm, ha1: ha1, method: request.method.name, uri: request.target.description, nonce: challenge.nonce)
        if let qop = challenge.qop {
            digest.qop = qop
            digest.nonceCount = nextCount(for: challenge.nonce)
            digest.cnonce = cnonce
            digest.body = request.body
        }
        return encode(challenge, digest)
    }

    private func encode(_ challenge: DigestChallenge, _ digest: DigestComputation) -> String {
        var bytes = Array("Digest username=".utf8)
        bytes.append(quoted: user)
        func append(_ name: String, quoted value: String) {
            bytes.append(",\(name)=")
            bytes.append(quoted: value)
        }
        append("realm", quoted: challenge.realm)
        append("nonce", quoted: challenge.nonce)
        append("uri", quoted: digest.uri)
        append("response", quoted: digest.response)
        if challenge.namesAlgorithm { bytes.append(",algorithm=\(challenge.algorithm.name)") }
        if let qop = digest.qop {
            append("cnonce", quoted: digest.cnonce)
            bytes.append(",qop=\(qop),nc=\(digest.nonceCount)")
        }
        if let opaque = challenge.opaque { append("opaque", quoted: opaque) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Counts a use of a nonce, and tells the count as eight hexadecimal digits.
    private mutating func nextCount(for nonce: String) -> String {
        var count: UInt32 = 1
        if let index = counts.firstIndex(where: { $0.nonce == nonce }) {
            count = counts[index].count &+ 1
            counts[index].count = count
        } else {
            if counts.count >= Self.maximumNonces { counts.removeFirst() }
            counts.append((nonce, count))
        }
        let digits = String(count, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
