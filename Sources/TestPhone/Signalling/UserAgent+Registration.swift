import NIOCore
import SIP

/// The phone's registration with its server.
struct Registration {
    /// One Call-ID for all REGISTERs of the phone (RFC 3261 section 10.2).
    fileprivate var callID = ""
    fileprivate var sequence: UInt32 = 0
    /// The request that has no final response yet, and who waits for it.
    fileprivate var request: SIPRequest?
    fileprivate(set) var waiting: EventLoopPromise<Void>?
    fileprivate(set) var isActive = false
    fileprivate var expiresS = 0

    mutating func conclude(_ result: Result<Void, any Error>) {
        waiting?.completeWith(result)
        waiting = nil
        request = nil
    }
}

extension UserAgent {
    private static let minimumRenewalMs = 1_000

    func register() throws -> EventLoopFuture<Void> {
        try checkOpen()
        return askToRegister(forSeconds: settings.registrationS)
    }

    func unregister() -> EventLoopFuture<Void> {
        askToRegister(forSeconds: 0)
    }

    func renewRegistration() {
        guard registration.isActive, registration.waiting == nil else { return }
        _ = try? register()
    }

    private func askToRegister(forSeconds expiresS: Int) -> EventLoopFuture<Void> {
        if let waiting = registration.waiting { return waiting.futureResult }
        guard let server = settings.server else { return loop.makeFailedFuture(PhoneError.noServer) }
        let promise = loop.makePromise(of: Void.self)
        registration.waiting = promise
        registration.expiresS = expiresS
        if registration.callID.isEmpty { registration.callID = tokens.nextToken() }
        let account = NameAddr(displayName: settings.displayName, uri: SIPURI(user: settings.user, host: server.host))
        var from = account
        from.tag = tokens.nextToken()
        let request = SIPRequest(
            method: .register,
            target: .sip(SIPURI(host: server.host, port: server.port == PhoneSettings.Server.standardPort ? nil : server.port)),
            headers: SIPHeaders([
                ("From", from.description), ("To", account.description), ("Call-ID", registration.callID),
                ("Contact", path.contact(user: settings.user)), ("User-Agent", "Arioso TestPhone"),
            ]))
        ask(request)
        return promise.futureResult
    }

    private func ask(_ request: SIPRequest) {
        guard let flow = path.flow(to: nil) else { return registration.conclude(.failure(PhoneError.noServer)) }
        var request = request
        registration.sequence &+= 1
        request.headers.set("CSeq", "\(registration.sequence) REGISTER")
        request.headers.set("Expires", String(registration.expiresS))
        registration.request = request
        _ = send(request, for: .registration, over: flow)
    }

    /// Takes a response to REGISTER; one that comes after the answer was given is nothing new.
    func registered(_ response: SIPResponse) {
        guard response.isFinal, var request = registration.request else { return }
        if let headers = credentials(for: request, challengedBy: response) {
            for header in headers { request.headers.remove(header.name) }
            for header in headers { request.headers.add(header.name, header.value) }
            return ask(request)
        }
        if response.status == 423, let minimum = response.headers["Min-Expires"].flatMap({ Int($0) }), minimum > registration.expiresS {
            registration.expiresS = minimum
            return ask(request)
        }
        guard response.isSuccess else { return refused(response) }
        registration.isActive = registration.expiresS > 0
        if registration.isActive { accepted(response) }
        registration.conclude(.success(()))
        finishClosing()
    }

    private func accepted(_ response: SIPResponse) {
        // The server lists all contacts of the account, each with its own time.
        let own = path.contact(user: settings.user)
        let mine = response.headers.contacts.first { "<\($0.uri)>" == own }
        let granted = mine?.parameters["expires"].flatMap { Int($0) } ?? response.headers.expires ?? registration.expiresS
        tell(.registered(forSeconds: granted))
        schedule(.renewal, afterMs: max(Self.minimumRenewalMs, min(granted, 86_400) * 800))
    }

    private func refused(_ response: SIPResponse) {
        registration.isActive = false
        let error = PhoneError.registrationRefused(user: settings.user, status: response.status, phrase: response.reason)
        tell(.registrationFailed(error))
        registration.conclude(.failure(error))
        finishClosing()
    }

    /// Makes the credentials that a challenge asks for; nil when there are none to give, or the same were refused already.
    func credentials(for request: SIPRequest, challengedBy response: SIPResponse) -> [(name: String, value: String)]? {
        let names = response.status == 401 ? ("Authorization", "WWW-Authenticate") : ("Proxy-Authorization", "Proxy-Authenticate")
        guard response.status == 401 || response.status == 407 else { return nil }
        let isStale = response.headers.all(names.1).contains { DigestChallenge($0)?.isStale == true }
        // A second challenge without `stale` means that the password is wrong.
        guard request.headers[names.0] == nil || isStale else { return nil }
        var answered = request
        guard digest.answer(response, in: &answered, cnonce: tokens.nextToken()) else { return nil }
        return answered.headers.all(names.0).map { (names.0, $0) }
    }
}
