import CallCore
import SIP

/// Finds out which endpoint a request comes from, by digest authentication.
///
/// Challenges and refusals are stateless, and the same for an unknown user, a wrong password and no credentials at all.
@CallActor
final class Authenticator {
    private static let keyBytes = 32

    private let signalling: Signalling
    private let directory: EndpointDirectory
    private let key: [UInt8]
    private let loginGuard: LoginGuard
    private let nowMs: @CallActor () -> Int64
    private var digest: DigestAuthenticator

    init(signalling: Signalling, directory: EndpointDirectory, loginGuard: LoginGuard, nowMs: @escaping @CallActor () -> Int64) {
        self.nowMs = nowMs
        self.signalling = signalling
        self.loginGuard = loginGuard
        self.directory = directory
        var key: [UInt8] = []
        while key.count < Self.keyBytes { withUnsafeBytes(of: signalling.randomNumber()) { key += $0 } }
        self.key = key
        digest = Self.makeDigest(signalling.settings, key)
    }

    func apply(_ settings: SIPSettings) {
        guard settings.realm != digest.realm || settings.digestAlgorithms != digest.algorithms else { return }
        digest = Self.makeDigest(settings, key)
    }

    private static func makeDigest(_ settings: SIPSettings, _ key: [UInt8]) -> DigestAuthenticator {
        DigestAuthenticator(
            realm: settings.realm, key: key, algorithms: settings.digestAlgorithms.isEmpty ? [.md5] : settings.digestAlgorithms)
    }

    /// Gives the endpoint that a request proves to come from; nil when it was challenged or refused.
    func endpoint(of request: SIPRequest, _ id: ServerTransactionID, over flow: SIPFlow) -> SIPEndpoint? {
        let source = flow.remote.host
        guard loginGuard.blockedMs(source, nowMs: nowMs()) == nil else {
            signalling.respondStatelessly(id, SIPRejection(403, reason: "Too many failed log-ins"))
            return nil
        }
        if let name = request.headers.from?.uri.sip?.user, let endpoint = directory[name], !endpoint.settings.authenticates {
            signalling.transports.trust(flow)
            return endpoint
        }
        let verdict = digest.verify(request, source: source, at: signalling.now) { directory[$0]?.secret }
        switch verdict {
        case .accepted(let user):
            signalling.transports.trust(flow)
            guard let endpoint = directory[user] else {
                challenge(id, source, stale: false)
                return nil
            }
            if endpoint.settings.transports?.contains(flow.transport) ?? true { return endpoint }
            signalling.log.warning(
                "refused: \(user) may not use this transport", "\(request.method.name) from \(flow.remote)", callID: request.headers.callID)
            signalling.respondStatelessly(id, SIPRejection(403, reason: "Transport not allowed"))
        case .missing:
            challenge(id, source, stale: false)
        case .stale:
            challenge(id, source, stale: true)
        case .denied(let user, let isChallenged):
            signalling.log.warning(
                "authentication failed", "\(request.method.name) as '\(user)' from \(flow.remote)", callID: request.headers.callID)
            // Others could write this address into their datagrams, to have it blocked.
            if isChallenged { _ = loginGuard.failed(source, name: user, nowMs: nowMs()) }
            challenge(id, source, stale: false)
        case .malformed(let reason):
            signalling.respondStatelessly(id, SIPRejection(400, reason: reason))
        }
        return nil
    }

    private func challenge(_ id: ServerTransactionID, _ source: String, stale: Bool) {
        let values = digest.challenges(source: source, at: signalling.now, stale: stale)
        let kind = DigestAuthenticator.Kind.userAgent
        signalling.respondStatelessly(id, SIPRejection(kind.status, headers: values.map { .init(kind.challengeHeader, $0) }))
    }
}
