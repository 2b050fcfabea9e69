import CallCore
import SIP

/// Takes requests outside dialogs: checks them, finds out who sent them, and hands them to whom they concern.
@CallActor
final class RequestRouter: SignallingUser {
    private static let methods: [SIPMethod] = [
        .invite, .ack, .bye, .cancel, .options, .register, .info, .update, .prack, .subscribe, .notify, .message,
    ]
    /// What OPTIONS tells: methods outside dialogs and those that only calls know.
    private static let allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, INFO, UPDATE, PRACK, REFER, NOTIFY, MESSAGE"
    private static let sdpTypes = ["application/sdp", "multipart/mixed", "multipart/alternative", "multipart/related"]

    private let signalling: Signalling
    private let authenticator: Authenticator
    private let registrations: RegistrationService
    private let technology: SIPTechnology
    private let validation = SIPRequestValidation(
        methods: RequestRouter.methods, extensions: ["100rel", "timer", "path", "outbound"],
        contentTypes: [.invite: RequestRouter.sdpTypes, .message: ["text/plain"]])

    init(signalling: Signalling, authenticator: Authenticator, registrations: RegistrationService, technology: SIPTechnology) {
        self.signalling = signalling
        self.authenticator = authenticator
        self.registrations = registrations
        self.technology = technology
    }

    func receive(_ id: ServerTransactionID, _ request: SIPRequest, over flow: SIPFlow) {
        // A call goes on to somebody else, so its hops count (RFC 7332).
        let context = SIPRequestValidation.Context(isForwarded: request.method == .invite)
        if let rejection = validation.rejection(of: request, in: context) { return signalling.respondStatelessly(id, rejection) }
        switch request.method {
        case .options: answerOptions(id)
        case .register:
            guard let endpoint = authenticator.endpoint(of: request, id, over: flow) else { return }
            registrations.receive(id, request, over: flow, from: endpoint)
        case .invite:
            guard let endpoint = sender(of: request, id, over: flow) else { return }
            technology.receive(id, request, over: flow, from: endpoint)
        case .message:
            guard let endpoint = sender(of: request, id, over: flow) else { return }
            technology.receiveMessage(id, request, over: flow, from: endpoint)
        case .subscribe, .notify:
            // No event package is served.
            signalling.respondStatelessly(id, SIPRejection(489))
        default:
            signalling.respondStatelessly(id, SIPRejection(405, headers: [.init("Allow", Self.allow)]))
        }
    }

    /// A provider is known by its address, anybody else by credentials.
    private func sender(of request: SIPRequest, _ id: ServerTransactionID, over flow: SIPFlow) -> SIPEndpoint? {
        if let provider = technology.providers.provider(of: request, from: flow.remote.host) {
            signalling.transports.trust(flow)
            return provider
        }
        return authenticator.endpoint(of: request, id, over: flow)
    }

    private func answerOptions(_ id: ServerTransactionID) {
        signalling.respondStatelessly(
            id,
            SIPRejection(
                200,
                headers: [
                    .init("Allow", Self.allow), .init("Accept", "application/sdp"), .init("Supported", "100rel, timer, path, outbound"),
                ]))
    }

    func fire(_ timer: SIPTimer) {
        switch timer {
        case .contact(let id): registrations.qualify(id)
        case .registrations: registrations.expire()
        case .provider(let name): technology.providers[name]?.attempt()
        case .providerContact(let name): technology.providers[name]?.askAgain()
        case .idleConnections: checkConnections()
        case .call: break
        }
    }

    /// Closes idle connections now and ever so often.
    func checkConnections() {
        signalling.transports.closeIdle()
        _ = signalling.schedule(.idleConnections, at: signalling.now.advanced(byMs: SIPTransports.idleCheckMs))
    }

    func flowFailed(_ id: UInt64) {
        registrations.flowFailed(id)
        technology.providers.flowFailed(id)
    }
}
