public import NIOCore
import NIOPosix

/// Isolates everything that belongs to calls: SIP, the dialplan, ARI and the call core run on one event loop, in one order.
///
/// Code that is already on the loop enters with ``assumeIsolated(_:)`` (some 50 ns); a hop from another thread costs 15–30 µs.
@globalActor
public actor CallActor {
    public static let shared = CallActor()

    /// The control loop. It lives as long as the process.
    public static let loop: any EventLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()

    private static let loopTasks = LoopTaskExecutor()

    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        Self.loop.executor.asUnownedSerialExecutor()
    }

    /// Starts a task of this actor that never leaves the control loop: what resumes it enqueues it here, and not on a thread of
    /// the shared pool that would only send it on (15–30 µs each way).
    @CallActor
    public static func run(_ operation: @escaping @CallActor () async -> Void) {
        Task(executorPreference: loopTasks) { await operation() }
    }

    /// Runs `operation` as code of this actor; the caller must be on the control loop.
    ///
    /// A custom global actor has no such entry of its own, so this does what `MainActor.assumeIsolated` does: it checks that the
    /// loop is the current executor and calls the closure with the isolation taken off its type. The cast is sound because a
    /// synchronous isolated function has the same calling convention as a non-isolated one.
    public static nonisolated func assumeIsolated<T>(_ operation: @CallActor () throws -> T) rethrows -> T {
        typealias Isolated = @CallActor () throws -> T
        typealias Plain = () throws -> T
        loop.preconditionInEventLoop()
        return try withoutActuallyEscaping(operation) { (isolated: @escaping Isolated) throws -> T in
            let plain = unsafeBitCast(isolated, to: Plain.self)
            return try plain()
        }
    }
}

/// Runs the jobs of tasks on the control loop.
private final class LoopTaskExecutor: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        CallActor.loop.execute { unowned.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
