import ARIModel
import Audio
import Media

/// How something that was played came to its end.
enum PlayOutcome: Equatable, Sendable {
    case done
    case stopped
    case failed
}

/// Something waiting for its turn, or playing, on one channel.
@CallActor
final class PlayJob {
    let parts: [PlayPart]
    let language: String
    /// Where the first part starts.
    let offsetMs: Int
    let onStart: @CallActor () -> Void
    let onEnd: @CallActor (PlayOutcome) -> Void
    var isCancelled = false

    init(
        parts: [PlayPart], language: String, offsetMs: Int = 0, onStart: @escaping @CallActor () -> Void = {},
        onEnd: @escaping @CallActor (PlayOutcome) -> Void
    ) {
        self.parts = parts
        self.language = language
        self.offsetMs = offsetMs
        self.onStart = onStart
        self.onEnd = onEnd
    }
}

/// Plays to the far end of one channel, one job after another.
@CallActor
final class ChannelPlayer {
    /// Jobs that may wait on one channel.
    static let queueLimit = 1_000

    private unowned let channel: Channel
    private var queue: [PlayJob] = []
    private var current: PlayJob?
    private var partIndex = 0
    private var anyPlayed = false
    private var token: UInt64 = 0
    private var isPlayingPart = false
    private var idleActions: [@CallActor () -> Void] = []

    init(channel: Channel) {
        self.channel = channel
        channel.hasPlayer = true
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
            _ = channel.core.scheduler.schedule(afterMs: 0) { [weak self] in
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
            channel.applyBackground()
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
        if channel.state != .up { channel.leg?.indicate(.progress) }
        job.onStart()
        if current === job { playPart() }
    }

    private func playPart() {
        guard let job = current else { return }
        guard partIndex < job.parts.count else {
            finish(anyPlayed ? .done : .failed)
            return
        }
        token &+= 1
        switch job.parts[partIndex] {
        case .unplayable(let reason):
            channel.core.log.notice("can't play", channel: channel, detail: reason)
            nextPart()
        case .tone(let program):
            play(.tone(program))
        case .sound(let name):
            load(name, of: job)
        }
    }

    private func load(_ name: String, of job: PlayJob) {
        let expected = token
        channel.core.sounds.load(name, language: job.language, sampleRate: channel.leg?.sampleRate ?? 8_000) { [weak self] result in
            guard let self, self.token == expected, self.current === job else { return }
            switch result {
            case .success(let buffer):
                self.play(.audio(buffer, fromMs: self.partIndex == 0 ? min(job.offsetMs, buffer.durationMs) : 0))
            case .failure(let problem):
                self.channel.core.log.notice("can't play", channel: self.channel, detail: problem.description)
                self.nextPart()
            }
        }
    }

    private func play(_ item: PlayItem) {
        guard let port = channel.leg?.port else {
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

    // MARK: - Control

    /// Ends a job: at once when it plays, when its turn comes when it waits.
    func stop(_ job: PlayJob) {
        guard job === current else {
            job.isCancelled = true
            return
        }
        channel.leg?.port?.stopPlay()
        finish(.stopped)
    }

    func pause() { channel.leg?.port?.pausePlay() }
    func resume() { channel.leg?.port?.resumePlay() }
    func restart() { channel.leg?.port?.restartPlay() }
    func seek(byMs offset: Int) { channel.leg?.port?.seekPlay(byMs: offset) }

    /// Ends everything as failed, the waiting jobs too: the channel is ending.
    func failAll() {
        idleActions = []
        channel.leg?.port?.stopPlay()
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
