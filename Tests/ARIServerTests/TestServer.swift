import ARIModel
import Logging
import NIOCore

@testable import ARIServer
@testable import CallCore

/// A server with a few stub operations on a free port of loopback.
@CallActor
final class TestServer {
    let server: ARIServer
    let users = StubUsers()
    let sessions = StubSessions()
    let gate = Gate()
    private(set) var port = 0

    private init(_ settings: ARISettings) {
        server = ARIServer(
            settings: settings, users: users, handlers: StubOperations.handlers(gate), sessions: sessions, scheduler: StubScheduler(),
            asteriskID: "aa:bb:cc:dd:ee:ff", log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Starts a server, lets `body` talk to it and stops it.
    static func run(
        _ settings: ARISettings = TestServer.settings, isEncrypted: Bool = false, _ body: @Sendable (TestServer) async throws -> Void
    ) async throws {
        let test = TestServer(settings)
        test.port = try await test.server.listen(host: "127.0.0.1", port: 0, isEncrypted: isEncrypted).port ?? 0
        do {
            try await body(test)
        } catch {
            await test.server.shutDown()
            throw error
        }
        await test.server.shutDown()
    }

    nonisolated static var settings: ARISettings {
        var settings = ARISettings(serverName: "Arioso/test")
        settings.allowedOrigins = ["http://conform.example"]
        return settings
    }

    func client() async throws -> RawClient { try await RawClient(port: port) }

    /// Opens an event socket.
    func socket(_ query: String, fields: String = "", login: String = "Y29uZjpjb25m") async throws -> RawClient {
        let client = try await client()
        let answer = try await client.ask(TestServer.upgrade(query, fields: fields, login: login))
        guard answer.status == 101 else { throw ConnectionEnded() }
        return client
    }

    nonisolated static func upgrade(_ query: String, fields: String = "", login: String = "Y29uZjpjb25m") -> String {
        "GET /ari/events?\(query) HTTP/1.1\r\nHost: h\r\nAuthorization: Basic \(login)\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(fields)\r\n"
    }
}

/// Lets a test decide when an operation answers.
@CallActor
final class Gate {
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private var arrival: CheckedContinuation<Void, Never>?
    private var passes = 0

    func pass() async {
        await withCheckedContinuation { continuation in
            waiters.append(continuation)
            arrival?.resume()
            arrival = nil
        }
    }

    /// Waits until an operation stands at the gate.
    func arrived() async {
        if waiters.isEmpty { await withCheckedContinuation { arrival = $0 } }
    }

    func open() {
        for waiter in waiters { waiter.resume() }
        waiters = []
    }
}

@CallActor
final class StubUsers: ARIUserDirectory {
    var users: [String: ARIUser] = [
        "conf": ARIUser(name: "conf", password: .plain("conf")),
        "ro": ARIUser(name: "ro", password: .plain("ro"), isReadOnly: true),
        "lim": ARIUser(name: "lim", password: .plain("lim"), applications: ["mine"]),
        "away": ARIUser(name: "away", password: .plain("away"), permitsAddress: { $0 != "127.0.0.1" }),
        "hash": ARIUser(
            name: "hash",
            password: .hashed(
                hash: "#1",
                verify: { password in
                    await Task.yield()
                    return password == "secret"
                })),
    ]

    func user(named name: String) -> ARIUser? { users[name] }
}

@CallActor
final class StubSessions: EventSessions {
    var sinks: [String: any EventSink] = [:]
    var registrations: [String] = []
    var unwanted: Set<EventType> = []
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func restrict(applications: [String], of sink: any EventSink, to scope: AccessScope) {}

    func register(applications: [String], subscribeAll: Bool, deliveries: [EventDelivery], sink: any EventSink) -> Bool {
        guard applications.allSatisfy({ $0.utf8.count <= 73 && !$0.isEmpty }) else { return false }
        for application in applications { sinks[application] = sink }
        registrations.append("\(applications) \(subscribeAll)")
        // An event between registration and the 101 answer must not be lost.
        for application in applications { sink.deliver(StubSessions.event, application: application, sequence: nil) }
        return true
    }

    func unregister(applications: [String], sink: any EventSink) {
        for application in applications where sinks[application] === sink { sinks[application] = nil }
        registrations.append("closed \(applications)")
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    func wants(_ type: EventType, application: String) -> Bool { !unwanted.contains(type) }

    func hasSink(_ application: String) -> Bool { sinks[application] != nil }

    /// Waits until a socket has been unregistered.
    func unregistered(_ count: Int = 1) async {
        while registrations.count(where: { $0.hasPrefix("closed") }) < count { await withCheckedContinuation { waiters.append($0) } }
    }

    nonisolated static var event: EncodedEvent {
        Event(.applicationRegistered, timestamp: Timestamp(epochMs: 0)).encode(asteriskID: "aa:bb:cc:dd:ee:ff")
    }
}

@CallActor
final class StubScheduler: CallScheduler {
    var nowMs: Int64 { 1_700_000_000_000 }
    var utcOffsetSeconds: Int { 0 }
    func schedule(afterMs delayMs: Int, _ action: @escaping @CallActor () -> Void) -> ScheduledAction { ScheduledAction {} }
}

/// A few operations that tell what they were given.
enum StubOperations {
    @CallActor
    static func handlers(_ gate: Gate) -> ARIHandlers {
        var handlers = ARIHandlers()
        handlers.on("asterisk.ping") { _ in .ok(["ping": "pong"] as JSONValue) }
        handlers.on("channels.list") { _ in .ok([Variable]()) }
        handlers.on("channels.get") { call in throw ARIError(404, "Channel not found: \(call.path("channelId"))") }
        handlers.on("channels.originate") { _ in throw ARIError.allocationFailed }
        handlers.on("channels.playWithId") { call in
            .created(["id": .string(call.path("playbackId"))] as JSONValue, at: "playbacks", call.path("playbackId"))
        }
        handlers.on("channels.hangup") { call in throw ARIError(400, "x", reason: call.string("reason") ?? "-") }
        handlers.on("bridges.createWithId") { call in
            .ok(
                [
                    "id": .string(call.path("bridgeId")), "name": call.string("name").map { .string($0) } ?? .null,
                    "type": call.string("type").map { .string($0) } ?? .null,
                ] as JSONValue)
        }
        handlers.on("asterisk.getInfo") { call in
            .ok(["only": .array((try call.list("only") ?? ["<none>"]).map { .string($0) })] as JSONValue)
        }
        handlers.on("channels.sendDTMF") { call in .ok(["before": .int(call.int("before"))] as JSONValue) }
        handlers.on("bridges.addChannel") { call in .ok(["mute": .bool(call.bool("mute"))] as JSONValue) }
        handlers.onAsync("recordings.getStoredFile") { call in
            ARIResponse(200, body: .file(file(call.path("recordingName"))))
        }
        handlers.on("applications.get") { call in .ok(["name": .string(call.path("applicationName"))] as JSONValue) }
        handlers.on("playbacks.stop") { _ in .noContent }
        handlers.onAsync("bridges.list") { _ in
            await gate.pass()
            return .ok([Variable(value: "late")])
        }
        return handlers
    }

    /// A file of three bytes, one of a million in pieces of 10,000, or one that breaks off.
    @CallActor
    private static func file(_ name: String) -> ByteStream {
        switch name {
        case "large":
            ByteStream(contentType: "audio/wav", byteCount: 1_000_000) { [UInt8](repeating: 7, count: 10_000) }
        case "broken":
            ByteStream(contentType: "audio/wav", byteCount: 10) { [] }
        default:
            ByteStream(contentType: "audio/wav", byteCount: 3) { [1, 2, 3] }
        }
    }
}
