import ARIModel
import Media

/// Records what all in a bridge say. Those inside see it as one more peer while it runs.
@CallActor
final class BridgeRecorder: RecordTarget {
    // Strong: the file is closed, and told about, after the bridge is gone. Taken apart when the recording has ended.
    private let bridge: Bridge
    private var guest: BridgeGuest?
    fileprivate(set) var recording: Recording?

    init(_ bridge: Bridge) {
        self.bridge = bridge
    }

    var core: CallCore { bridge.core }
    var mediaPort: (any MediaPort)? { bridge.mixer }
    var targetURI: String { "bridge:\(bridge.id)" }
    var applications: Set<String> { bridge.presentApplications }
    var isEnding: Bool { bridge.isGone }

    func emit(_ body: @autoclosure () -> EventBody) { core.events.publish(about: bridge, body) }

    func recordingBegins() throws(RecordRefusal) {
        guard !bridge.isGone else { throw RecordRefusal(cause: "The bridge is gone") }
        let guest = BridgeGuest(name: "Recorder/ARI-\(core.nextNameSerial());2")
        self.guest = guest
        bridge.admit(guest)
    }

    func recordingEnded(_ recording: Recording) {
        self.recording = nil
        bridge.recorders.removeAll { $0 === self }
        if let guest { bridge.dismiss(guest) }
        guest = nil
    }
}

extension Bridge {
    /// Records what all inside say (ARI operation `record`); several recordings may run at one time. Nil when too much waits.
    public func record(_ request: RecordRequest) -> Recording? {
        let recorder = BridgeRecorder(self)
        let recording = Recording(request, of: recorder, in: core.recordings.store)
        recorder.recording = recording
        if request.beeps {
            let announcer = readyAnnouncer()
            let job = PlayJob(parts: [.sound("beep")], language: announcer.language) { _ in recording.begin() }
            guard announcer.queue.enqueue(job, isPrompt: false) else { return nil }
        } else {
            core.afterThisTurn { recording.begin() }
        }
        recorders.append(recorder)
        core.recordings.insert(recording)
        return recording
    }

    /// A digit was pressed inside.
    func hear(_ digit: Character) {
        for recorder in recorders { recorder.recording?.hear(digit) }
    }
}
