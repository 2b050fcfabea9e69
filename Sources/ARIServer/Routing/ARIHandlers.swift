import ARIModel
public import CallCore

/// What carries an operation out.
public enum ARIHandler: Sendable {
    /// Answers at once; the way without any task.
    case sync(@CallActor (ARICall) throws -> ARIResponse)
    /// Answers later; further requests of the same connection wait.
    case async(@CallActor (ARICall) async throws -> ARIResponse)

    static let missing = ARIHandler.sync { _ in
        throw ARIError(501, "This operation is not available in this version")
    }
}

/// The handlers of operations, by resource and nickname.
@CallActor
public struct ARIHandlers {
    private var handlers: [String: ARIHandler] = [:]

    public init() {}

    /// Registers a handler that answers at once.
    ///
    /// - Parameter id: `<resource>.<nickname>`, such as `channels.answer`.
    public mutating func on(_ id: String, _ call: @escaping @CallActor (ARICall) throws -> ARIResponse) {
        handlers[id] = .sync(call)
    }

    /// Registers a handler that answers later; see ``on(_:_:)``.
    public mutating func onAsync(_ id: String, _ call: @escaping @CallActor (ARICall) async throws -> ARIResponse) {
        handlers[id] = .async(call)
    }

    /// The ids registered that no operation has: spelling mistakes.
    public var unknownIDs: [String] {
        let known = Set(ARIResource.all.flatMap { resource in resource.operations.map { "\(resource.name).\($0.nickname)" } })
        return handlers.keys.filter { !known.contains($0) }.sorted()
    }

    /// The operations that have no handler.
    public var missingIDs: [String] {
        ARIResource.all.flatMap { resource in resource.operations.map { "\(resource.name).\($0.nickname)" } }
            .filter { handlers[$0] == nil && $0 != "events.eventWebsocket" }
    }

    subscript(resource: String, nickname: String) -> ARIHandler? {
        handlers["\(resource).\(nickname)"]
    }
}
