import ARIModel
import Audio
import Media

/// How something that was played came to its end.
enum PlayOutcome: Equatable, Sendable {
    case done
    case stopped
    case failed
}

/// Something waiting for its turn at a target, or having it: parts that are played, then perhaps a recording.
@CallActor
final class PlayJob {
    let parts: [PlayPart]
    /// What follows the parts: the job then keeps its turn until `PlayQueue.end(_:)`. Nil for a job that ends with them.
    let afterParts: (@CallActor () -> Void)?
    let language: String
    /// Where the first part starts.
    let offsetMs: Int
    let onStart: @CallActor () -> Void
    let onEnd: @CallActor (PlayOutcome) -> Void
    var isCancelled = false

    init(
        parts: [PlayPart], language: String, offsetMs: Int = 0, onStart: @escaping @CallActor () -> Void = {},
        afterParts: (@CallActor () -> Void)? = nil, onEnd: @escaping @CallActor (PlayOutcome) -> Void
    ) {
        self.parts = parts
        self.language = language
        self.offsetMs = offsetMs
        self.onStart = onStart
        self.afterParts = afterParts
        self.onEnd = onEnd
    }
}

/// What media is played to or recorded from: a channel, or all in a bridge.
@CallActor
protocol MediaTarget: AnyObject {
    var core: CallCore { get }
    /// Nil when there is no audio.
    var mediaPort: (any MediaPort)? { get }
    /// What ARI calls the target: `channel:<id>` or `bridge:<id>`.
    var targetURI: String { get }
    /// The applications that it belongs to.
    var applications: Set<String> { get }
    /// Whether what waits will never have its turn.
    var isEnding: Bool { get }
    /// Tells an event to the subscribers of the target.
    func emit(_ body: @autoclosure () -> EventBody)
}

/// What media can be played to.
@CallActor
protocol PlayTarget: MediaTarget {
    /// The rate at which sounds are best loaded, in Hz.
    var playRate: Int { get }
    var language: String { get }
    /// A job begins.
    func playBegins()
    /// Nothing plays or waits any more.
    func playIsOver()
    func reportPlayProblem(_ reason: String)
}

/// Plays to one target, one job after another.
@CallActor
final class PlayQueue {
    /// Jobs that may wait for one target.
    static let queueLimit = 1_000

    private unowned let target: any PlayTarget
    private var queue: [PlayJob] = []
    private var current: PlayJob?
    private var partIndex = 0
    private var anyPlayed = false
    private var token: UInt64 = 0
    private var isPlayingPart = false
    private var idleActions: [@CallActor () -> Void] = []

    init(target: any PlayTarget) {
        self.target = target
    }

    var isBusy: Bool { current != nil || !queue.isEmpty }

    /// Puts a job behind those that wait.
    ///
    /// - Parameter isPrompt: Whether it may begin at once. Otherwise that waits for the end of this turn of the loop, so that whoever asked
    ///   is answered before the events of the job come.
    /// - Returns: false when too many wait.
    @discardableResult func enqueue(_ job: PlayJob, isPrompt: Bool = true) -> Bool {
        guard queue.count < Self.queueLimit else { return false }
        queue.append(job)
        if isPrompt {
            if current == nil { startNext() }
        } else {
            _ = target.core.scheduler.schedule(afterMs: 0) { [weak self] in
                if let self, self.current == nil, !self.queue.isEmpty { self.startNext() }
            }
        }
        return true
    }

    /// Puts a job before all that wait: the next item of the list that has just ended one.
    func continueWith(_ job: PlayJob) {
        queue.insert(job, at: 0)
    }

    /// Runs `action` once nothing plays or waits any more.
    func whenIdle(_ action: @escaping @CallActor () -> Void) {
        if isBusy { idleActions.append(action) } else { action() }
    }

    private func startNext() {
        guard current == nil else { return }
        guard !queue.isEmpty else {
            target.playIsOver()
            let actions = idleActions
            idleActions = []
            for action in actions { action() }
            return
        }
        let job = queue.removeFirst()
        if job.isCancelled {
            job.onEnd(.stopped)
            startNext()
            return
        }
        current = job
        partIndex = 0
        anyPlayed = false
        if !job.parts.isEmpty { target.playBegins() }
        job.onStart()
        if current === job { playPart() }
    }

    private func playPart() {
        guard let job = current else { return }
        guard partIndex < job.parts.count else {
            if let afterParts = job.afterParts { return afterParts() }
            finish(anyPlayed ? .done : .failed)
            return
        }
        token &+= 1
        switch job.parts[partIndex] {
        case .unplayable(let reason):
            target.reportPlayProblem(reason)
            nextPart()
        case .tone(let program):
            play(.tone(program))
        case .recording(let name):
            load(name, of: job)
        case .sound(let name):
            load(name, of: job)
        }
    }

    private func load(_ name: String, of job: PlayJob) {
        let expected = token
        target.core.sounds.load(name, language: job.language, sampleRate: target.playRate) { [weak self] result in
            self?.loaded(result.mapError { $0 as any Error }, token: expected, of: job)
        }
    }

    private func load(_ name: RecordingName, of job: PlayJob) {
        let expected = token
        let rate = target.playRate
        let recordings = target.core.recordings
        recordings.whenSettled(name) {
            recordings.store.load(name, rate: rate) { [weak self] result in
                CallActor.assumeIsolated { self?.loaded(result.mapError { $0 as any Error }, token: expected, of: job) }
            }
        }
    }

    private func loaded(_ result: Result<PCMBuffer, any Error>, token expected: UInt64, of job: PlayJob) {
        guard token == expected, current === job else { return }
        switch result {
        case .success(let buffer):
            play(.audio(buffer, fromMs: partIndex == 0 ? min(job.offsetMs, buffer.durationMs) : 0))
        case .failure(let problem):
            target.reportPlayProblem("\(problem)")
            nextPart()
        }
    }

    private func play(_ item: PlayItem) {
        guard let port = target.mediaPort else {
            finish(.failed)
            return
        }
        isPlayingPart = true
        anyPlayed = true
        port.play(item, token: token)
    }

    private func nextPart() {
        isPlayingPart = false
        partIndex += 1
        playPart()
    }

    /// The port has played its item to the end.
    func portFinished(token finished: UInt64) {
        guard finished == token, isPlayingPart else { return }
        nextPart()
    }

    private func finish(_ outcome: PlayOutcome) {
        guard let job = current else { return }
        current = nil
        isPlayingPart = false
        token &+= 1
        job.onEnd(outcome)
        startNext()
    }

    /// Ends the turn of a job whose parts have been played.
    func end(_ job: PlayJob) {
        if job === current { finish(.done) }
    }

    // MARK: - Control

    /// Ends a job: at once when it plays, when its turn comes when it waits.
    func stop(_ job: PlayJob) {
        guard job === current else {
            job.isCancelled = true
            return
        }
        target.mediaPort?.stopPlay()
        finish(.stopped)
    }

    func pause() { target.mediaPort?.pausePlay() }
    func resume() { target.mediaPort?.resumePlay() }
    func restart() { target.mediaPort?.restartPlay() }
    func seek(byMs offset: Int) { target.mediaPort?.seekPlay(byMs: offset) }

    /// Ends everything as failed, the waiting jobs too: the target is ending.
    func failAll() {
        idleActions = []
        target.mediaPort?.stopPlay()
        while let job = current ?? queue.first {
            if current == nil {
                queue.removeFirst()
                job.onStart()
            }
            current = nil
            token &+= 1
            job.onEnd(.failed)
        }
    }
}
