/// The timers of a session.
enum SessionTimer: Int, CaseIterable, Sendable {
    /// Send the 2xx response to INVITE again; give up waiting for its ACK.
    case repeatSuccess, awaitACK
    /// Send the reliable provisional response again; give up waiting for its PRACK.
    case repeatProvisional, awaitPRACK
    /// Send a provisional response now and then while the call rings.
    case keepRinging
    /// The Expires of the INVITE.
    case inviteExpires
    /// Try a change again after glare.
    case retryChange
    /// Refresh the session; give it up.
    case refreshSession, expireSession
}

/// The deadlines of the timers that run: few, so that a list is the quickest.
struct SessionDeadlines: Sendable {
    private var running: [(timer: SessionTimer, at: UInt64)] = []
    private(set) var next: UInt64 = .max

    mutating func start(_ timer: SessionTimer, at deadline: SIPInstant) {
        if let index = running.firstIndex(where: { $0.timer == timer }) {
            running[index].at = deadline.nanoseconds
        } else {
            running.append((timer, deadline.nanoseconds))
        }
        findNext()
    }

    mutating func stop(_ timer: SessionTimer) {
        guard let index = running.firstIndex(where: { $0.timer == timer }) else { return }
        running.swapAt(index, running.count - 1)
        running.removeLast()
        findNext()
    }

    mutating func stopAll() {
        running.removeAll(keepingCapacity: true)
        next = .max
    }

    mutating func stopAll(but first: SessionTimer, _ second: SessionTimer) {
        running.removeAll { $0.timer != first && $0.timer != second }
        findNext()
    }

    func isRunning(_ timer: SessionTimer) -> Bool { running.contains { $0.timer == timer } }

    /// Stops the timer that is due first and returns it, the one declared first among equals; nil when none is due.
    mutating func takeDue(at now: SIPInstant) -> SessionTimer? {
        guard next <= now.nanoseconds, !running.isEmpty else { return nil }
        var due: SessionTimer?
        for entry in running where entry.at == next && entry.timer.rawValue < (due?.rawValue ?? .max) { due = entry.timer }
        if let due { stop(due) }
        return due
    }

    private mutating func findNext() {
        next = .max
        for entry in running where entry.at < next { next = entry.at }
    }
}
