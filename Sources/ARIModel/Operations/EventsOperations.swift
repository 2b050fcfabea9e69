extension ARIResource {
    /// The event WebSocket and user events: operations and models.
    static let events = ARIResource(
        "events", "The event WebSocket and user events", paths: "Events", swaggerVersion: "1.2", since: ["12.0.0"],
        requiredModules: ["res_http_websocket"],
        operations: eventsOperations, models: eventsModels)
}

private let eventsOperations: [ARIOperation] = [
    ARIOperation(
        .get, "/events", "eventWebsocket", returns: "Message",
        "Opens the WebSocket on which events come.", since: ["12.0.0"], isWebSocket: true,
        parameters: [.query("app", required: true, list: true), .query("subscribeAll", .boolean)]),
    ARIOperation(
        .post, "/events/user/{eventName}", "userEvent", returns: "void",
        "Sends an event of one's own to an application.", since: ["12.3.0"],
        parameters: [.path("eventName"), .query("application", required: true), .query("source", list: true), .body("variables")],
        errors: [
            .init(404, "Application not found"), .init(422, "Event source was not found"),
            .init(400, "Missing parameter application"),
        ]),
    ARIOperation(
        .post, "/events/claim", "claimChannel", returns: "void",
        "Claims a channel that is offered to several applications.", since: ["20.17.0", "22.7.0", "23.1.0"],
        parameters: [.query("channelId", required: true), .query("application", required: true)],
        errors: [
            .init(404, "Channel not found or not in broadcast state"),
            .init(409, "Channel has already been claimed by another application"),
        ]),
]
