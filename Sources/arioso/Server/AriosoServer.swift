import ARIModel
import ARIServer
import AudioSocket
import CallCore
import Certificates
import Dialplan
import Foundation
import Logging
import Media
import NIOCore
import NIOSSL
import SIP
import SIPServer
import Store

/// A running server: everything wired together on the control loop, following the configuration in its data folder.
@CallActor
final class AriosoServer {
    private let store: Store
    private let logger: Logger
    private let media: MediaEngine
    private let sounds: SoundLibrary
    let core: CallCore
    private let users: ConfiguredUsers
    private let ari: ARIServer
    private let sip: SIPServer
    private let audioSocket: AudioSocketTechnology
    private let outbound: OutboundApplications
    private let programs: OutboundPrograms
    private var configuration: Configuration
    private var watch: ConfigurationWatch?
    private let idleHeap: IdleHeap

    /// Puts a server together; nothing listens before ``start()``.
    init(store: Store, configuration: Configuration, logger: Logger, logs: LogFiles) throws {
        self.store = store
        self.logger = logger
        self.configuration = configuration
        media = try MediaEngine(
            configuration: configuration.mediaConfiguration, log: { logger.notice("\($0)") },
            deliver: { CallActor.loop.execute($0) })
        sounds = SoundLibrary(
            sounds: configuration.sounds.map(store.absolutePath), music: configuration.music.mapValues(store.absolutePath),
            defaultLanguage: configuration.defaultLanguage, remoteFolder: store.absolutePath("remote-media"),
            remote: configuration.remoteMediaSettings, log: { logger.notice("\($0)") })
        core = CallCore(
            settings: configuration.callSettings(entityID: store.entityID(for: configuration)), scheduler: LoopScheduler(),
            media: media, sounds: sounds, recordings: Self.recordings(configuration, store, logger), store: StoredValues(store.keyValues),
            log: ServerLog(logger))
        users = ConfiguredUsers(configuration.ari.users)
        ari = ARIServer(
            settings: configuration.ariSettings, users: users,
            handlers: .all(
                core: core, about: .ofThisProcess, logs: logs,
                configuration: StoredObjects(store: store) {
                    var generator = SystemRandomNumberGenerator()
                    return Secret.random(using: &generator)
                }),
            sessions: CoreEventSessions(core), scheduler: core.scheduler, asteriskID: core.settings.entityID, log: logger)
        sip = SIPServer(core: core, settings: configuration.sipSettings, logger: logger)
        for watch in [ari.loginGuard, sip.loginGuard] {
            watch.onBlocked = { suspect in
                logger.warning(
                    "address blocked after too many failed log-ins",
                    metadata: ["address": "\(suspect.address)", "service": "\(watch.service)", "user": "\(suspect.lastName)"])
            }
        }
        idleHeap = IdleHeap(core, sip)
        audioSocket = AudioSocketTechnology(core: core)
        core.add(audioSocket)
        ari.addMediaSockets(core.mediaSockets)
        outbound = OutboundApplications(server: ari, core: core)
        programs = OutboundPrograms(server: ari)
        core.callApplications = outbound
        core.mediaSockets.dialer = programs
        try loadDialplan(configuration)
        useLoginGuards(configuration)
    }

    private func useLoginGuards(_ configuration: Configuration) {
        for watch in [ari.loginGuard, sip.loginGuard] { watch.settings = configuration.loginGuardSettings }
    }

    private static func recordings(_ configuration: Configuration, _ store: Store, _ logger: Logger) -> RecordingStore {
        RecordingStore(folder: store.absolutePath(configuration.recordings), log: { logger.notice("\($0)") }) {
            CallActor.loop.execute($0)
        }
    }

    private func loadDialplan(_ configuration: Configuration) throws {
        let parsed = DialplanLoading.parse(configuration)
        for warning in parsed.warnings { logger.notice("dialplan: \(warning)") }
        guard let dialplan = parsed.dialplan else {
            throw DialplanUnusable(errors: parsed.errors.map(\.description))
        }
        core.replaceDialplan(dialplan, globals: dialplan.globals)
    }

    // MARK: - Running

    /// Where the server can be reached, once it listens.
    private(set) var reach = Reach()

    /// Opens the listeners and begins to follow the configuration.
    func start() async throws {
        try await sip.start()
        try await listenHTTP()
        try await listenAudioSocket()
        connectToPrograms()
        reach.sip = sip.addresses.map(\.description)
        let watched = try store.watch(from: configuration) { [weak self] result in
            Task { @CallActor in await self?.follow(result) }
        }
        watch = watched
        idleHeap.start()
    }

    private func listenHTTP() async throws {
        let http = configuration.http
        if http.httpsEnabled {
            ari.tlsContext = try tlsContext()
            let address = try await ari.listen(host: http.host, port: http.httpsPort, isEncrypted: true)
            reach.httpsPort = address.port
        }
        if http.httpEnabled {
            reach.httpPort = try await ari.listen(host: http.host, port: http.httpPort).port
        }
    }

    /// Opens, moves or closes the listener to which programs connect.
    private func listenAudioSocket() async throws {
        let wanted = configuration.audioSocket
        await audioSocket.stopListening()
        reach.audioSocketPort = wanted.enabled ? try await audioSocket.listen(host: wanted.host, port: wanted.port) : nil
    }

    /// Opens and closes connections to programs as the configuration has them; what did not change goes on.
    private func connectToPrograms() {
        let targets = configuration.webSocketTargets(absolutePath: store.absolutePath)
        programs.apply(targets)
        outbound.apply(configuration.outboundConnections(to: targets))
    }

    /// The certificate of the configuration, or a self-signed one made on the first start.
    private func tlsContext() throws -> NIOSSLContext {
        let http = configuration.http
        if !http.certificate.isEmpty {
            return try ARITLS.context(
                certificatePath: store.absolutePath(http.certificate), privateKeyPath: store.absolutePath(http.key))
        }
        let made = try SelfSignedCertificate.ensure(
            in: "\(store.folder)/tls", names: HostNames.ofThisMachine, now: Int(Date().timeIntervalSince1970))
        return try ARITLS.context(certificatePath: made.certificatePath, privateKeyPath: made.keyPath)
    }

    /// Takes a configuration that somebody stored; calls and connections go on.
    private func follow(_ result: Result<Configuration, StoreError>) async {
        switch result {
        case .failure(let error):
            logger.error("the stored configuration can't be used; the present one stays in force", metadata: ["reason": "\(error)"])
        case .success(let new):
            await apply(new)
        }
    }

    private func apply(_ new: Configuration) async {
        let changes = configuration.changes(to: new)
        let old = configuration
        do {
            if old.compiledDialplan != new.compiledDialplan { try loadDialplan(new) }
        } catch {
            logger.error("the new dialplan can't be used; the old one stays in force", metadata: ["reason": "\(error)"])
        }
        configuration = new
        core.apply(new.callSettings(entityID: store.entityID(for: new)))
        sounds.use(
            sounds: new.sounds.map(store.absolutePath), music: new.music.mapValues(store.absolutePath),
            defaultLanguage: new.defaultLanguage, remote: new.remoteMediaSettings)
        if old.recordings != new.recordings { core.recordings.store = Self.recordings(new, store, logger) }
        users.replace(with: new.ari.users)
        ari.settings = new.ariSettings
        if old.ari.users != new.ari.users { ari.reviewEventSockets() }
        useLoginGuards(new)
        connectToPrograms()
        do {
            if old.http != new.http { ari.tlsContext = try tlsContext() }
            if old.audioSocket != new.audioSocket { try await listenAudioSocket() }
            try await sip.apply(new.sipSettings)
        } catch {
            logger.error("part of the new configuration can't be used", metadata: ["reason": "\(error)"])
        }
        logger.info("new configuration in force", metadata: ["changed": "\(changes.map(\.description).joined(separator: "; "))"])
        if old.http != new.http || old.rtp != new.rtp {
            logger.notice("HTTP ports and RTP ports change with the next start")
        }
    }

    /// Ends calls, then listeners, then everything else.
    func stop() async {
        watch?.cancel()
        idleHeap.stop()
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            var isDone = false
            func finish() {
                guard !isDone else { return }
                isDone = true
                continuation.resume()
            }
            core.endAllCalls { finish() }
            _ = core.scheduler.schedule(afterMs: 3_000) { finish() }
        }
        outbound.apply([])
        await ari.shutDown()
        await audioSocket.stopListening()
        sip.stop()
        media.shutdown()
    }
}

/// Where a server can be reached.
struct Reach: Sendable {
    var sip: [String] = []
    var httpPort: Int?
    var httpsPort: Int?
    var audioSocketPort: Int?
}

/// The dialplan has errors; they tell file, line and reason.
struct DialplanUnusable: Error, CustomStringConvertible {
    let errors: [String]

    var description: String { "the dialplan has errors:\n  " + errors.joined(separator: "\n  ") }
}
