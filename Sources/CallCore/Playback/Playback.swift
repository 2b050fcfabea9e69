public import ARIModel
import Media

/// A playback that an application started on a channel or a bridge: a list of media, one after another.
@CallActor
public final class Playback {
    public let id: String
    let target: any PlayTarget
    private let queue: PlayQueue
    private let media: [MediaItem]
    private let language: String
    private let skipMs: Int
    private let offsetMs: Int
    private var index = 0
    public private(set) var state: PlaybackState = .queued
    private var job: PlayJob?
    private var isStopped = false

    private struct MediaItem {
        let uri: String
        let parsed: MediaURI
    }

    init(
        id: String, target: any PlayTarget, queue: PlayQueue, media: [String], language: String, skipMs: Int, offsetMs: Int
    ) {
        self.id = id
        self.target = target
        self.queue = queue
        self.media = media.map { MediaItem(uri: $0, parsed: MediaURI($0, indicationsCountry: target.core.settings.indicationsCountry)) }
        self.language = language
        self.skipMs = skipMs
        self.offsetMs = offsetMs
    }

    /// What ARI shows of the playback now.
    public var snapshot: ARIModel.Playback {
        ARIModel.Playback(
            id: id, mediaURI: media[index].uri, nextMediaURI: index + 1 < media.count ? media[index + 1].uri : nil,
            targetURI: target.targetURI, language: language, state: state)
    }

    /// Puts the playback behind what waits for its target.
    /// - Returns: false when too many wait.
    func enqueue() -> Bool {
        queue.enqueue(makeJob(first: true), isPrompt: false)
    }

    private func makeJob(first: Bool) -> PlayJob {
        let item = media[index]
        let job = PlayJob(
            parts: item.parsed.parts, language: language, offsetMs: first ? offsetMs : 0,
            onStart: { [self] in started() }, onEnd: { [self] in ended($0) })
        self.job = job
        return job
    }

    private func started() {
        state = .playing
        if let channel = target as? Channel { channel.call?.note(.plays, channel, .text(media[index].uri)) }
        target.emit(.playbackStarted(playback: snapshot))
    }

    private func ended(_ outcome: PlayOutcome) {
        anyDone = anyDone || outcome == .done
        // The job's closures hold this playback.
        job = nil
        if outcome == .stopped || index + 1 >= media.count || target.isEnding {
            state = outcome == .stopped || (anyDone && !target.isEnding) ? .done : .failed
            target.core.playbacks.remove(self)
            target.emit(.playbackFinished(playback: snapshot))
            return
        }
        state = .continuing
        target.emit(.playbackContinuing(playback: snapshot))
        index += 1
        queue.continueWith(makeJob(first: false))
    }

    private var anyDone = false

    // MARK: - Control

    /// Why a control operation is refused.
    public enum ControlError: Error, Equatable { case wrongState, notControllable }

    public enum Operation: String, Sendable { case restart, pause, unpause, reverse, forward }

    /// Ends the playback, the items behind the present one included.
    public func stop() throws(ControlError) {
        guard let job else { return }
        if state == .queued {
            state = .done
            queue.stop(job)
            return
        }
        guard media[index].parsed.isControllable else { throw .notControllable }
        queue.stop(job)
    }

    public func control(_ operation: Operation) throws(ControlError) {
        switch (state, operation) {
        case (.playing, _), (.paused, .unpause), (.paused, .pause): break
        default: throw .wrongState
        }
        guard media[index].parsed.isControllable else { throw .notControllable }
        switch operation {
        case .pause:
            guard state == .playing else { return }
            queue.pause()
            state = .paused
        case .unpause:
            guard state == .paused else { return }
            queue.resume()
            state = .playing
            target.emit(.playbackStarted(playback: snapshot))
        case .restart: queue.restart()
        case .forward: queue.seek(byMs: skipMs)
        case .reverse: queue.seek(byMs: -skipMs)
        }
    }
}

/// The playbacks that have not ended.
@CallActor
public struct PlaybackRegistry {
    private var byID: [String: Playback] = [:]

    init() {}

    public subscript(id: String) -> Playback? { byID[id] }

    mutating func insert(_ playback: Playback) {
        byID[playback.id] = playback
    }

    mutating func remove(_ playback: Playback) {
        if byID[playback.id] === playback { byID[playback.id] = nil }
    }
}

/// What a client asks to be played (ARI operations `play` of channels and bridges).
public struct PlayRequest: Sendable {
    /// Milliseconds that `forward` and `reverse` skip when the client says nothing.
    public static let defaultSkipMs = 3_000

    public var id: String?
    public var media: [String]
    public var language: String?
    public var skipMs: Int
    public var offsetMs: Int

    public init(id: String?, media: [String], language: String? = nil, skipMs: Int = 0, offsetMs: Int = 0) {
        self.id = id
        self.media = media
        self.language = language
        self.skipMs = skipMs
        self.offsetMs = offsetMs
    }
}

extension CallCore {
    /// Queues media for a target; nil when there is no media, an empty item, or too much waits.
    func play(_ request: PlayRequest, to target: any PlayTarget, queue: PlayQueue) -> Playback? {
        guard !request.media.isEmpty, request.media.allSatisfy({ !$0.isEmpty }) else { return nil }
        let playback = Playback(
            id: request.id ?? randomUUID(), target: target, queue: queue, media: request.media,
            language: request.language ?? target.language, skipMs: request.skipMs > 0 ? request.skipMs : PlayRequest.defaultSkipMs,
            offsetMs: request.offsetMs)
        playbacks.insert(playback)
        guard playback.enqueue() else {
            playbacks.remove(playback)
            return nil
        }
        return playback
    }
}

extension Channel: PlayTarget {
    var mediaPort: (any MediaPort)? { leg?.port }
    var playRate: Int { leg?.sampleRate ?? 8_000 }
    var targetURI: String { "channel:\(id)" }
    var isEnding: Bool { hangupRequested }

    func playBegins() {
        if state != .up { leg?.indicate(.progress) }
    }

    func playIsOver() { applyBackground() }

    func reportPlayProblem(_ reason: String) {
        core.log.notice("can't play", channel: self, detail: reason)
    }

    /// Queues media on the channel (ARI operation `play`); nil when there is none, an empty item, or too much waits.
    public func play(_ request: PlayRequest) -> Playback? {
        core.play(request, to: self, queue: player)
    }
}
