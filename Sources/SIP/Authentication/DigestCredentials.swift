/// The credentials of an Authorization or Proxy-Authorization header (RFC 7616 3.4).
struct DigestCredentials {
    var user: String
    var realm: String
    var nonce: String
    var uri: String
    var response: String
    /// Nil for an algorithm that is not known here.
    var algorithm: DigestAlgorithm?
    var qop: String?
    var nonceCount: String
    var cnonce: String

    /// Reads the fields of a Digest header; nil when one that is needed is absent or malformed.
    init?(_ fields: AuthenticationFields) {
        guard fields.scheme == "digest", let user = Self.user(fields), let realm = fields["realm"], let nonce = fields["nonce"],
            let uri = fields["uri"], let response = fields["response"]
        else { return nil }
        self.user = user
        self.realm = realm
        self.nonce = nonce
        self.uri = uri
        self.response = response.asciiLowercased
        // An absent algorithm means MD5 (RFC 7616 3.3).
        algorithm = fields["algorithm"].map { DigestAlgorithm($0) } ?? .md5
        qop = fields["qop"]?.asciiLowercased
        nonceCount = fields["nc"] ?? ""
        cnonce = fields["cnonce"] ?? ""
        if qop != nil {
            guard qop == "auth", nonceCount.utf8.count == 8, nonceCount.utf8.allSatisfy({ $0.hexValue != nil }), !cnonce.isEmpty else {
                return nil
            }
        }
    }

    /// Reads `username`, or `username*` for names that no quoted string carries safely (RFC 7616 3.4, RFC 8187).
    private static func user(_ fields: AuthenticationFields) -> String? {
        guard let extended = fields["username*"] else { return fields["username"] }
        let prefix = "utf-8''"
        guard fields["username"] == nil, extended.utf8.count >= prefix.utf8.count else { return nil }
        let bytes = extended.utf8.span
        guard bytes.equalsIgnoringCase(0..<prefix.utf8.count, prefix) else { return nil }
        return bytes.unescaped(prefix.utf8.count..<bytes.count)
    }
}
