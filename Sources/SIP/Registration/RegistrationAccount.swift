/// An account that somebody else keeps for us, and where its registrar is.
public struct RegistrationAccount: Sendable, Hashable {
    /// The Request-URI of REGISTER: the registrar's domain, without a user.
    public var registrar: SIPURI
    /// Who is registered: From and To.
    public var addressOfRecord: SIPURI
    /// The way there, such as an outbound proxy.
    public var routes: [NameAddr]
    /// The user name of the credentials.
    public var user: String
    public var secret: String
    /// The interval to ask for, in seconds; the registrar has the last word.
    public var expiresSeconds: Int

    public init(
        registrar: SIPURI, addressOfRecord: SIPURI, routes: [NameAddr] = [], user: String, secret: String, expiresSeconds: Int = 3_600
    ) {
        self.registrar = registrar
        self.addressOfRecord = addressOfRecord
        self.routes = routes
        self.user = user
        self.secret = secret
        self.expiresSeconds = expiresSeconds
    }
}
