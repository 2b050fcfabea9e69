import ARIModel
import CallCore

extension ARIHandlers {
    mutating func addSnoop(_ core: CallCore) {
        on("channels.snoopChannel") { call in try core.snoop(call, id: call.nonEmpty("snoopId")) }
        on("channels.snoopChannelWithId") { call in try core.snoop(call, id: call.path("snoopId")) }
    }
}

extension CallCore {
    fileprivate func snoop(_ call: ARICall, id: String?) throws(ARIError) -> ARIResponse {
        let spy = try direction(call, "spy")
        let whisper = try direction(call, "whisper")
        guard spy != .none || whisper != .none else { throw ARIError(400, "Direction must be specified for at least spy or whisper") }
        guard let application = call.nonEmpty("app") else { throw ARIError(400, "Application name is required") }
        guard let target = channel(idOrName: call.path("channelId"), for: call) else {
            throw ARIError(404, "Provided channel was not found")
        }
        let refused = ARIError(500, "Snoop channel could not be created")
        if let id, channels[id] != nil { throw refused }
        let (arguments, data) = applicationData(application, call.nonEmpty("appArgs"))
        do {
            return .ok(
                try snoop(
                    on: target,
                    SnoopRequest(id: id, spy: spy, whisper: whisper, application: application, arguments: arguments, data: data)
                ).snapshot)
        } catch {
            throw refused
        }
    }

    private func direction(_ call: ARICall, _ name: String) throws(ARIError) -> SnoopRequest.Direction {
        guard let direction = SnoopRequest.Direction(rawValue: call.nonEmpty(name) ?? "none") else {
            throw ARIError(400, "Invalid direction specified for \(name)")
        }
        return direction
    }
}
