import ARIModel
import Media

extension Channel: RecordTarget {
    /// Records what the channel says once nothing else has its turn (ARI operation `record`); nil when too much waits.
    public func record(_ request: RecordRequest) -> Recording? {
        let recording = Recording(request, of: self, in: core.recordings.store)
        let job = PlayJob(
            parts: request.beeps ? [.sound("beep")] : [], language: language, afterParts: { recording.begin() },
            onEnd: { [weak recording] _ in recording?.targetEnds() })
        recording.job = job
        guard player.enqueue(job, isPrompt: false) else { return nil }
        recordings.append(recording)
        core.recordings.insert(recording)
        return recording
    }

    /// Whether a recording waits or runs.
    public var isRecorded: Bool { !recordings.isEmpty }

    func recordingBegins() throws(RecordRefusal) {
        guard bridge == nil else { throw RecordRefusal(cause: "Cannot record channel while in bridge") }
        if state != .up {
            guard !isOutbound else { throw RecordRefusal(cause: "Failed to answer channel") }
            answer()
        }
    }

    func recordingEnded(_ recording: Recording) {
        recordings.removeAll { $0 === recording }
        guard let job = recording.job else { return }
        recording.job = nil
        if recording.hasBegun { player.end(job) } else { player.stop(job) }
    }
}
