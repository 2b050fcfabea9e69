import AMIServer
import ARIModel
import ARIServer
import AudioSocket
import CallCore
import Console
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
    private let history: KeptHistory
    private let users: ConfiguredUsers
    private let ari: ARIServer
    private let sip: SIPServer
    private let ami: AMIServer
    let control: ControlCommands
    private let audioSocket: AudioSocketTechnology
    private let outbound: OutboundApplications
    private let programs: OutboundPrograms
    private var configuration: Configuration
    private var watch: ConfigurationWatch?
    private var applying: Task<Void, Never>?
    private var certificate: ServerCertificate?
    private var certificateCheck: ScheduledAction?
    private var console: ConsoleServer?
    private var consoleListeners: ConsoleListeners?
    private let idleHeap: IdleHeap

    /// Puts a server together; nothing listens before ``start()``.
    init(store: Store, configuration: Configuration, logger: Logger, logs: LogFiles, keptLog: KeptLog) throws {
        self.store = store
        self.logger = logger
        self.configuration = configuration
        media = try MediaEngine(
            configuration: configuration.mediaConfiguration, log: { logger.notice("\($0)") },
            deliver: { CallActor.loop.execute($0) })
        sounds = SoundLibrary(
            sounds: Self.soundFolders(configuration, store), music: configuration.music.mapValues(store.absolutePath),
            defaultLanguage: configuration.defaultLanguage, remoteFolder: store.absolutePath("remote-media"),
            remote: configuration.remoteMediaSettings, log: { logger.notice("\($0)") })
        core = CallCore(
            settings: configuration.callSettings(entityID: store.entityID(for: configuration)), scheduler: LoopScheduler(),
            media: media, sounds: sounds, recordings: Self.recordings(configuration, store, logger), store: StoredValues(store.keyValues),
            log: ServerLog(logger))
        history = KeptHistory(core: core, folder: store.folder, log: keptLog, logger: logger)
        history.apply(configuration.history)
        users = ConfiguredUsers(configuration.ari.users, store: store, scheduler: core.scheduler)
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
        idleHeap = IdleHeap(core, sip)
        control = ControlCommands(core: core, ari: ari, sip: sip)
        ami = AMIServer(
            core: core, settings: configuration.amiSettings,
            environment: AMIEnvironment(
                version: ProductVersion.text, systemName: { [core] in core.settings.systemName },
                isHTTPEnabled: { [ari] in ari.settings.isEnabled },
                runCommand: { [control] line in
                    let output = await control.run(line)
                    return AMICommandOutput(lines: output.lines, succeeded: output.succeeded)
                },
                reload: { [control] in await control.reload() }),
            log: logger)
        audioSocket = AudioSocketTechnology(core: core)
        core.add(audioSocket)
        ari.addMediaSockets(core.mediaSockets)
        ari.addPhoneSockets(sip)
        ari.addSoftphone()
        outbound = OutboundApplications(server: ari, core: core)
        programs = OutboundPrograms(server: ari)
        core.callApplications = outbound
        core.mediaSockets.dialer = programs
        try loadDialplan(configuration)
        let consoleGuard = LoginGuard(service: "console")
        let made = try ConsoleServer(
            ConsoleEnvironment(
                store: store, core: core, history: history.database, soundsFolder: store.absolutePath(Self.ownSounds),
                recordByPhone: { [core] in try core.recordByPhone(number: $0, recording: $1) },
                loginGuards: [ari.loginGuard, sip.loginGuard, ami.loginGuard],
                check: DialplanLoading.problems,
                report: { [unowned self] in report }, putIntoForce: { [weak self] in await self?.lookNow() },
                callARI: { [ari] method, path, fields, body in
                    let answer = await ari.perform(method, path, fields: fields, body: body)
                    return ARICallAnswer(status: answer.status, json: answer.json)
                }, log: logger),
            loginGuard: consoleGuard)
        console = made
        consoleListeners = ConsoleListeners(made, log: logger)
        control.onReload = { [weak self] in await self?.lookNow() }
        control.configuration = { [weak self] in self?.configuration ?? configuration }
        useLoginGuards(configuration)
        tellWhoIsBlocked()
    }

    private var loginGuards: [LoginGuard] { [ari.loginGuard, sip.loginGuard, ami.loginGuard] + (console.map { [$0.loginGuard] } ?? []) }

    private func tellWhoIsBlocked() {
        for watch in loginGuards {
            watch.onBlocked = { [logger, service = watch.service] suspect in
                logger.warning(
                    "address blocked after too many failed log-ins",
                    metadata: ["address": "\(suspect.address)", "service": "\(service)", "user": "\(suspect.lastName)"])
            }
        }
    }

    /// Does something before the stored configuration is looked at again because somebody asked for it.
    func reloads(after before: @escaping @Sendable () async -> Void) {
        control.onReload = { [weak self] in
            await before()
            await self?.lookNow()
        }
    }

    /// With which the console's administrator sets their password; nil once that is done.
    var setupCode: String? { console?.setupCode }

    /// Tells how to open the console for the first time.
    private func tellSetupCode() {
        guard let code = console?.setupCode, let port = reach.consolePort ?? reach.consoleTLSPort else { return }
        let scheme = reach.consolePort == nil ? "https" : "http"
        logger.notice(
            "console: set the administrator's password on the first visit",
            metadata: ["at": "\(scheme)://\(HostNames.preferred):\(port)", "code": "\(code)"])
    }

    /// What the console tells of the server as a whole.
    private var report: ServerReport {
        var report = ServerReport()
        report.version = ProductVersion.text
        report.hosts = [HostNames.preferred] + HostNames.ofThisMachine.filter { $0 != HostNames.preferred }
        report.sip = sip.addresses.map(\.description)
        (report.httpPort, report.httpsPort) = (reach.httpPort, reach.httpsPort)
        report.certificateFingerprint = certificate?.fingerprint ?? ""
        report.isSelfSigned = certificate?.isSelfSigned ?? false
        report.certificateEndsMs = certificate?.endsMs
        report.providers = sip.providerReports(configuration.providers)
        report.ariUserUses = users.uses
        report.eventSockets = ari.eventSocketApplications
        return report
    }

    private func useLoginGuards(_ configuration: Configuration) {
        for watch in loginGuards { watch.settings = configuration.loginGuardSettings }
    }

    /// Where own sounds are kept, in the data folder.
    private static let ownSounds = "sounds"

    /// Own sounds come before those of the configuration.
    private static func soundFolders(_ configuration: Configuration, _ store: Store) -> [String] {
        let own = store.absolutePath(ownSounds)
        return [own] + configuration.sounds.map(store.absolutePath).filter { $0 != own }
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
        if needsCertificate { try useCertificate() }
        try await sip.start()
        try await listenHTTP()
        try await listenAudioSocket()
        try await listenAMI()
        await consoleListeners?.start(configuration.console, certificate: certificate)
        (reach.consolePort, reach.consoleTLSPort) = (consoleListeners?.httpPort, consoleListeners?.httpsPort)
        connectToPrograms()
        reach.sip = sip.addresses.map(\.description)
        let watched = try store.watch(from: configuration) { [weak self] result in
            Task { @CallActor in await self?.follow(result) }
        }
        watch = watched
        watchCertificate()
        idleHeap.start()
        control.booted()
        tellSetupCode()
    }

    /// Opens, moves or closes the listeners for ARI and the console; connections that stand go on.
    ///
    /// - Throws: why a port can't be had or the certificate can't be used; everything else is in force then.
    private func listenHTTP() async throws {
        var failures: [any Error] = []
        let http = configuration.http
        if needsCertificate {
            do { try useCertificate() } catch { failures.append(error) }
        }
        let plain = http.httpEnabled ? [HTTPListenerAddress(host: http.host, port: http.httpPort)] : []
        let isEncrypted = http.httpsEnabled && certificate != nil
        let encrypted = isEncrypted ? [HTTPListenerAddress(host: http.host, port: http.httpsPort, isEncrypted: true)] : []
        let ports = await ari.listen(at: plain + encrypted) { failures.append(ListenerFailure(address: $0, reason: "\($1)")) }
        reach.httpPort = http.httpEnabled ? ports.first ?? nil : nil
        reach.httpsPort = isEncrypted ? ports.last ?? nil : nil
        consoleListeners?.apply(configuration.console, certificate: certificate)
        if let failure = failures.first { throw failure }
    }

    private var needsCertificate: Bool {
        configuration.http.httpsEnabled || (configuration.console.enabled && configuration.console.httpsEnabled)
            || configuration.sip.listeners.contains { $0.transport == .tls } || (configuration.ami.enabled && configuration.ami.tlsEnabled)
    }

    /// Takes the certificate of the configuration for new connections.
    private func useCertificate() throws {
        let new = try ServerCertificate(configuration.http, in: store)
        certificate = new
        ari.tlsContext = new.context
        sip.tlsContext = new.context
        ami.tlsContext = new.context
    }

    /// Looks from time to time whether the certificate was renewed.
    private func watchCertificate() {
        certificateCheck = core.scheduler.schedule(afterMs: 30_000) { [weak self] in
            guard let self else { return }
            if certificate?.hasChanged ?? false {
                Task { @CallActor in
                    do {
                        try await self.listenHTTP()
                        self.logger.info("new certificate in force")
                    } catch {
                        self.logger.error("the new certificate can't be used", metadata: ["reason": "\(error)"])
                    }
                }
            }
            watchCertificate()
        }
    }

    /// Opens, moves or closes the listeners for managers; those who are logged in go on.
    private func listenAMI() async throws {
        var failure: (any Error)?
        let ports = await ami.listen(at: configuration.amiAddresses) {
            failure = AMIListenerFailure(address: $0, reason: "\($1)")
        }
        reach.amiPort = ports.first ?? nil
        reach.amiTLSPort = ports.count > 1 ? ports[1] : nil
        if let failure { throw failure }
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

    /// Takes a configuration that somebody stored; calls and connections go on.
    private func follow(_ result: Result<Configuration, StoreError>) async {
        switch result {
        case .failure(let error):
            logger.error("the stored configuration can't be used; the present one stays in force", metadata: ["reason": "\(error)"])
        case .success(let new):
            // One after another: each waits for listeners.
            let before = applying
            let task = Task { @CallActor in
                await before?.value
                if new != configuration { await apply(new) }
            }
            applying = task
            await task.value
        }
    }

    /// Takes over what is stored, without waiting for the next look.
    private func lookNow() async {
        let stored: Result<Configuration, StoreError> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [store] in
                do throws(StoreError) {
                    continuation.resume(returning: .success(try store.configuration()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        await follow(stored)
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
            sounds: Self.soundFolders(new, store), music: new.music.mapValues(store.absolutePath),
            defaultLanguage: new.defaultLanguage, remote: new.remoteMediaSettings)
        if old.recordings != new.recordings { core.recordings.store = Self.recordings(new, store, logger) }
        if old.history != new.history { history.apply(new.history) }
        users.replace(with: new.ari.users)
        ari.settings = new.ariSettings
        ami.apply(new.amiSettings)
        if old.ari.users != new.ari.users { ari.reviewEventSockets() }
        useLoginGuards(new)
        connectToPrograms()
        do {
            if old.rtp != new.rtp { try media.apply(new.mediaConfiguration) }
            if old.http != new.http || old.console != new.console || old.sip != new.sip || old.ami != new.ami { try await listenHTTP() }
            if old.ami != new.ami { try await listenAMI() }
            if old.audioSocket != new.audioSocket { try await listenAudioSocket() }
            try await sip.apply(new.sipSettings)
        } catch {
            logger.error("part of the new configuration can't be used", metadata: ["reason": "\(error)"])
        }
        logger.info("new configuration in force", metadata: ["changed": "\(changes.map(\.description).joined(separator: "; "))"])
    }

    /// Ends calls, then listeners, then everything else.
    func stop() async {
        watch?.cancel()
        idleHeap.stop()
        certificateCheck?.cancel()
        await consoleListeners?.stop()
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
        history.stop()
        users.write()
        outbound.apply([])
        await ami.shutDown()
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
    var amiPort: Int?
    var amiTLSPort: Int?
    var consolePort: Int?
    var consoleTLSPort: Int?
}

/// A port for HTTP can't be had.
struct ListenerFailure: Error, CustomStringConvertible {
    let address: HTTPListenerAddress
    let reason: String

    var description: String {
        "can't serve HTTP at \(address.host):\(address.port): \(reason); choose another port or stop the program that uses it"
    }
}

/// A port for managers can't be had.
struct AMIListenerFailure: Error, CustomStringConvertible {
    let address: AMIListenerAddress
    let reason: String

    var description: String {
        "can't listen for managers at \(address.host):\(address.port): \(reason); choose another port or stop the program that uses it"
    }
}

/// The dialplan has errors; they tell file, line and reason.
struct DialplanUnusable: Error, CustomStringConvertible {
    let errors: [String]

    var description: String { "the dialplan has errors:\n  " + errors.joined(separator: "\n  ") }
}
