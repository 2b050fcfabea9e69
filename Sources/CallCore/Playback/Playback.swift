public import ARIModel

/// A playback that an application started on a channel: a list of media, one after another.
@CallActor
public final class Playback {
    public let id: String
    private let channel: Channel
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

    init(id: String, channel: Channel, media: [String], language: String, skipMs: Int, offsetMs: Int) {
        self.id = id
        self.channel = channel
        self.media = media.map { MediaItem(uri: $0, parsed: MediaURI($0, indicationsCountry: channel.core.settings.indicationsCountry)) }
        self.language = language
        self.skipMs = skipMs
        self.offsetMs = offsetMs
    }

    /// What ARI shows of the playback now.
    public var snapshot: ARIModel.Playback {
        ARIModel.Playback(
            id: id, mediaURI: media[index].uri, nextMediaURI: index + 1 < media.count ? media[index + 1].uri : nil,
            targetURI: "channel:\(channel.id)", language: language, state: state)
    }

    /// Puts the playback behind what waits on its channel.
    /// - Returns: false when too many wait.
    func enqueue() -> Bool {
        channel.player.enqueue(makeJob(first: true), isPrompt: false)
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
        channel.emit(.playbackStarted(playback: snapshot))
    }

    private func ended(_ outcome: PlayOutcome) {
        anyDone = anyDone || outcome == .done
        // The job's closures hold this playback.
        job = nil
        if outcome == .stopped || index + 1 >= media.count || channel.hangupRequested {
            state = outcome == .stopped || (anyDone && !channel.hangupRequested) ? .done : .failed
            channel.core.playbacks.remove(self)
            channel.emit(.playbackFinished(playback: snapshot))
            return
        }
        state = .continuing
        channel.emit(.playbackContinuing(playback: snapshot))
        index += 1
        channel.player.continueWith(makeJob(first: false))
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
            channel.player.stop(job)
            return
        }
        guard media[index].parsed.isControllable else { throw .notControllable }
        channel.player.stop(job)
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
            channel.player.pause()
            state = .paused
        case .unpause:
            guard state == .paused else { return }
            channel.player.resume()
            state = .playing
            channel.emit(.playbackStarted(playback: snapshot))
        case .restart: channel.player.restart()
        case .forward: channel.player.seek(byMs: skipMs)
        case .reverse: channel.player.seek(byMs: -skipMs)
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

extension Channel {
    /// Milliseconds that `forward` and `reverse` skip when the client says nothing.
    public static let defaultSkipMs = 3_000

    /// Queues media on the channel (ARI operation `play`).
    /// - Returns: nil when there is no media, an empty item, or too much waits.
    public func play(id: String?, media: [String], language: String?, skipMs: Int, offsetMs: Int) -> Playback? {
        guard !media.isEmpty, media.allSatisfy({ !$0.isEmpty }) else { return nil }
        let playback = Playback(
            id: id ?? core.randomUUID(), channel: self, media: media, language: language ?? self.language,
            skipMs: skipMs > 0 ? skipMs : Self.defaultSkipMs, offsetMs: offsetMs)
        core.playbacks.insert(playback)
        guard playback.enqueue() else {
            core.playbacks.remove(playback)
            return nil
        }
        return playback
    }
}
