import CallCore
import SIP

/// The lines to providers, and which of them a request comes from.
@CallActor
final class ProviderLines {
    private let signalling: Signalling
    private let directory: EndpointDirectory
    private var lines: [ProviderLine] = []
    private var isStarted = false

    init(signalling: Signalling, directory: EndpointDirectory) {
        self.signalling = signalling
        self.directory = directory
    }

    subscript(name: String) -> ProviderLine? { lines.first { $0.endpoint.name == name } }

    var states: [ProviderState] { lines.map(\.state) }

    /// Begins to register and to ask; before it nothing is sent.
    func start() {
        isStarted = true
        for line in lines { line.start() }
    }

    func stop() {
        isStarted = false
        for line in lines { line.stop(leaves: true) }
        lines = []
    }

    /// Takes the providers among the endpoints, in their order. Lines whose settings are the same go on.
    func apply(_ endpoints: [SIPEndpointSettings]) {
        var kept: [ProviderLine] = []
        var new: [ProviderLine] = []
        for settings in endpoints {
            // A provider that logs in here is found as phones are.
            guard let provider = settings.provider, provider.registration != .inbound, let endpoint = directory[settings.name] else {
                continue
            }
            if let line = self[settings.name], line.settings == provider, line.endpoint === endpoint {
                line.applyInterval()
                kept.append(line)
            } else {
                new.append(ProviderLine(endpoint, provider, signalling: signalling))
            }
        }
        for line in lines where !kept.contains(where: { $0 === line }) {
            // Taking off what the next line of the same account registers would be a race between the two.
            line.stop(leaves: !new.contains { $0.settings.account?.addressOfRecord == line.settings.account?.addressOfRecord })
        }
        lines = endpoints.compactMap { settings in (kept + new).first { $0.endpoint.name == settings.name } }
        if isStarted { for line in new { line.start() } }
    }

    func flowFailed(_ id: UInt64) {
        for line in lines { line.flowFailed(id) }
    }

    /// Finds the provider that a request comes from, by its address; among several accounts with one provider by the name of the account.
    func provider(of request: SIPRequest, from host: String) -> SIPEndpoint? {
        guard !lines.isEmpty else { return nil }
        let candidates = lines.filter { $0.isAt(host) }
        // A phone that needs no password may be at the same host.
        if let caller = request.headers.from?.uri.sip?.user, directory[caller]?.settings.authenticates == false,
            directory[caller]?.settings.provider == nil
        {
            return nil
        }
        guard candidates.count > 1 else { return candidates.first?.endpoint }
        if let caller = request.headers.from?.uri.sip?.user, let own = candidates.first(where: { $0.endpoint.name == caller }) {
            return own.endpoint
        }
        let names = [request.target.sip?.user, request.headers.to?.uri.sip?.user].compactMap { $0 }
        let named = names.lazy.compactMap { name in candidates.first { !$0.settings.user.isEmpty && $0.settings.user == name } }.first
        return (named ?? candidates.first)?.endpoint
    }
}

extension SIPProviderSettings {
    /// The number that a call is for: what the Request-URI asks for, or To where that only repeats the name of our account.
    func dialled(in request: SIPRequest) -> String? {
        let asked = request.target.sip?.user
        guard asked == nil || asked == user, let named = request.headers.to?.uri.sip?.user, !named.isEmpty else { return asked }
        return named
    }

    /// Who a call comes from.
    func caller(in request: SIPRequest) -> PartyID? {
        guard trustsIdentity, let asserted = request.headers["P-Asserted-Identity"].flatMap({ NameAddr($0) }) else { return nil }
        var party = PartyID(name: asserted.displayName ?? "", number: asserted.uri.sip?.user ?? "")
        if request.headers.tokens("Privacy").contains(where: { $0 == "id" || $0 == "user" }) { party.presentation = .prohibitedNotScreened }
        return party
    }
}
