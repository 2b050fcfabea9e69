internal import CLinuxIO
internal import Glibc
internal import Synchronization

/// Hands commands to a media thread: a list under a lock that is held for an append or a swap, and one wake-up per batch.
final class MediaInbox: Sendable {
    /// Readable while commands wait.
    let wake: Int32
    private let waiting = Mutex<[MediaCommand]>([])

    init() throws(MediaError) {
        wake = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard wake >= 0 else { throw .system(call: "eventfd", errno: errno) }
    }

    deinit { close(wake) }

    /// Counts the commands that wait.
    var count: Int { waiting.withLock { $0.count } }

    /// Adds a command. Beyond twice the limit that stops new ports, only what opens, moves or closes ports is kept.
    func post(_ action: MediaCommand.Action, to port: PortID) {
        let isFirst = waiting.withLock { list in
            guard list.count < 2 * MediaLimits.maxCommandsQueued || action.isEssential else { return false }
            list.append(MediaCommand(port: port, action: action))
            return list.count == 1
        }
        guard isFirst else { return }
        var one: UInt64 = 1
        _ = write(wake, &one, MemoryLayout<UInt64>.size)
    }

    /// Takes all commands, in order, in exchange for an empty list whose memory is used again.
    func drain(into list: inout [MediaCommand]) {
        var ignored: UInt64 = 0
        _ = read(wake, &ignored, MemoryLayout<UInt64>.size)
        waiting.withLock { swap(&$0, &list) }
    }
}
