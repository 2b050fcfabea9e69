import AMI
import CallCore

/// What comes of a request.
enum AMIOutcome {
    case answer([AMIMessage])
    /// The answer, and the end of the session.
    case goodbye(AMIMessage)
    /// The answer takes time; the session's next request waits for it.
    case later(@CallActor () async -> [AMIMessage])

    static func success(_ message: String? = nil, _ fields: [AMIRequest.Field] = []) -> AMIOutcome { .answer([.success(message, fields)]) }
    static func error(_ message: String) -> AMIOutcome { .answer([.error(message)]) }

    /// An answer that is followed by events, the last of which says that it was the last.
    static func list(_ message: String, _ events: [AMIMessage], complete: String, _ more: [AMIRequest.Field] = []) -> AMIOutcome {
        let start = AMIMessage([.init("Response", "Success"), .init("EventList", "start"), .init("Message", message)])
        let end = AMIMessage(
            [.init("Event", complete), .init("EventList", "Complete"), .init("ListItems", String(events.count))] + more)
        return .answer([start] + events + [end])
    }
}

/// A request with what it takes to carry it out.
@CallActor
struct AMICall {
    let request: AMIRequest
    let session: AMISession
    let server: AMIServer

    var core: CallCore { server.core }
    var fields: EventFields { server.fields }

    subscript(name: String) -> String { request[name] }

    /// The channel that a field names, by name or unique id.
    func channel(_ field: String = "Channel") -> CallCore.LiveChannel? { core.channels.find(idOrName: request[field]) }
}

/// What a manager can ask for.
struct AMIAction: Sendable {
    let name: String
    /// What it does, as ListCommands tells it.
    let summary: String
    /// One of these a manager needs for it; none: anybody who is logged in.
    let classes: AMIClasses
    let needsLogin: Bool
    let run: @CallActor @Sendable (AMICall) -> AMIOutcome

    init(
        _ name: String, _ summary: String, _ classes: AMIClasses = [], needsLogin: Bool = true,
        _ run: @escaping @CallActor @Sendable (AMICall) -> AMIOutcome
    ) {
        self.name = name
        self.summary = summary
        self.classes = classes
        self.needsLogin = needsLogin
        self.run = run
    }

    static let all =
        sessionActions + coreActions + channelActions + callActions + bridgeActions + databaseActions + stateActions + pjsipActions

    private static let byName = Dictionary(all.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })

    static func named(_ name: String) -> AMIAction? { byName[name.lowercased()] }
}

extension AMIServer {
    /// The one place that decides whether a session may have something done.
    func outcome(of request: AMIRequest, for session: AMISession) -> AMIOutcome {
        let name = request.action
        guard !name.isEmpty else { return .error("Missing action in request") }
        let action = AMIAction.named(name)
        guard let manager = session.manager else {
            guard let action, !action.needsLogin else { return .error("Permission denied") }
            return action.run(AMICall(request: request, session: session, server: self))
        }
        guard let action else {
            return .error("Invalid/unknown command: \(name). Use Action: ListCommands to show available commands.")
        }
        guard action.classes.isEmpty || !action.classes.isDisjoint(with: manager.write) else { return .error("Permission denied") }
        return action.run(AMICall(request: request, session: session, server: self))
    }
}
