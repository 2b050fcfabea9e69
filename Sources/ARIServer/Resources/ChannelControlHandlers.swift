import ARIModel
import CallCore

extension ARIHandlers {
    /// What an application does to a channel that it has.
    mutating func addChannelControls(_ core: CallCore) {
        func control(_ id: String, _ action: @escaping @CallActor (CallCoreChannel) -> Void) {
            on("channels.\(id)") { call in
                action(try core.controlled(call))
                return .noContent
            }
        }
        control("answer") { $0.answer() }
        control("ring") { $0.indicate(.ringing) }
        control("ringStop") { $0.indicate(.stopTone) }
        control("progress") { $0.indicate(.progress) }
        control("hold") { $0.setHold(true) }
        control("unhold") { $0.setHold(false) }
        control("stopMoh") { $0.stopBackground() }
        control("startSilence") { $0.startSilence() }
        control("stopSilence") { $0.stopBackground() }
        on("channels.startMoh") { call in
            try core.controlled(call).startMusic(class: call.nonEmpty("mohClass"))
            return .noContent
        }
        on("channels.mute") { call in
            try core.controlled(call).setMuted(true, try muteDirection(call))
            return .noContent
        }
        on("channels.unmute") { call in
            try core.controlled(call).setMuted(false, try muteDirection(call))
            return .noContent
        }
        on("channels.sendDTMF") { call in
            let channel = try core.controlled(call)
            guard let digits = call.nonEmpty("dtmf") else { throw ARIError(400, "DTMF is required") }
            channel.sendDigits(
                digits, beforeMs: max(0, call.int("before")), betweenMs: max(0, call.int("between")),
                durationMs: max(0, call.int("duration")), afterMs: max(0, call.int("after")))
            return .noContent
        }
        on("channels.move") { call in
            let channel = try core.controlled(call, checksState: false)
            guard let application = call.nonEmpty("app") else { throw ARIError(400, "Missing parameter app") }
            channel.move(to: application, arguments: call.nonEmpty("appArgs").map(splitList) ?? [])
            return .noContent
        }
        on("channels.redirect") { call in
            let channel = try core.controlled(call)
            guard channel.redirect(to: try redirectTarget(call, of: channel)) else { throw ARIError(500, "Failed to redirect channel") }
            return .noContent
        }
        on("channels.transfer_progress") { call in
            let channel = try core.controlled(call, checksState: false)
            guard let word = call.nonEmpty("states") else { throw ARIError(400, "states must not be empty") }
            guard let state = CallCoreChannel.TransferState(rawValue: word.lowercased()) else {
                throw ARIError(400, "Invalid states value")
            }
            guard channel.reportTransfer(state) else { throw ARIError(409, "The channel's far end asked for no transfer") }
            return .noContent
        }
        on("channels.play") { call in try core.play(call, id: call.nonEmpty("playbackId")) }
        on("channels.playWithId") { call in try core.play(call, id: call.path("playbackId")) }
    }
}

/// Reads the endpoint of a redirect: same technology, with something behind the slash.
@CallActor
private func redirectTarget(_ call: ARICall, of channel: CallCoreChannel) throws(ARIError) -> String {
    guard let endpoint = call.nonEmpty("endpoint") else {
        throw ARIError(400, "Required parameter 'endpoint' not provided.", reason: "Not Found")
    }
    guard let slash = endpoint.firstIndex(of: "/") else {
        throw ARIError(422, "Endpoint parameter '\(endpoint)' does not contain tech/resource")
    }
    let technology = endpoint[..<slash]
    let resource = String(endpoint[endpoint.index(after: slash)...])
    guard !resource.isEmpty else { throw ARIError(422, "No resource provided in endpoint parameter '\(endpoint)'") }
    guard technology.lowercased() == channel.technology.lowercased() else {
        throw ARIError(422, "Endpoint technology '\(technology)' does not match channel technology '\(channel.technology)'")
    }
    return resource
}

private func muteDirection(_ call: ARICall) throws(ARIError) -> CallCoreChannel.MuteDirection {
    guard let word = call.nonEmpty("direction") else { throw ARIError(400, "Direction is required") }
    guard let direction = CallCoreChannel.MuteDirection(rawValue: word) else { throw ARIError(400, "Invalid direction specified") }
    return direction
}

extension CallCore {
    fileprivate func play(_ call: ARICall, id: String?) throws(ARIError) -> ARIResponse {
        let channel = try controlled(call)
        guard let playback = channel.play(try playRequest(call, id: id)) else { throw .tooManyPlaybacks }
        return .created(playback.snapshot, at: "playbacks", playback.id)
    }

    /// What a client asks to be played.
    func playRequest(_ call: ARICall, id: String?) throws(ARIError) -> PlayRequest {
        let skipMs = call.int("skipms")
        let offsetMs = call.int("offsetms")
        if skipMs < 0 { throw ARIError(400, "skipms cannot be negative") }
        if offsetMs < 0 { throw ARIError(400, "offsetms cannot be negative") }
        let media = try call.list("media") ?? []
        if media.isEmpty || media.contains(where: \.isEmpty) { throw ARIError(400, "media must be specified") }
        return PlayRequest(
            id: id, media: media, language: call.nonEmpty("lang"), skipMs: skipMs, offsetMs: offsetMs)
    }
}
