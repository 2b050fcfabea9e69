extension ARIResource {
    /// Stasis applications and their subscriptions: operations and models.
    static let applications = ARIResource(
        "applications", "Stasis applications and their subscriptions", paths: "Stasis applications", since: ["13.0.0"],
        operations: applicationsOperations, models: applicationsModels)
}

private let applicationsOperations: [ARIOperation] = [
    ARIOperation(
        .get, "/applications", "list", returns: "List[Application]",
        "Lists all applications.", since: ["13.0.0"]),
    ARIOperation(
        .get, "/applications/{applicationName}", "get", returns: "Application",
        "Shows an application.", since: ["13.0.0"],
        parameters: [.path("applicationName")],
        errors: [.init(404, "Application not found")]),
    ARIOperation(
        .post, "/applications/{applicationName}/subscription", "subscribe", returns: "Application",
        "Subscribes an application to event sources.", since: ["13.0.0"],
        parameters: [.path("applicationName"), .query("eventSource", required: true, list: true)],
        errors: [
            .init(400, "Missing parameter eventSource"), .init(404, "Application not found"),
            .init(422, "Event source does not exist"),
        ]),
    ARIOperation(
        .delete, "/applications/{applicationName}/subscription", "unsubscribe", returns: "Application",
        "Ends subscriptions of an application.", since: ["13.0.0"],
        parameters: [.path("applicationName"), .query("eventSource", required: true, list: true)],
        errors: [
            .init(400, "Missing parameter eventSource"), .init(404, "Application not found"),
            .init(409, "Event source not in a state to unsubscribe from; not sent by this server"),
            .init(422, "Event source was not subscribed to"),
        ]),
    ARIOperation(
        .put, "/applications/{applicationName}/eventFilter", "filter", returns: "Application",
        "Sets which event types an application gets.", since: ["13.26.0", "16.3.0"],
        parameters: [.path("applicationName"), .body("filter", .object)],
        errors: [.init(400, "Invalid format definition"), .init(404, "Application not found")]),
]
