import CallCore
import NIOCore

/// Hands events to the managers who want them. An event is written once for all who hear the same; what came in one turn goes out together,
/// and with many managers what came in a few milliseconds.
@CallActor
final class EventHub {
    /// Managers who hear all of some classes, and what waits to be sent to them.
    private struct Group {
        let classes: AMIClasses
        var sessions: [AMISession] = []
        var waiting = ByteBuffer()
    }

    /// Milliseconds for which events are gathered, so that each manager costs few writes: none for a few managers, a moment for many.
    private static func gatherMs(_ managers: Int) -> Int { managers <= 8 ? 0 : min(50, managers / 4) }
    /// Bytes after which what was gathered goes out.
    private static let gatherLimit = 64 << 10

    private var groups: [Group] = []
    /// Managers with filters, who are served one by one.
    private var filtered: [AMISession] = []
    private var isScheduled = false
    private let scheduler: any CallScheduler

    init(scheduler: any CallScheduler) { self.scheduler = scheduler }

    /// What somebody hears of.
    private(set) var wanted: AMIClasses = []

    var isNeeded: Bool { !wanted.isEmpty }
    var onNeedChanged: (() -> Void)?

    func update(_ session: AMISession) {
        take(out: session)
        if !session.wanted.isEmpty {
            if !session.filters.isEmpty {
                filtered.append(session)
            } else if let place = groups.firstIndex(where: { $0.classes == session.wanted }) {
                groups[place].sessions.append(session)
            } else {
                groups.append(Group(classes: session.wanted, sessions: [session]))
            }
        }
        recount()
    }

    func remove(_ session: AMISession) {
        take(out: session)
        recount()
    }

    private func take(out session: AMISession) {
        filtered.removeAll { $0 === session }
        for place in groups.indices { groups[place].sessions.removeAll { $0 === session } }
        groups.removeAll { $0.sessions.isEmpty }
    }

    private func recount() {
        wanted = (groups.map(\.classes) + filtered.map(\.wanted)).reduce(into: []) { $0.formUnion($1) }
        onNeedChanged?()
    }

    func publish(_ event: AMIEvent, timestamp: String?) {
        guard !wanted.isDisjoint(with: event.classes) else { return }
        let event = event.settled
        var encoded: ByteBuffer?
        func bytes() -> ByteBuffer {
            if let encoded { return encoded }
            var made = ByteBuffer()
            event.message(timestamp: timestamp).write(to: &made)
            encoded = made
            return made
        }
        var isFull = false
        for place in groups.indices where !groups[place].classes.isDisjoint(with: event.classes) {
            var copy = bytes()
            groups[place].waiting.writeBuffer(&copy)
            if groups[place].waiting.readableBytes > Self.gatherLimit { isFull = true }
        }
        // A session that is cut off leaves the list.
        for session in Array(filtered) where !session.wanted.isDisjoint(with: event.classes) && session.filters.pass(event) {
            session.connection.write(bytes())
        }
        if isFull { flush() } else { schedule() }
    }

    private func schedule() {
        guard !isScheduled else { return }
        isScheduled = true
        let count = groups.reduce(0) { $0 + $1.sessions.count }
        _ = scheduler.schedule(afterMs: Self.gatherMs(count)) { [weak self] in
            self?.isScheduled = false
            self?.flush()
        }
    }

    /// Sends what was gathered.
    func flush() {
        // A connection may end while it is written to, which changes the groups.
        let out = groups.filter { $0.waiting.readableBytes > 0 }
        for place in groups.indices { groups[place].waiting = ByteBuffer() }
        for group in out {
            for session in group.sessions { session.connection.write(group.waiting) }
        }
    }
}
