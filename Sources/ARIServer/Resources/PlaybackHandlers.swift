import ARIModel
import CallCore

extension ARIHandlers {
    mutating func addPlaybacks(_ core: CallCore) {
        on("playbacks.get") { call in .ok(try core.playback(call).snapshot) }
        on("playbacks.stop") { call in
            let playback = try core.playback(call)
            do {
                try playback.stop()
            } catch {
                throw ARIError(500, "Could not stop playback")
            }
            return .noContent
        }
        on("playbacks.control") { call in
            guard let word = call.nonEmpty("operation") else { throw ARIError(400, "Missing operation") }
            guard let operation = CallCorePlayback.Operation(rawValue: word) else { throw ARIError(400, "Invalid operation \(word)") }
            let playback = try core.playback(call)
            do throws(CallCorePlayback.ControlError) {
                try playback.control(operation)
            } catch {
                throw error == .wrongState
                    ? ARIError(409, "Can only \(word) while media is playing") : ARIError(500, "Could not \(word) playback")
            }
            return .noContent
        }
    }
}

extension CallCore {
    fileprivate func playback(_ call: ARICall) throws(ARIError) -> CallCorePlayback {
        guard let playback = playback(call.path("playbackId"), for: call) else { throw ARIError(404, "Playback not found") }
        return playback
    }
}
