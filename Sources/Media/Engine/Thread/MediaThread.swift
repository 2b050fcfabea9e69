internal import CLinuxIO
internal import Glibc

/// Owns one media thread.
///
/// `@unchecked Sendable`: `handle` is touched by the control side only.
final class MediaThread: @unchecked Sendable {
    let inbox: MediaInbox
    private var handle = pthread_t()
    private var isRunning = false

    /// What the thread starts with.
    struct Settings: Sendable {
        var number: Int
        var graph: GraphSettings
        var realtimePriority: Int32
        var seed: UInt64
        /// Called on the media thread.
        var log: @Sendable (String) -> Void
        var deliver: @Sendable (MediaNews) -> Void
    }

    /// Carries the start values into the new thread.
    private final class Start {
        let settings: Settings
        let inbox: MediaInbox
        let epoll: Int32
        let timer: Int32

        init(settings: Settings, inbox: MediaInbox, epoll: Int32, timer: Int32) {
            self.settings = settings
            self.inbox = inbox
            self.epoll = epoll
            self.timer = timer
        }

        func run() {
            arioso_thread_name("media-\(settings.number)")
            let graph = MediaGraph(settings: settings.graph, sink: .network, seed: settings.seed)
            var loop = MediaLoop(
                epoll: epoll, timer: timer, inbox: inbox, graph: graph, priority: mayBeRealtime() ? priority() : nil,
                deliver: settings.deliver)
            loop.run()
        }

        private func priority() -> RealtimePriority {
            let level = settings.realtimePriority
            return RealtimePriority { _ = arioso_realtime_thread($0 ? level : 0) }
        }

        /// Tries whether priority would be given, and says so when not, before anything is late.
        private func mayBeRealtime() -> Bool {
            guard settings.realtimePriority > 0 else { return false }
            let failure = arioso_realtime_thread(settings.realtimePriority)
            guard failure != 0 else { return arioso_realtime_thread(0) == 0 }
            guard settings.number == 0 else { return false }
            settings.log(
                "media threads get no real-time priority (\(systemErrorText(failure))): audio may stutter while the "
                    + "machine is busy; allow CAP_SYS_NICE or raise the rtprio limit")
            return false
        }
    }

    init(_ settings: Settings) throws(MediaError) {
        inbox = try MediaInbox()
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw .system(call: "epoll_create1", errno: errno) }
        let timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK | TFD_CLOEXEC))
        guard timer >= 0 else {
            let failure = errno
            close(epoll)
            throw .system(call: "timerfd_create", errno: failure)
        }
        let start = Unmanaged.passRetained(Start(settings: settings, inbox: inbox, epoll: epoll, timer: timer))
        let failure = pthread_create(
            &handle, nil,
            { argument in
                if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, start.toOpaque())
        guard failure == 0 else {
            start.release()
            close(timer)
            close(epoll)
            throw .system(call: "pthread_create", errno: failure)
        }
        isRunning = true
    }

    /// Ends the thread and waits for its end.
    func stop() {
        guard isRunning else { return }
        isRunning = false
        inbox.post(.shutDown, to: PortID(index: -1, generation: 0))
        pthread_join(handle, nil)
    }
}
