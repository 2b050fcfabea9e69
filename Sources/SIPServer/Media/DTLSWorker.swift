import CallCore
import Media
import NIOCore
import NIOPosix
import SecureMedia

/// What a DTLS session came to.
enum DTLSOutcome: Sendable {
    case send([UInt8])
    case secured(MediaProtection)
    case failed(TransportFailure)
    /// The far end has ended the session.
    case closed
}

/// Runs a DTLS session on a thread where its milliseconds of arithmetic keep nobody waiting, one step after the other.
@CallActor
final class DTLSWorker {
    private enum Step: Sendable {
        case start
        case datagram([UInt8])
        case advance
        case close
    }

    private struct Results: Sendable {
        var outcomes: [DTLSOutcome] = []
        /// Until the session wants to repeat something; nil for never.
        var msToDeadline: Int64?
    }

    /// Steps that wait while another is under way; further datagrams are lost, as any may be.
    private static let maxWaiting = 64

    /// `@unchecked Sendable`: one step is under way at a time, and each ends before the next begins.
    private final class Bench: @unchecked Sendable {
        private let session: DTLSSession

        init(_ session: DTLSSession) { self.session = session }

        func run(_ steps: [Step]) -> Results {
            let outcomes = steps.flatMap(actions).map(Self.outcome)
            return Results(outcomes: outcomes, msToDeadline: session.msToDeadline)
        }

        private func actions(_ step: Step) -> [DTLSAction] {
            switch step {
            case .start: session.start()
            case .datagram(let bytes): session.receive(bytes)
            case .advance: session.advance()
            case .close: session.close()
            }
        }

        private static func outcome(_ action: DTLSAction) -> DTLSOutcome {
            switch action {
            case .send(let bytes): return .send(bytes)
            case .secured(let keys):
                // Deriving the session keys belongs here as well.
                do {
                    return .secured(try MediaProtection(keys))
                } catch {
                    return .failed(.keys(error.description))
                }
            case .failed(let failure): return .failed(.dtls(failure))
            case .closed: return .closed
            }
        }
    }

    private let bench: Bench
    private let pool: NIOThreadPool
    private let scheduler: any CallScheduler
    private let tell: @CallActor (DTLSOutcome) -> Void
    private var waiting: [Step] = []
    private var isBusy = false
    private var isClosed = false
    private var whenClosed: (@CallActor () -> Void)?
    private var timer: ScheduledAction?

    /// - Parameter tell: called on the control loop with each outcome, in order.
    init(
        _ session: sending DTLSSession, pool: NIOThreadPool, scheduler: any CallScheduler, tell: @escaping @CallActor (DTLSOutcome) -> Void
    ) {
        bench = Bench(session)
        self.pool = pool
        self.scheduler = scheduler
        self.tell = tell
        put(.start)
    }

    func receive(_ datagram: [UInt8]) { put(.datagram(datagram)) }

    /// Tells the far end that this is the end; nothing is told any more but what is to be sent.
    ///
    /// - Parameter completion: called once all was told.
    func close(_ completion: @escaping @CallActor () -> Void = {}) {
        guard !isClosed else { return completion() }
        (isClosed, whenClosed) = (true, completion)
        timer?.cancel()
        waiting.append(.close)
        work()
    }

    private func put(_ step: Step) {
        guard !isClosed, waiting.count < Self.maxWaiting else { return }
        waiting.append(step)
        work()
    }

    private func work() {
        guard !isBusy, !waiting.isEmpty else { return }
        isBusy = true
        let steps = waiting
        waiting = []
        // Kept until the far end was told of the end.
        pool.submit { [bench, self] state in
            // A pool that is shut down works no more.
            let results = if case .active = state { bench.run(steps) } else { Results() }
            CallActor.loop.execute { CallActor.assumeIsolated { self.took(results) } }
        }
    }

    private func took(_ results: Results) {
        isBusy = false
        timer?.cancel()
        timer = nil
        for outcome in results.outcomes {
            if case .send = outcome { tell(outcome) } else if !isClosed { tell(outcome) }
        }
        if !isClosed, let msToDeadline = results.msToDeadline {
            timer = scheduler.schedule(afterMs: Int(msToDeadline)) { [weak self] in self?.put(.advance) }
        }
        guard waiting.isEmpty else { return work() }
        if isClosed, let completion = whenClosed {
            whenClosed = nil
            completion()
        }
    }
}
