import ARIModel
import CallCore

extension ARIHandlers {
    mutating func addEvents(_ core: CallCore) {
        on("events.userEvent") { call in
            guard let name = call.nonEmpty("application") else { throw ARIError(400, "Missing parameter application") }
            guard let application = core.applications[name] else { throw ARIError(404, "Application not found") }
            let sources = try call.list("source") ?? []
            do throws(EventSourceError) {
                try core.sendUserEvent(
                    named: call.path("eventName"), to: application, sources: sources,
                    variables: call.body?["variables"]?.object ?? JSONObject(), within: call.scope)
            } catch {
                throw error == .unknownScheme
                    ? ARIError(400, "Invalid event source URI scheme") : ARIError(422, "Event source was not found")
            }
            return .noContent
        }
        on("events.claimChannel") { call in
            guard let channel = call.nonEmpty("channelId") else { throw ARIError(400, "channelId parameter is required") }
            guard let application = call.nonEmpty("application") else { throw ARIError(400, "application parameter is required") }
            do throws(ClaimError) {
                try core.claim(channel: channel, for: application)
            } catch {
                throw error == .notOffered
                    ? ARIError(404, "Channel not found or not in broadcast state")
                    : ARIError(409, "Channel has already been claimed by another application")
            }
            return .noContent
        }
    }
}
