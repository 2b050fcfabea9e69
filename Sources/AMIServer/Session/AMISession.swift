import AMI
import CallCore
import NIOCore

/// A manager's conversation: logs in, asks one thing after another, and hears of events.
@CallActor
final class AMISession {
    /// Requests that wait for the one before; while there are more, nothing is read.
    static let waitingLimit = 100
    /// How long a client may take to log in.
    static let loginMs = 30_000
    static let banner = "Asterisk Call Manager/11.0.0"

    let connection: AMIConnection
    unowned let server: AMIServer
    private(set) var manager: ManagerLogin?
    /// What an MD5 log-in has to hash with the secret.
    var challenge: String?
    /// What the client wants to hear of, within what it may.
    private(set) var wanted: AMIClasses = []
    private(set) var filters: [EventFilter] = []
    private var parser = AMIRequestParser()
    private var requests: [AMIRequest] = []
    private var isBusy = false
    private var isReading = true
    private var loginTimer: ScheduledAction?

    init(_ connection: AMIConnection, server: AMIServer) {
        self.connection = connection
        self.server = server
    }

    func start() {
        connection.onBytes = { [weak self] in self?.receive($0) }
        connection.onClosed = { [weak self] in self?.closed() }
        connection.onOverflow = { [weak self] in
            guard let self else { return }
            self.server.cutOff(self)
        }
        connection.write(ByteBuffer(string: Self.banner + "\r\n"))
        loginTimer = server.core.scheduler.schedule(afterMs: Self.loginMs) { [weak self] in
            guard let self, self.manager == nil else { return }
            self.connection.close()
        }
    }

    private func closed() {
        loginTimer?.cancel()
        requests = []
        server.closed(self)
    }

    // MARK: - Requests

    private func receive(_ bytes: ByteBuffer) {
        for item in parser.take(bytes.readableBytesView) {
            switch item {
            case .request(let request): requests.append(request)
            case .lineTooLong: send(.error("Failed to parse message: line too long"))
            case .tooLarge: send(.error("Failed to parse message: too large"))
            }
        }
        carryOn()
        if isReading, requests.count > Self.waitingLimit {
            isReading = false
            connection.setReading(false)
        }
    }

    private func carryOn() {
        while !isBusy, !requests.isEmpty, connection.isOpen { carryOut(requests.removeFirst()) }
        if !isReading, requests.count <= Self.waitingLimit {
            isReading = true
            connection.setReading(true)
        }
    }

    private func carryOut(_ request: AMIRequest) {
        switch server.outcome(of: request, for: self) {
        case .answer(let messages): answer(request, messages)
        case .goodbye(let message): finish(request, message)
        case .later(let work):
            isBusy = true
            CallActor.run { [weak self] in
                let messages = await work()
                guard let self else { return }
                self.answer(request, messages)
                self.isBusy = false
                self.carryOn()
            }
        }
    }

    private func answer(_ request: AMIRequest, _ messages: [AMIMessage]) {
        var buffer = ByteBuffer()
        for message in messages { Self.with(request.actionID, message).write(to: &buffer) }
        write(buffer)
    }

    private func finish(_ request: AMIRequest, _ message: AMIMessage) {
        var buffer = ByteBuffer()
        Self.with(request.actionID, message).write(to: &buffer)
        server.hub.flush()
        connection.finish(buffer)
    }

    /// Each message that answers a request tells the id that the client gave it.
    private static func with(_ id: String, _ message: AMIMessage) -> AMIMessage {
        guard !id.isEmpty else { return message }
        var message = message
        message.fields.insert(.init("ActionID", id), at: min(1, message.fields.count))
        return message
    }

    func send(_ message: AMIMessage) {
        var buffer = ByteBuffer()
        message.write(to: &buffer)
        write(buffer)
    }

    /// Writes behind the events that were told before.
    private func write(_ buffer: ByteBuffer) {
        server.hub.flush()
        connection.write(buffer)
    }

    // MARK: - Logging in and listening

    func logIn(_ manager: ManagerLogin, wanted: AMIClasses) {
        loginTimer?.cancel()
        self.manager = manager
        filters = manager.eventFilters.compactMap(EventFilter.init(setting:))
        listen(to: wanted)
    }

    func listen(to classes: AMIClasses) {
        guard let manager else { return }
        server.hub.flush()
        wanted = classes.intersection(manager.read)
        server.hub.update(self)
    }

    /// - Returns: false when there are too many.
    func add(_ filter: EventFilter) -> Bool {
        guard filters.count < EventFilter.limit else { return false }
        server.hub.flush()
        filters.append(filter)
        server.hub.update(self)
        return true
    }

    /// Takes what the manager's settings are now.
    /// - Returns: false when the session may not go on.
    func review(_ new: ManagerLogin?) -> Bool {
        guard let old = manager else { return true }
        guard let new, new.secret == old.secret, new.allows(connection.remoteAddress) else { return false }
        manager = new
        listen(to: wanted)
        return true
    }
}

extension EventFilter {
    /// Reads a filter of the settings: an expression, or criteria and an expression with `=` between them.
    init?(setting text: String) {
        guard text.hasPrefix("name(") || text.hasPrefix("header(") || text.hasPrefix("action(") || text.hasPrefix("method(") else {
            self.init(text)
            return
        }
        let parts = text.split(separator: "=", maxSplits: 1).map { $0.trimmingBlanks() }
        self.init(criteria: parts[0], expression: parts.count > 1 ? parts[1] : "")
    }
}
