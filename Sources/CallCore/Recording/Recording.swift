public import ARIModel
import Audio
import Media

/// A recording from the request for it to its end: of what a channel says, or of all in a bridge.
///
/// It waits for its turn, opens its file, copies audio into it, and ends for one of the reasons of ``Ending``. The file is whole when
/// RecordingFinished is told, but where the target ends first: then the event comes before the target's own last ones, and who asks for
/// the file waits until it is whole (`Recordings.settled(_:)`).
@CallActor
public final class Recording {
    public let request: RecordRequest
    let target: any RecordTarget
    private let store: RecordingStore
    public private(set) var state: RecordingState = .queued
    /// Nil before the recording has begun and after it has ended.
    private var tap: AudioTap?
    /// What is known of the audio once it has ended.
    private var outcome: (durationMs: Int, silenceMs: Int)?
    private var cause: String?
    /// The recording's place among what waits for the target, where it has one.
    var job: PlayJob?
    private var ending: Ending?
    private var hasToldEnd = false

    private enum Ending {
        case kept
        case discarded
        /// Nobody talked for too long; that silence is not kept.
        case silent
        case failed(String)
    }

    /// Milliseconds of silence that stay at the end of a recording which silence ended.
    private static let keptSilenceMs = 200

    init(_ request: RecordRequest, of target: any RecordTarget, in store: RecordingStore) {
        self.request = request
        self.target = target
        self.store = store
    }

    var core: CallCore { target.core }
    /// Whether its turn has come.
    private(set) var hasBegun = false

    /// What ARI shows of the recording now.
    public var snapshot: LiveRecording {
        var shown = LiveRecording(
            name: request.name.description, format: request.formatName, state: state, targetURI: target.targetURI, cause: cause)
        if let outcome {
            let seconds = outcome.durationMs / 1_000
            shown.duration = seconds
            if request.maxSilenceSeconds > 0 {
                // To the nearest second: the start of a second of speech may lie in the jitter buffer's delay.
                shown.talkingDuration = min(seconds, (outcome.durationMs - outcome.silenceMs + 500) / 1_000)
                shown.silenceDuration = seconds - (shown.talkingDuration ?? 0)
            }
        }
        return shown
    }

    // MARK: - Beginning

    /// Its turn has come: opens the file.
    func begin() {
        guard ending == nil else { return }
        hasBegun = true
        do throws(RecordRefusal) {
            try target.recordingBegins()
        } catch {
            return end(.failed(error.cause))
        }
        let tap = AudioTap(request.isStereo ? .sides : .said, sampleRate: request.format.sampleRate, limits: request.limits) {
            [self] end in CallActor.assumeIsolated { tapEnded(end) }
        }
        store.begin(
            request.name, format: request.format, existing: request.existing, from: tap,
            onFailure: { [weak self] failure in CallActor.assumeIsolated { self?.end(.failed(failure.description)) } },
            completion: { [self] result in CallActor.assumeIsolated { opened(result, tap) } })
    }

    private func opened(_ result: Result<Void, RecordingError>, _ tap: AudioTap) {
        switch result {
        case .failure(let failure): end(.failed(failure.description))
        case .success:
            guard ending == nil else { return unopen() }
            guard let port = target.mediaPort else {
                unopen()
                return end(.failed("there is no audio to record"))
            }
            self.tap = tap
            port.addTap(tap)
            state = .recording
            if let channel = target as? Channel { channel.call?.note(.records, channel, .text(request.name.description)) }
            target.emit(.recordingStarted(recording: snapshot))
        }
    }

    /// Takes back that a file was opened; what was there before stays.
    private func unopen() {
        if request.existing == .append { store.finish(request.name) { _ in } } else { store.discard(request.name) {} }
    }

    // MARK: - While it runs

    /// Leaves out what comes from now on, or goes on; nothing changes for one that is so already.
    public func setPaused(_ paused: Bool) throws(NotInSession) {
        guard let tap, ending == nil else { throw NotInSession() }
        tap.setPaused(paused)
        state = paused ? .paused : .recording
    }

    /// Records silence instead of what is said, or no longer.
    public func setMuted(_ muted: Bool) throws(NotInSession) {
        guard let tap, ending == nil else { throw NotInSession() }
        tap.setMuted(muted)
    }

    /// Tells why a control operation is refused: the recording waits or is over.
    public struct NotInSession: Error {}

    /// A digit was pressed at the target.
    func hear(_ digit: Character) {
        if tap != nil, request.terminator.matches(digit) { end(.kept) }
    }

    // MARK: - Ending

    /// Ends the recording and keeps its file.
    public func stop() { end(state == .queued ? .discarded : .kept) }

    /// Ends the recording and throws its file away.
    public func cancel() { end(.discarded) }

    /// The target ends, or whatever the recording had its turn in.
    func targetEnds() {
        end(state == .queued ? .failed("the channel or bridge ended before its turn") : .kept)
    }

    private func end(_ ending: Ending) {
        guard self.ending == nil else { return }
        self.ending = ending
        core.recordings.remove(self)
        guard let tap else {
            // Before its turn, or while its file is being opened.
            if case .discarded = ending { state = .canceled } else { state = .failed }
            if case .failed(let text) = ending { cause = text }
            return tellEnd()
        }
        // A target that ends tells its own last events now.
        if target.isEnding { finish(tap) }
        core.recordings.isSettling(self)
        target.mediaPort?.removeTap(tap)
        if target.mediaPort == nil { tapEnded(.portClosed) }
    }

    /// The tap has got its last frame.
    private func tapEnded(_ end: AudioTap.End) {
        guard let tap else { return }
        if ending == nil {
            core.recordings.isSettling(self)
            core.recordings.remove(self)
            ending = end == .maxSilence ? .silent : .kept
            if end == .portClosed { finish(tap) }
        }
        self.tap = nil
        close(tap)
    }

    /// Completes the file, or throws it away, then tells the end unless that has been done.
    private func close(_ tap: AudioTap) {
        if case .discarded = ending {
            return store.discard(request.name) { [self] in CallActor.assumeIsolated { closed(tap, nil) } }
        }
        var trimMs = 0
        if case .silent = ending { trimMs = max(0, request.maxSilenceSeconds * 1_000 - Self.keptSilenceMs) }
        store.finish(request.name, trimMs: trimMs) { [self] result in
            CallActor.assumeIsolated {
                if case .failure(let failure) = result { closed(tap, failure) } else { closed(tap, nil) }
            }
        }
    }

    private func closed(_ tap: AudioTap, _ failure: RecordingError?) {
        if let failure, case .kept? = ending { ending = .failed(failure.description) }
        if tap.lostSamples > 0 {
            core.log.notice(
                "a recording has gaps: the disk was too slow", channel: nil,
                detail: "\(request.name): \(tap.lostSamples / tap.channels) samples are silence")
        }
        if !hasToldEnd { finish(tap) }
        core.recordings.settled(self)
    }

    private func finish(_ tap: AudioTap) {
        outcome = (tap.durationMs, tap.silenceMs)
        if case .failed(let text)? = ending {
            cause = text
            state = .failed
        } else {
            // The reference says done of a recording that was thrown away, too.
            state = .done
        }
        tellEnd()
    }

    private func tellEnd() {
        hasToldEnd = true
        if state == .failed {
            target.emit(.recordingFailed(recording: snapshot))
        } else {
            target.emit(.recordingFinished(recording: snapshot))
        }
        target.recordingEnded(self)
    }
}

/// Why a target can't be recorded now.
struct RecordRefusal: Error {
    let cause: String
}

/// What can be recorded.
@CallActor
protocol RecordTarget: MediaTarget {
    /// Gets ready: from now on `mediaPort` is what is recorded.
    func recordingBegins() throws(RecordRefusal)
    /// The recording is over; its end has been told.
    func recordingEnded(_ recording: Recording)
}
