/// One media thread as the control side sees it: which places of its table are taken, and by whom.
///
/// `@unchecked Sendable`: touched on the control loop only.
final class EngineLane: @unchecked Sendable {
    let thread: MediaThread
    private var places: PortPlaces
    private var ports: [PortID: EnginePort] = [:]

    init(thread: MediaThread, limit: Int) {
        self.thread = thread
        places = PortPlaces(limit: limit)
    }

    /// Counts the ports that live here or are about to.
    var load: Int { places.used }

    /// Tells whether the thread is behind with its commands.
    var isOverloaded: Bool { thread.inbox.count >= MediaLimits.maxCommandsQueued }

    /// Sends a command. A port that opens does nothing before it is told more, and one that closes may go on until the next tick; but the
    /// last one wakes the thread, for without ports there is no tick.
    func post(_ action: MediaCommand.Action, to id: PortID) {
        let isUrgent =
            switch action {
            case .open: false
            case .close: ports.count <= 1
            default: true
            }
        thread.inbox.post(action, to: id, isUrgent: isUrgent)
    }

    /// Reserves a place; nil when all are taken.
    func takePlace() -> PortID? { places.take() }

    /// Gives back a place that the media thread never heard of.
    func giveBack(_ id: PortID) { places.giveBack(id) }

    func keep(_ port: EnginePort, as id: PortID) { ports[id] = port }

    func port(_ id: PortID) -> EnginePort? { ports[id] }

    /// Forgets a port that the media thread has let go of; gives it.
    func release(_ id: PortID) -> EnginePort? {
        places.giveBack(id)
        return ports.removeValue(forKey: id)
    }

    /// Gives all ports and forgets them.
    func releaseAll() -> [EnginePort] {
        defer { ports = [:] }
        return Array(ports.values)
    }
}
