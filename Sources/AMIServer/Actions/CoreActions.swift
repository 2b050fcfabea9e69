import AMI
import ARIModel
import CallCore
import Dialplan

extension AMIAction {
    /// What the server as a whole tells and does.
    static let coreActions: [AMIAction] = [
        AMIAction("CoreStatus", "Show PBX core status variables.", [.system, .reporting]) { call in
            let (startDate, startTime) = dateAndTime(call.core.startedMs, call.core)
            let (reloadDate, reloadTime) = dateAndTime(call.core.reloadedMs, call.core)
            return .success(
                nil,
                [
                    .init("CoreStartupDate", startDate), .init("CoreStartupTime", startTime), .init("CoreReloadDate", reloadDate),
                    .init("CoreReloadTime", reloadTime), .init("CoreCurrentCalls", String(call.core.channels.count)),
                ])
        },
        AMIAction("CoreSettings", "Show PBX core settings (version etc).", [.system, .reporting]) { call in
            .success(
                nil,
                [
                    .init("AMIversion", "11.0.0"), .init("AsteriskVersion", call.server.environment.version),
                    .init("SystemName", call.server.environment.systemName()),
                    .init("CoreMaxCalls", String(call.core.settings.channelLimit)),
                    .init("CoreMaxLoadAvg", "0.000000"), .init("CoreRunUser", ""), .init("CoreRunGroup", ""),
                    .init("CoreMaxFilehandles", "0"), .init("CoreRealTimeEnabled", "No"),
                    .init("CoreCDRenabled", call.server.settings.tellsCDR ? "Yes" : "No"),
                    .init("CoreHTTPenabled", call.server.environment.isHTTPEnabled() ? "Yes" : "No"), .init("SoundsSearchCustomDir", "Yes"),
                ])
        },
        AMIAction("CoreShowChannels", "List currently active channels.", [.system, .reporting]) { call in
            .list(
                "Channels will follow", call.core.channels.all.map { shown($0, call) }, complete: "CoreShowChannelsComplete")
        },
        AMIAction("Command", "Execute Asterisk CLI Command.", .command) { call in
            let line = call["Command"]
            guard !line.isEmpty else { return .error("No command provided") }
            return .later {
                let output = await call.server.environment.runCommand(line)
                var message = AMIMessage(
                    [.init("Response", output.succeeded ? "Success" : "Error"), .init("Message", "Command output follows")])
                for text in output.lines { message.add("Output", text) }
                return [message]
            }
        },
        AMIAction("Reload", "Send a reload event.", [.system, .config]) { call in
            .later {
                await call.server.environment.reload()
                call.server.publish(AMIEvent("Reload", .system, [.init("Module", "All"), .init("Status", "0")]))
                return [.success("Module Reloaded")]
            }
        },
        AMIAction("UserEvent", "Send an arbitrary event.", .user) { call in
            guard !call["UserEvent"].isEmpty else { return .error("UserEvent not specified") }
            let fields = call.request.fields.filter { !["action", "actionid", "userevent"].contains($0.name.lowercased()) }
            let channel = call.channel()
            call.core.events.note(
                .userEvent(
                    name: call["UserEvent"], channel: channel,
                    fields: fields.filter { channel == nil || $0.name.lowercased() != "channel" }.map { ($0.name, $0.value) }))
            return .success("Event Sent")
        },
    ]

    @CallActor
    private static func shown(_ channel: CallCore.LiveChannel, _ call: AMICall) -> AMIMessage {
        var message = AMIMessage([.init("Event", "CoreShowChannel")])
        message.add(call.fields.channel(channel))
        message.add("BridgeId", channel.bridge?.id ?? "")
        message.add("Application", channel.applicationName)
        message.add("ApplicationData", channel.applicationData)
        message.add("Duration", EventFields.duration((call.core.scheduler.nowMs - channel.createdMs) / 1_000))
        return message
    }

    @CallActor
    private static func dateAndTime(_ ms: Int64, _ core: CallCore) -> (String, String) {
        let text = core.timestamp(ms).description
        return (String(text.prefix(10)), String(text.dropFirst(11).prefix(8)))
    }
}
