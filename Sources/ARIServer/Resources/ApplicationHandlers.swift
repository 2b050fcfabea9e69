import ARIModel
import CallCore

extension ARIHandlers {
    mutating func addApplications(_ core: CallCore) {
        on("applications.list") { call in
            .ok(core.applications.all.filter { call.user.mayUse(application: $0.name) }.map(\.model))
        }
        on("applications.get") { call in .ok(try core.application(call).model) }
        on("applications.subscribe") { call in
            let sources = try call.eventSources()
            let application = try core.application(call)
            do throws(EventSourceError) {
                for source in sources { try core.subscribe(application, to: source, within: call.scope) }
            } catch {
                throw error == .unknownScheme
                    ? ARIError(400, "Invalid event source URI scheme") : ARIError(422, "Event source does not exist")
            }
            return .ok(application.model)
        }
        on("applications.unsubscribe") { call in
            let sources = try call.eventSources()
            let application = try core.application(call)
            do throws(EventSourceError) {
                for source in sources { try core.unsubscribe(application, from: source) }
            } catch {
                throw error == .unknownScheme
                    ? ARIError(400, "Invalid event source URI scheme") : ARIError(422, "Event source was not subscribed to")
            }
            return .ok(application.model)
        }
        on("applications.filter") { call in
            let application = try core.application(call)
            let (allowed, disallowed) = try eventFilter(call.body)
            application.setFilter(allowed: allowed, disallowed: disallowed)
            return .ok(application.model)
        }
    }
}

extension CallCore {
    fileprivate func application(_ call: ARICall) throws(ARIError) -> StasisApplication {
        guard let application = applications[call.path("applicationName")] else { throw ARIError(404, "Application not found") }
        return application
    }
}

extension ARICall {
    fileprivate func eventSources() throws(ARIError) -> [String] {
        guard let sources = try list("eventSource"), !sources.isEmpty else { throw ARIError(400, "Missing parameter eventSource") }
        return sources
    }
}

/// Reads the body of an event filter: no body clears both lists, an array counts for both, a missing key leaves its list alone.
private func eventFilter(_ body: JSONValue?) throws(ARIError) -> (allowed: [EventFilterEntry]?, disallowed: [EventFilterEntry]?) {
    func entries(_ value: JSONValue?) throws(ARIError) -> [EventFilterEntry]? {
        guard let value else { return nil }
        guard let list = value.array else { throw ARIError(400, "Invalid format definition") }
        var entries: [EventFilterEntry] = []
        for item in list {
            guard let entry = EventFilterEntry(item) else { throw ARIError(400, "Invalid format definition") }
            entries.append(entry)
        }
        return entries
    }
    guard let body else { return ([], []) }
    if body.array != nil {
        let both = try entries(body)
        return (both, both)
    }
    guard let object = body.object else { throw ARIError(400, "Invalid format definition") }
    if object.isEmpty { return ([], []) }
    return (try entries(object["allowed"]), try entries(object["disallowed"]))
}
