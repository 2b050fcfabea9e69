internal import CLinuxIO
internal import Glibc
internal import Synchronization

/// Hands commands to a media thread: a list under a lock that is held for an append or a swap, and one wake-up per batch.
final class MediaInbox: Sendable {
    private struct Waiting {
        var commands: [MediaCommand] = []
        var isWoken = false
    }

    /// Readable while urgent commands wait.
    let wake: Int32
    private let waiting = Mutex(Waiting())

    init() throws(MediaError) {
        wake = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard wake >= 0 else { throw .system(call: "eventfd", errno: errno) }
    }

    deinit { close(wake) }

    /// Counts the commands that wait.
    var count: Int { waiting.withLock { $0.commands.count } }

    /// Adds a command. Beyond twice the limit that stops new ports, only what opens, moves or closes ports is kept.
    ///
    /// - Parameter isUrgent: Whether the thread wakes up for it. Otherwise it waits for an urgent one or for the next tick.
    func post(_ action: MediaCommand.Action, to port: PortID, isUrgent: Bool = true) {
        let wakes = waiting.withLock { waiting in
            guard waiting.commands.count < 2 * MediaLimits.maxCommandsQueued || action.isEssential else { return false }
            waiting.commands.append(MediaCommand(port: port, action: action))
            guard isUrgent, !waiting.isWoken else { return false }
            waiting.isWoken = true
            return true
        }
        guard wakes else { return }
        var one: UInt64 = 1
        _ = write(wake, &one, MemoryLayout<UInt64>.size)
    }

    /// Takes all commands, in order, in exchange for an empty list whose memory is used again.
    ///
    /// - Parameter afterWake: Whether `wake` was readable. It is read before the list is taken: a command that comes between them either is
    ///   taken too or finds the wake-up of this turn still standing.
    func drain(into list: inout [MediaCommand], afterWake: Bool) {
        if afterWake {
            var ignored: UInt64 = 0
            _ = read(wake, &ignored, MemoryLayout<UInt64>.size)
        }
        waiting.withLock { waiting in
            swap(&waiting.commands, &list)
            if afterWake { waiting.isWoken = false }
        }
    }
}
