internal import CLinuxIO
internal import Glibc

/// Runs a media graph: waits for packets, commands and the tick, and tells the control side what happened.
struct MediaLoop: ~Copyable {
    private static let wakeTag = UInt64.max
    private static let timerTag = UInt64.max - 1
    private static let controlBit: UInt64 = 1 << 63
    private static let maxEvents = 256

    private let epoll: Int32
    private let timer: Int32
    private let inbox: MediaInbox
    private let deliver: @Sendable (MediaNews) -> Void
    private let ready: UnsafeMutablePointer<epoll_event>
    private let buffer = DatagramBuffer()
    private var graph: MediaGraph
    /// Nil when no priority is wanted or none would be given.
    private var priority: RealtimePriority?
    private var commands: [MediaCommand] = []
    /// Ports that are on their way from other threads; commands wait for them.
    private var missing: Set<PortID> = []
    private var postponed: [MediaCommand] = []
    /// Ports that came before the command that announces them had its turn.
    private var early: [PortID: MediaCommand.Parcel] = [:]
    /// When the next tick is due; nil while there is no port.
    private var nextTickNs: UInt64?
    private var isStopped = false

    /// Takes over two descriptors, which it closes.
    init(
        epoll: Int32, timer: Int32, inbox: MediaInbox, graph: consuming MediaGraph,
        priority: RealtimePriority? = nil, deliver: @escaping @Sendable (MediaNews) -> Void
    ) {
        self.epoll = epoll
        self.timer = timer
        self.inbox = inbox
        self.graph = graph
        self.priority = priority
        self.deliver = deliver
        ready = .allocate(capacity: Self.maxEvents)
        ready.initialize(repeating: epoll_event(), count: Self.maxEvents)
    }

    deinit {
        ready.deallocate()
        Glibc.close(timer)
        Glibc.close(epoll)
    }

    /// Works until it is told to shut down.
    mutating func run() {
        guard arioso_epoll_add(epoll, inbox.wake, Self.wakeTag) == 0, arioso_epoll_add(epoll, timer, Self.timerTag) == 0 else { return }
        while !isStopped {
            let count = epoll_wait(epoll, ready, Int32(Self.maxEvents), -1)
            graph.nowNs = arioso_monotonic_ns()
            var isTickDue = false
            for index in 0..<Int(max(0, count)) {
                switch arioso_epoll_tag(ready + index) {
                case Self.wakeTag: drainCommands(afterWake: true)
                case Self.timerTag: isTickDue = true
                case let tag: receive(tag)
                }
            }
            if isTickDue {
                drainCommands(afterWake: false)
                tick()
            }
            handOver()
        }
    }

    // MARK: Packets

    private static func tag(_ id: PortID, isControl: Bool) -> UInt64 {
        UInt64(UInt32(bitPattern: id.index)) | UInt64(id.generation & PortID.generationMask) << 32 | (isControl ? controlBit : 0)
    }

    /// Takes one datagram; a socket that holds more is reported again, after the others had their turn.
    private mutating func receive(_ tag: UInt64) {
        let id = PortID(index: Int32(truncatingIfNeeded: tag), generation: UInt32(truncatingIfNeeded: tag >> 32) & PortID.generationMask)
        guard let leg = graph.leg(id) else { return }
        let isControl = tag & Self.controlBit != 0
        guard let (bytes, count, source) = buffer.receive(isControl ? leg.pointee.sockets.rtcp : leg.pointee.sockets.rtp) else { return }
        if isControl {
            graph.receiveControl(id.index, bytes, count, from: source)
        } else {
            graph.receive(id.index, bytes, count, from: source)
        }
    }

    private func watch(_ id: PortID, _ sockets: SocketPair) {
        guard sockets.rtp >= 0 else { return }
        // Adding fails only when the kernel is out of memory; the leg then hears nothing, which its time-out tells.
        _ = arioso_epoll_add(epoll, sockets.rtp, Self.tag(id, isControl: false))
        _ = arioso_epoll_add(epoll, sockets.rtcp, Self.tag(id, isControl: true))
    }

    private func unwatch(_ sockets: SocketPair) {
        guard sockets.rtp >= 0 else { return }
        _ = epoll_ctl(epoll, EPOLL_CTL_DEL, sockets.rtp, nil)
        _ = epoll_ctl(epoll, EPOLL_CTL_DEL, sockets.rtcp, nil)
    }

    // MARK: The tick

    private mutating func tick() {
        var expirations: UInt64 = 0
        _ = read(timer, &expirations, MemoryLayout<UInt64>.size)
        guard var dueNs = nextTickNs else { return }
        let nowNs = graph.nowNs
        graph.wallOffsetNs = arioso_realtime_ns() &- nowNs
        if nowNs > dueNs { priority?.ticked(lateByNs: nowNs - dueNs, nowNs: nowNs) }
        var made = 0
        while dueNs <= nowNs {
            if made < MediaLimits.maxTicksMadeUp { graph.tick(atNs: dueNs) }
            made += 1
            dueNs += Frame.durationNs
        }
        nextTickNs = dueNs
        graph.nowNs = nowNs
    }

    /// Lets the timer run while there are ports.
    private mutating func adjustTimer() {
        if graph.openCount > 0, nextTickNs == nil {
            let firstNs = arioso_monotonic_ns() + Frame.durationNs
            nextTickNs = firstNs
            _ = arioso_timer_arm(timer, firstNs, Frame.durationNs)
        } else if graph.openCount == 0, nextTickNs != nil {
            nextTickNs = nil
            _ = arioso_timer_arm(timer, 0, 0)
            graph.releaseEmptyTable()
        }
    }

    // MARK: Commands

    private mutating func drainCommands(afterWake: Bool) {
        inbox.drain(into: &commands, afterWake: afterWake)
        guard !commands.isEmpty else { return }
        for index in commands.indices { take(commands[index]) }
        commands.removeAll(keepingCapacity: true)
        adjustTimer()
    }

    /// Obeys a command in its turn: all before it have been obeyed, and the ports they announced are here.
    private mutating func take(_ command: MediaCommand) {
        if case .adopt(let parcel) = command.action {
            guard missing.remove(command.port) != nil else { return early[command.port] = parcel }
            adopt(command.port, parcel)
            if missing.isEmpty { resume() }
        } else if missing.isEmpty {
            obey(command)
        } else {
            postponed.append(command)
        }
    }

    private mutating func resume() {
        let waiting = postponed
        postponed = []
        for command in waiting { take(command) }
    }

    private mutating func expect(_ id: PortID) {
        if let parcel = early.removeValue(forKey: id) { adopt(id, parcel) } else { missing.insert(id) }
    }

    private mutating func adopt(_ id: PortID, _ parcel: MediaCommand.Parcel) {
        graph.adopt(id, parcel.leg)
        watch(id, parcel.leg.sockets)
    }

    private mutating func obey(_ command: MediaCommand) {
        switch command.action {
        case .open(let opening):
            graph.open(
                command.port, kind: opening.kind, sockets: opening.sockets, signalling: opening.signalling,
                sending: opening.sending, counters: opening.counters)
            watch(command.port, opening.sockets)
        case .close: close(command.port)
        case .expect: expect(command.port)
        case .moveOut(let inbox, let name):
            guard let leg = graph.takeOut(command.port) else { return }
            unwatch(leg.sockets)
            inbox.post(.adopt(MediaCommand.Parcel(leg: leg)), to: name)
        case .silenceLimits(let ns, let onHoldNs): (graph.settings.rtpTimeoutNs, graph.settings.rtpHoldTimeoutNs) = (ns, onHoldNs)
        case .shutDown: shutDown()
        case .adopt: break
        default: graph.apply(command.action, to: command.port)
        }
    }

    private mutating func close(_ id: PortID) {
        guard let sockets = graph.close(id) else { return }
        Glibc.close(sockets.rtp)
        Glibc.close(sockets.rtcp)
    }

    private mutating func shutDown() {
        for index in 0..<graph.highWater where graph.legs[index].kind != .free {
            close(graph.id(Int32(truncatingIfNeeded: index)))
        }
        isStopped = true
    }

    /// Tells the control side what happened since the last time, if anything.
    private mutating func handOver() {
        guard !graph.events.isEmpty || !graph.discarded.isEmpty || !graph.endedTaps.isEmpty || !graph.datagrams.isEmpty else { return }
        deliver(
            MediaNews(events: graph.events, datagrams: graph.datagrams, discarded: graph.discarded, endedTaps: graph.endedTaps))
        graph.events = []
        graph.datagrams = []
        graph.discarded = []
        graph.endedTaps = []
    }
}
