import CallCore
import SIP

/// Keeps the registrations of all endpoints, and tells ARI's endpoints about their contacts.
@CallActor
final class RegistrationService {
    private let signalling: Signalling
    private let directory: EndpointDirectory
    private var registrar = Registrar()
    /// What is known of each registered device, by the id of its binding.
    private var contacts: [UInt64: WatchedContact] = [:]
    private var timer: (id: TimerID, deadline: SIPInstant)?
    /// Called with each device that is new.
    var onAdded: ((RegistrarBinding, SIPEndpoint) -> Void)?

    init(signalling: Signalling, directory: EndpointDirectory) {
        self.signalling = signalling
        self.directory = directory
    }

    /// The registered devices of an endpoint, the preferred ones first.
    func bindings(of endpoint: String) -> [RegistrarBinding] {
        registrar.bindings(of: endpoint)
    }

    /// Takes a REGISTER whose sender proved to be `endpoint`; only its own address of record is its to change.
    func receive(_ id: ServerTransactionID, _ request: SIPRequest, over flow: SIPFlow, from endpoint: SIPEndpoint) {
        guard request.headers.to?.uri.sip?.user == endpoint.name else {
            signalling.log.warning(
                "registration for somebody else refused", "\(endpoint.name) from \(flow.remote)", callID: request.headers.callID)
            return signalling.respondStatelessly(id, SIPRejection(403))
        }
        var (response, changes) = registrar.receive(
            request, addressOfRecord: endpoint.name, flow: flow, at: signalling.now, limits: endpoint.registrarLimits)
        if var to = response.headers.to, to.tag == nil {
            to.tag = signalling.newToken()
            response.headers.to = to
        }
        response.headers.set("Server", signalling.settings.userAgent)
        if response.status == 200, flow.transport == .ws || flow.transport == .wss, !signalling.settings.iceServers.isEmpty {
            response.headers.set("Arioso-ICE-Servers", signalling.settings.iceServers)
        }
        signalling.respond(id, response)
        apply(changes)
    }

    /// Finds the flow to a device whose connection was replaced, by the address or the instance under which it registered
    /// (RFC 5626 section 5.3, RFC 5627 section 5.1).
    func flow(to uri: SIPURI, of endpoint: String) -> SIPFlow? {
        let instance = uri.parameters["gr"].map { "<\($0)>" }
        return bindings(of: endpoint).first { binding in
            instance != nil ? binding.instanceID == instance : binding.uri?.isEquivalent(to: uri) == true
        }?.flow
    }

    /// Removes what has expired.
    func expire() {
        timer = nil
        apply(registrar.expire(at: signalling.now))
    }

    /// Removes the registrations that a lost connection carried.
    func flowFailed(_ id: UInt64) {
        apply(registrar.removeBindings(flowID: id))
    }

    /// Removes all registrations of an endpoint that is no more.
    func remove(_ endpoint: String) {
        apply(registrar.removeAll(of: endpoint))
    }

    /// Takes the qualify intervals that endpoints have now.
    func applyIntervals() {
        for contact in contacts.values { contact.applyInterval() }
    }

    func qualify(_ id: UInt64) {
        contacts[id]?.fire()
    }

    private func apply(_ changes: [RegistrarChange]) {
        for change in changes {
            switch change {
            case .added(let binding): add(binding)
            case .refreshed(let binding): refresh(binding)
            case .removed(let binding, let reason): remove(binding, reason)
            }
        }
        setTimer()
    }

    private func add(_ binding: RegistrarBinding) {
        guard let endpoint = directory[binding.addressOfRecord], let uri = binding.uri else { return }
        signalling.log.info("phone registered", "\(endpoint.name) at \(uri) over \(binding.flow.remote)", callID: binding.callID)
        let contact = WatchedContact(
            CallTarget(binding, at: uri), of: endpoint, purpose: .contact(binding.id), signalling: signalling)
        contacts[binding.id] = contact
        contact.start()
        onAdded?(binding, endpoint)
    }

    private func refresh(_ binding: RegistrarBinding) {
        guard let contact = contacts[binding.id], let uri = binding.uri else { return add(binding) }
        guard contact.shownURI != uri.description else { return contact.refresh(CallTarget(binding, at: uri)) }
        // The same device at another address: to those who watch, one contact went and another came.
        drop(contact, binding.id)
        add(binding)
    }

    private func remove(_ binding: RegistrarBinding, _ reason: RegistrarChange.RemovalReason) {
        guard let contact = contacts[binding.id] else { return }
        signalling.log.info("phone unregistered", "\(binding.addressOfRecord) at \(contact.shownURI): \(reason)", callID: binding.callID)
        drop(contact, binding.id)
    }

    private func drop(_ contact: WatchedContact, _ id: UInt64) {
        contacts[id] = nil
        let isShared = bindings(of: contact.endpoint.name).contains { contacts[$0.id]?.shownURI == contact.shownURI }
        contact.stop(tells: !isShared)
    }

    private func setTimer() {
        guard let deadline = registrar.nextDeadline else { return }
        if let timer {
            guard deadline < timer.deadline else { return }
            signalling.cancel(timer.id)
        }
        timer = (signalling.schedule(.registrations, at: deadline), deadline)
    }
}
