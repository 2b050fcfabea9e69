import CallCore
import Media

/// What a call may name: anything beyond its user's applications counts as absent.
extension ARICall {
    var scope: AccessScope { user.scope }
}

extension CallCore {
    /// The channel with that id, as far as the caller may see it.
    func channel(_ id: String, for call: ARICall) -> CallCoreChannel? {
        channels[id].flatMap { call.scope.includes($0) ? $0 : nil }
    }

    /// The channel with that id or name, as far as the caller may see it.
    func channel(idOrName: String, for call: ARICall) -> CallCoreChannel? {
        channels.find(idOrName: idOrName).flatMap { call.scope.includes($0) ? $0 : nil }
    }

    /// The bridge with that id, as far as the caller may see it.
    func bridge(_ id: String, for call: ARICall) -> CallCoreBridge? {
        bridges[id].flatMap { call.scope.includes($0) ? $0 : nil }
    }

    func playback(_ id: String, for call: ARICall) -> CallCorePlayback? {
        playbacks[id].flatMap { call.scope.includes($0) ? $0 : nil }
    }

    func liveRecording(_ name: RecordingName, for call: ARICall) -> Recording? {
        recordings[name].flatMap { call.scope.includes($0) ? $0 : nil }
    }

    func mayUse(_ name: RecordingName, _ call: ARICall) -> Bool {
        call.scope.includes(name, owners: recordings.owners)
    }
}
