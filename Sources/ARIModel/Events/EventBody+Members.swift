extension EventBody {
    /// Writes the members that only this type of event has.
    func writeMembers(to writer: inout JSONWriter) {
        switch self {
        case .applicationRegistered, .applicationUnregistered, .applicationReplaced:
            break
        case .applicationMoveFailed(let channel, let destination, let args):
            writer.member("channel", channel)
            writer.member("destination", destination)
            writer.member("args", args)
        case .stasisStart(let channel, let args, let replaceChannel):
            writer.member("args", args)
            writer.member("channel", channel)
            writer.member("replace_channel", ifPresent: replaceChannel)
        case .callBroadcast(let channel, let caller, let called):
            writer.member("channel", channel)
            writer.member("caller", caller)
            writer.member("called", called)
        case .callClaimed(let channel, let winnerApp):
            writer.member("channel", channel)
            writer.member("winner_app", winnerApp)
        case .stasisEnd(let channel), .channelCreated(let channel), .channelStateChange(let channel),
            .channelConnectedLine(let channel), .channelToneDetected(let channel), .channelTalkingStarted(let channel),
            .channelUnhold(let channel):
            writer.member("channel", channel)
        case .channelDestroyed, .channelDialplan, .channelCallerId, .channelDtmfReceived, .channelHangupRequest,
            .channelVarset, .channelTalkingFinished, .channelHold, .channelTransfer, .channelUserevent, .dial:
            writeChannelMembers(to: &writer)
        case .bridgeCreated(let bridge), .bridgeDestroyed(let bridge):
            writer.member("bridge", bridge)
        case .bridgeMerged(let bridge, let from):
            writer.member("bridge", bridge)
            writer.member("bridge_from", from)
        case .bridgeVideoSourceChanged(let bridge, let oldVideoSourceID):
            writer.member("bridge", bridge)
            writer.member("old_video_source_id", ifPresent: oldVideoSourceID)
        case .channelEnteredBridge(let channel, let bridge), .channelLeftBridge(let channel, let bridge):
            writer.member("bridge", bridge)
            writer.member("channel", channel)
        case .bridgeBlindTransfer(let transfer): transfer.writeMembers(to: &writer)
        case .bridgeAttendedTransfer(let transfer): transfer.writeMembers(to: &writer)
        case .playbackStarted(let playback), .playbackContinuing(let playback), .playbackFinished(let playback):
            writer.member("playback", playback)
        case .recordingStarted(let recording), .recordingFinished(let recording), .recordingFailed(let recording):
            writer.member("recording", recording)
        case .deviceStateChanged(let state): writer.member("device_state", state)
        case .endpointStateChange(let endpoint): writer.member("endpoint", endpoint)
        case .contactStatusChange(let endpoint, let contact):
            writer.member("endpoint", endpoint)
            writer.member("contact_info", contact)
        case .peerStatusChange(let endpoint, let peer):
            writer.member("endpoint", endpoint)
            writer.member("peer", peer)
        case .textMessageReceived(let message, let endpoint):
            writer.member("endpoint", ifPresent: endpoint)
            writer.member("message", message)
        case .restResponse(let response): response.writeMembers(to: &writer)
        case .eventStreamStarted(let resume, let seq):
            writer.member("resume", resume)
            writer.member("seq", seq)
        case .eventStreamResumed(let resume, let seq, let missed):
            writer.member("resume", resume)
            writer.member("seq", seq)
            writer.member("missed", missed)
        case .resumeFailed(let failed):
            writer.member("reason", failed.reason.rawValue)
            writer.member("resume", failed.resume)
            writer.member("seq", 0)
            writer.member("channels", failed.channels)
            writer.member("bridges", failed.bridges)
            writer.member("complete", failed.isComplete)
        case .channelAssigned(let channel, let args):
            writer.member("args", args)
            writer.member("channel", channel)
        }
    }

    private func writeChannelMembers(to writer: inout JSONWriter) {
        switch self {
        case .channelDestroyed(let channel, let cause, let causeText, let techCause):
            writer.member("cause", cause)
            writer.member("cause_txt", causeText)
            writer.member("tech_cause", ifPresent: techCause)
            writer.member("channel", channel)
        case .channelDialplan(let channel, let app, let appData):
            writer.member("dialplan_app", app)
            writer.member("dialplan_app_data", appData)
            writer.member("channel", channel)
        case .channelCallerId(let channel, let presentation, let presentationText):
            writer.member("caller_presentation", presentation)
            writer.member("caller_presentation_txt", presentationText)
            writer.member("channel", channel)
        case .channelDtmfReceived(let channel, let digit, let durationMs):
            writer.member("digit", digit)
            writer.member("duration_ms", durationMs)
            writer.member("channel", channel)
        case .channelHangupRequest(let channel, let cause, let soft, let techCause):
            writer.member("cause", ifPresent: cause)
            writer.member("tech_cause", ifPresent: techCause)
            writer.member("soft", ifPresent: soft)
            writer.member("channel", channel)
        case .channelVarset(let channel, let variable, let value):
            writer.member("variable", variable)
            writer.member("value", value)
            writer.member("channel", ifPresent: channel)
        case .channelTalkingFinished(let channel, let durationMs):
            writer.member("duration", durationMs)
            writer.member("channel", channel)
        case .channelHold(let channel, let musicClass):
            writer.member("musicclass", musicClass)
            writer.member("channel", channel)
        case .channelTransfer(let state, let referTo, let referredBy):
            writer.member("refer_to", referTo)
            writer.member("referred_by", referredBy)
            writer.member("state", ifPresent: state)
        case .channelUserevent(let eventName, let channel, let bridge, let endpoint, let variables):
            var userEvent: JSONObject = JSONObject()
            userEvent["eventname"] = .string(eventName)
            for variable in variables.members { userEvent[variable.name] = variable.value }
            writer.member("eventname", eventName)
            writer.member("userevent", userEvent)
            writer.member("channel", ifPresent: channel)
            writer.member("bridge", ifPresent: bridge)
            writer.member("endpoint", ifPresent: endpoint)
        case .dial(let caller, let peer, let dialString, let status, let forward, let forwarded):
            writer.member("dialstatus", status)
            writer.member("forward", forward)
            writer.member("dialstring", dialString)
            writer.member("caller", ifPresent: caller)
            writer.member("peer", peer)
            writer.member("forwarded", ifPresent: forwarded)
        default:
            break
        }
    }
}

extension BlindTransfer {
    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.member("channel", channel)
        writer.member("exten", exten)
        writer.member("context", context)
        writer.member("result", result)
        writer.member("is_external", isExternal)
        writer.member("transferee", ifPresent: transferee)
        writer.member("replace_channel", ifPresent: replaceChannel)
        writer.member("bridge", ifPresent: bridge)
    }
}

extension AttendedTransfer {
    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.member("transferer_first_leg", firstLeg)
        writer.member("transferer_second_leg", secondLeg)
        writer.member("result", result)
        writer.member("is_external", isExternal)
        writer.member("transferee", ifPresent: transferee)
        writer.member("transfer_target", ifPresent: transferTarget)
        writer.member("replace_channel", ifPresent: replaceChannel)
        writer.member("transferer_first_leg_bridge", ifPresent: firstLegBridge)
        writer.member("transferer_second_leg_bridge", ifPresent: secondLegBridge)
        destination.writeMembers(to: &writer)
    }
}

extension AttendedTransfer.Destination {
    fileprivate func writeMembers(to writer: inout JSONWriter) {
        switch self {
        case .bridge(let id):
            writer.member("destination_type", "bridge")
            writer.member("destination_bridge", id)
        case .application(let name):
            writer.member("destination_type", "application")
            writer.member("destination_application", name)
        case .link(let firstLeg, let secondLeg):
            writer.member("destination_type", "link")
            writer.member("destination_link_first_leg", firstLeg)
            writer.member("destination_link_second_leg", secondLeg)
        case .threeway(let channel, let bridge):
            writer.member("destination_type", "threeway")
            writer.member("destination_threeway_channel", channel)
            writer.member("destination_threeway_bridge", bridge)
        case .fail:
            writer.member("destination_type", "fail")
        }
    }
}

extension RESTResponse {
    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.member("transaction_id", transactionID)
        writer.member("request_id", requestID)
        writer.member("status_code", statusCode)
        writer.member("reason_phrase", reasonPhrase)
        writer.member("uri", uri)
        writer.member("content_type", ifPresent: contentType)
        writer.member("message_body", ifPresent: messageBody)
    }
}
