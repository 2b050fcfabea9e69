public import CallCore
public import Logging
public import NIOSSL
public import SIP
import SecureMedia

/// The SIP side of the server: registers phones and carries calls between them and the call core, over UDP, TCP,
/// TLS and WebSocket.
///
/// Make it with the call core, then `start`. Phones that register appear as endpoints of the technology `PJSIP`; their calls become
/// channels.
@CallActor
public final class SIPServer {
    /// Watches over failed log-ins of phones.
    public let loginGuard = LoginGuard(service: "SIP")
    private let core: CallCore
    private let signalling: Signalling
    private let directory: EndpointDirectory
    private let registrations: RegistrationService
    private let authenticator: Authenticator
    private let providers: ProviderLines
    let technology: SIPTechnology
    private let router: RequestRouter
    private let messageWaiting: MessageWaiting
    private var isStarted = false

    /// Makes the server and adds the technology to the core; nothing is received before `start`.
    ///
    /// - Parameters:
    ///   - seed: 128 random bits for tags, branches and keys; those of the system where nil.
    public init(core: CallCore, settings: SIPSettings, logger: Logger, seed: (UInt64, UInt64)? = nil) {
        self.core = core
        var generator = SystemRandomNumberGenerator()
        let bits = seed ?? (generator.next(), generator.next())
        signalling = Signalling(settings: settings, log: SIPLog(logger), tokens: SIPTokenSource(seed0: bits.0, seed1: bits.1))
        directory = EndpointDirectory(core: core)
        registrations = RegistrationService(signalling: signalling, directory: directory)
        authenticator = Authenticator(signalling: signalling, directory: directory, loginGuard: loginGuard) { core.scheduler.nowMs }
        providers = ProviderLines(signalling: signalling, directory: directory)
        technology = SIPTechnology(
            core: core, signalling: signalling, directory: directory, registrations: registrations, providers: providers,
            secureMedia: Self.secureMedia(core, signalling))
        router = RequestRouter(
            signalling: signalling, authenticator: authenticator, registrations: registrations, technology: technology)
        messageWaiting = MessageWaiting(
            mailboxes: core.mailboxes, signalling: signalling, directory: directory, technology: technology)
        signalling.user = router
        registrations.onAdded = { [weak messageWaiting] binding, endpoint in messageWaiting?.registered(binding, of: endpoint) }
        core.add(technology)
        _ = directory.apply(settings.endpoints)
        providers.apply(settings.endpoints)
    }

    /// What calls with DTLS share; nil, which is logged, where OpenSSL can't do it.
    private static func secureMedia(_ core: CallCore, _ signalling: Signalling) -> SecureMediaEnvironment? {
        do {
            return SecureMediaEnvironment(
                identity: try DTLSIdentity(), scheduler: core.scheduler, stunServer: { [unowned signalling] in signalling.stunServer },
                nowMs: { [unowned signalling] in Int64(clamping: signalling.now.nanoseconds / 1_000_000) })
        } catch {
            signalling.log.error("browsers can't call: there is no DTLS", error.description)
            return nil
        }
    }

    /// The settings in force.
    public var settings: SIPSettings { signalling.settings }

    /// The addresses at which messages are received, with their real ports.
    public var addresses: [SIPTransportAddress] { signalling.transports.addresses }

    /// How the lines to providers are now.
    public var providerStates: [ProviderState] { providers.states }

    /// Whether a device of an account is registered here.
    public func isRegistered(_ name: String) -> Bool { !registrations.bindings(of: name).isEmpty }

    /// The certificate for connections over TLS that are made from now on; without one they are closed.
    public var tlsContext: NIOSSLContext? {
        get { signalling.transports.tlsContext }
        set { signalling.transports.tlsContext = newValue }
    }

    /// Takes a WebSocket on which a browser wants to speak SIP; what comes over it is to be handed to the flow.
    ///
    /// - Parameters:
    ///   - local: Where it came in, of the transport `ws` or `wss`.
    ///   - remote: Where it came from.
    /// - Returns: nil when there are too many connections, or the server is stopped.
    public func accept(_ socket: any SIPWebSocket, local: SIPTransportAddress, remote: SIPTransportAddress) -> WebSocketFlow? {
        signalling.transports.accept(socket, local: local, remote: remote)
    }

    /// Opens the listeners.
    /// - Throws: `SIPServerError` when one can't be opened; the others are open then.
    public func start() async throws {
        if !isStarted {
            isStarted = true
            router.checkConnections()
        }
        try await signalling.start()
        providers.start()
    }

    /// Takes new settings. Calls go on; registrations stay, but for those of endpoints that are gone; listeners that are in both the
    /// old and the new settings stay open.
    /// - Throws: `SIPServerError` when a new listener can't be opened; everything else is in force then.
    public func apply(_ settings: SIPSettings) async throws {
        signalling.settings = settings
        signalling.transports.apply(settings.limits)
        authenticator.apply(settings)
        for name in directory.apply(settings.endpoints) {
            registrations.remove(name)
            core.endpoints.remove(technology: SIPSettings.technology, resource: name)
        }
        registrations.applyIntervals()
        guard isStarted else { return providers.apply(settings.endpoints) }
        // After the listeners: a new line needs one.
        defer { providers.apply(settings.endpoints) }
        try await signalling.transports.listen(at: settings.listeners)
    }

    /// Gives back memory that a busier time left behind. Takes time: for moments without calls.
    public func dropSpareMemory() { signalling.dropSpareMemory() }

    /// Closes all listeners and connections. End the calls first (`CallCore.endAllCalls`), so that the phones learn of it.
    public func stop() {
        isStarted = false
        providers.stop()
        signalling.stop()
    }

    /// Closes connections that were silent for too long, as happens by itself every few seconds.
    func closeIdleConnections() {
        signalling.transports.closeIdle()
    }

    /// How much is kept at this moment, for health checks and tests.
    public var load: SIPServerLoad {
        SIPServerLoad(
            calls: signalling.callCount, serverTransactions: signalling.transactions.serverTransactionCount,
            clientTransactions: signalling.transactions.clientTransactionCount, connections: signalling.transports.connectionCount)
    }
}

/// What the SIP side keeps at one moment.
public struct SIPServerLoad: Sendable, Equatable {
    /// INVITE sessions, those that only wait for their last repetitions included.
    public var calls: Int
    public var serverTransactions: Int
    public var clientTransactions: Int
    /// TCP connections.
    public var connections: Int
}

/// Why the SIP side can't do its work.
public enum SIPServerError: Error, CustomStringConvertible {
    case cannotListen(SIPListenerAddress, reason: String)

    public var description: String {
        switch self {
        case .cannotListen(let address, let reason):
            "can't receive SIP at \(address): \(reason); choose another port or stop the program that uses it"
        }
    }
}
