import CallCore
import NIOCore
import SIP

/// A line to a provider in force: keeps it registered, asks whether the provider is there, and knows the addresses it calls from.
@CallActor
final class ProviderLine: Requester {
    let endpoint: SIPEndpoint
    let settings: SIPProviderSettings
    /// Where calls of the provider may come from, beside the networks of the settings.
    private(set) var addresses: Set<String> = []
    private var client: RegistrationClient?
    /// The request under way.
    private var asked: ClientTransactionID?
    /// Where the registrar was reached last.
    private var flow: SIPFlow?
    private let contact: WatchedContact
    private let signalling: Signalling
    private var timer: TimerID?
    private var isStopped = false
    private var toldState = RegistrationClient.State.idle

    init(_ endpoint: SIPEndpoint, _ settings: SIPProviderSettings, signalling: Signalling) {
        self.endpoint = endpoint
        self.settings = settings
        self.signalling = signalling
        client = settings.account.map { RegistrationClient($0, tokens: signalling.newTokenSource()) }
        contact = WatchedContact(
            CallTarget(settings, number: nil), of: endpoint,
            asker: SIPURI(user: settings.contactUser ?? endpoint.name, host: settings.domain),
            purpose: .providerContact(endpoint.name), signalling: signalling)
    }

    func start() {
        learnAddresses()
        contact.start()
        if client != nil { attempt() }
    }

    /// Ends all timers, and the registration when it `leaves`.
    func stop(leaves: Bool) {
        isStopped = true
        cancelTimer()
        contact.stop(tells: true)
        guard leaves, case .registered? = client?.state, let flow, var leaving = client else { return }
        let request = leaving.begin(contact: contactHeader(flow), isLast: true)
        Farewell(leaving, signalling: signalling).send(request, over: flow)
    }

    /// Whether calls to the provider may go through: it answers, as far as it is asked.
    var isReachable: Bool { contact.status != .unreachable }

    /// How the line is, for the administrator.
    var state: ProviderState {
        let registration: ProviderState.Registration =
            switch client?.state {
            case nil: .none
            case .idle?: .trying
            case .registered(let seconds)?: .registered(seconds: seconds)
            case .refused(let status, let reason)?: .refused("\(status) \(reason)")
            case .failed(let reason)?: .failed(reason)
            }
        return ProviderState(
            name: endpoint.name, registration: registration, reachability: contact.status,
            roundTripMicroseconds: contact.roundTripMicroseconds, calls: endpoint.callCount)
    }

    func applyInterval() { contact.applyInterval() }

    /// The time for the next OPTIONS has come, or that for its answer is over.
    func askAgain() { contact.fire() }

    /// A connection is gone; what was registered over it can't be reached any more.
    func flowFailed(_ id: UInt64) {
        guard !isStopped, client != nil, flow?.id == id, asked == nil else { return }
        flow = nil
        client?.failed("the connection was closed", at: signalling.now)
        concluded()
    }

    // MARK: - Addresses

    /// Whether a request from that address may be the provider's.
    func isAt(_ host: String) -> Bool {
        addresses.contains(host) || settings.networks.contains { $0.contains(host) }
    }

    /// Looks up where the provider is; the last known addresses stay where that fails.
    private func learnAddresses() {
        for host in Set([settings.host, settings.nextHop.host]) {
            signalling.transports.resolver.resolve(host) { [weak self] result in
                guard let self, case .success(let found) = result else { return }
                // Addresses that a name had before may still have calls under way; a few of them are kept.
                if addresses.count > Self.addressLimit { addresses = [] }
                addresses.formUnion(found)
            }
        }
    }

    private static let addressLimit = 64

    // MARK: - Registration

    /// The time for the next attempt has come.
    func attempt() {
        timer = nil
        guard !isStopped, asked == nil else { return }
        learnAddresses()
        signalling.transports.findFlow(to: settings.nextHop) { [weak self] result in
            guard let self, !isStopped else { return }
            switch result {
            case .success(let flow): register(over: flow)
            case .failure(let problem): failed("\(problem)")
            }
        }
    }

    private func register(over flow: SIPFlow) {
        self.flow = flow
        addresses.insert(flow.remote.host)
        guard let request = client?.begin(contact: contactHeader(flow)) else { return }
        send(request, over: flow)
    }

    private func contactHeader(_ flow: SIPFlow) -> String {
        signalling.contact(for: flow, user: settings.contactUser)
    }

    private func send(_ request: SIPRequest, over flow: SIPFlow) {
        var request = request
        request.headers.add("User-Agent", signalling.settings.userAgent)
        signalling.send(request, over: flow, for: self) { asked = $0 }
    }

    func received(_ response: SIPResponse, to id: ClientTransactionID) {
        guard !isStopped, id == asked, response.isFinal else { return }
        asked = nil
        let next = client?.receive(response, at: signalling.now)
        if let next, let flow { send(next, over: flow) } else { concluded() }
    }

    func timedOut(_ id: ClientTransactionID) { if id == asked { failed("no answer") } }
    func notSent(_ id: ClientTransactionID) { if id == asked { failed("it could not be sent") } }
    func terminated(_ id: ClientTransactionID) { if id == asked { failed("no answer") } }

    private func failed(_ reason: String) {
        asked = nil
        client?.failed(reason, at: signalling.now)
        concluded()
    }

    private func concluded() {
        guard let client, !isStopped else { return }
        tell(client.state)
        cancelTimer()
        guard let next = client.nextAttempt else { return }
        timer = signalling.schedule(.provider(endpoint.name), at: next)
    }

    private func tell(_ state: RegistrationClient.State) {
        defer { toldState = state }
        guard state != toldState else { return }
        switch state {
        case .idle: break
        case .registered(let seconds):
            if case .registered = toldState { return }
            note("Registered")
            signalling.log.info("registered with a provider", "\(endpoint.name) at \(settings.host) for \(seconds) s")
        case .refused(let status, let reason):
            note("Rejected", cause: "\(status) \(reason)")
            signalling.log.warning("a provider refuses the registration", "\(endpoint.name) at \(settings.host): \(status) \(reason)")
        case .failed(let reason):
            note("Unregistered", cause: reason)
            signalling.log.warning("can't register with a provider", "\(endpoint.name) at \(settings.host): \(reason)")
        }
    }

    private func note(_ status: String, cause: String = "") {
        endpoint.shown.registration(status, user: "sip:\(settings.user)@\(settings.host)", domain: "sip:\(settings.host)", cause: cause)
    }

    private func cancelTimer() {
        if let timer { signalling.cancel(timer) }
        timer = nil
    }
}

/// Takes a registration off that nobody keeps any more: sends the request and answers the challenge that may come.
@CallActor
private final class Farewell: Requester {
    private var client: RegistrationClient
    private let signalling: Signalling
    private var flow: SIPFlow?

    init(_ client: RegistrationClient, signalling: Signalling) {
        self.client = client
        self.signalling = signalling
    }

    func send(_ request: SIPRequest, over flow: SIPFlow) {
        self.flow = flow
        // The signalling keeps this object until the transaction is over.
        signalling.send(request, over: flow, for: self) { _ in }
    }

    func received(_ response: SIPResponse, to id: ClientTransactionID) {
        if let next = client.receive(response, at: signalling.now), let flow { send(next, over: flow) }
    }

    func timedOut(_ id: ClientTransactionID) {}
    func notSent(_ id: ClientTransactionID) {}
    func terminated(_ id: ClientTransactionID) {}
}
