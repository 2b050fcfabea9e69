public import CallCore
public import SIP

/// What makes an endpoint a line to a telephone provider: where it is, and how each knows the other.
public struct SIPProviderSettings: Sendable, Equatable {
    /// Who tells whom where to be found.
    public enum Registration: Sendable, Equatable {
        /// This server registers with the provider, every so many seconds.
        case outbound(expiresSeconds: Int)
        /// The provider logs in here, like a phone.
        case inbound
        /// Neither: each knows the other's address.
        case none
    }

    public var registration: Registration
    /// The provider's host name or numeric address.
    public var host: String
    /// Nil for the transport's own.
    public var port: Int?
    public var transport: SIPTransportKind
    /// A proxy that everything to the provider goes through; nil for none.
    public var proxy: SIPURI?
    /// The account there: the user that is registered, and who calls come from.
    public var user: String
    /// The user name of credentials; empty for `user`.
    public var authUser: String
    public var secret: String
    /// The user of From; empty for `user`, and without one for the caller's number.
    public var fromUser: String
    /// The domain of From and of the account; empty for `host`.
    public var fromDomain: String
    /// Who all calls seem to come from; empty for the caller.
    public var callerID: PartyID
    /// Whether the caller's number is told in P-Asserted-Identity (RFC 3325), beside the account in From.
    public var assertsIdentity: Bool
    /// Whether P-Asserted-Identity of incoming calls says who calls.
    public var trustsIdentity: Bool
    /// Further networks that calls of the provider come from.
    public var networks: [SIPNetwork]
    /// Calls at one time, both ways together; 0 for no limit.
    public var maxCalls: Int

    /// Who is called there when a destination names only the line; nil for the provider itself.
    public var standardNumber: String?

    public init(
        registration: Registration, host: String, port: Int? = nil, transport: SIPTransportKind = .udp, proxy: SIPURI? = nil,
        user: String = "", authUser: String = "", secret: String = "", fromUser: String = "", fromDomain: String = "",
        callerID: PartyID = .empty, assertsIdentity: Bool = false, trustsIdentity: Bool = false, networks: [SIPNetwork] = [],
        maxCalls: Int = 0
    ) {
        self.registration = registration
        self.host = host
        self.port = port
        self.transport = transport
        self.proxy = proxy
        self.user = user
        self.authUser = authUser
        self.secret = secret
        self.fromUser = fromUser
        self.fromDomain = fromDomain
        self.callerID = callerID
        self.assertsIdentity = assertsIdentity
        self.trustsIdentity = trustsIdentity
        self.networks = networks
        self.maxCalls = maxCalls
    }

    var domain: String { fromDomain.isEmpty ? host : fromDomain }

    /// The user of our Contact, by which the provider reaches the account.
    var contactUser: String? { user.isEmpty ? nil : user }

    /// The provider's own address, with `user` there, or the number that is called when a destination names none.
    func uri(user: String?) -> SIPURI {
        var uri = SIPURI(user: user ?? standardNumber, host: host, port: port)
        if transport != .udp { uri.parameters.set("transport", transport.uriToken) }
        return uri
    }

    /// The Route through the proxy.
    var routes: [NameAddr] {
        guard var proxy else { return [] }
        if proxy.transport == nil, transport != .udp { proxy.parameters.set("transport", transport.uriToken) }
        proxy.parameters.set("lr", nil)
        return [NameAddr(uri: proxy)]
    }

    /// Where requests go first.
    var nextHop: NextHop { NextHop(routes.first?.uri.sip ?? uri(user: nil)) }

    /// What answers the provider's challenges; nil without a secret.
    var credentials: DigestClient? {
        secret.isEmpty ? nil : DigestClient(user: authUser.isEmpty ? user : authUser, secret: .password(secret))
    }

    /// The account that this server registers; nil when it registers none.
    var account: RegistrationAccount? {
        guard case .outbound(let expiresSeconds) = registration else { return nil }
        return RegistrationAccount(
            registrar: uri(user: nil), addressOfRecord: SIPURI(user: user, host: domain), routes: routes,
            user: authUser.isEmpty ? user : authUser, secret: secret, expiresSeconds: expiresSeconds)
    }

    /// Who a call says to come from, and the fields that tell more about it.
    func identity(of caller: PartyID) -> CallerIdentity {
        let party = callerID.isEmpty ? caller : callerID
        let account = fromUser.isEmpty ? user : fromUser
        var identity = CallerIdentity(party, host: domain)
        let isHidden = !identity.headers.isEmpty
        if assertsIdentity, !party.number.isEmpty {
            let asserted = NameAddr(displayName: party.name.isEmpty ? nil : party.name, uri: SIPURI(user: party.number, host: domain))
            identity.headers.append(("P-Asserted-Identity", asserted.description))
        }
        guard !account.isEmpty, !isHidden else { return identity }
        identity.from = NameAddr(displayName: party.name.isEmpty ? nil : party.name, uri: SIPURI(user: account, host: domain))
        return identity
    }
}
