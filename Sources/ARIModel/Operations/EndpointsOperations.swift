extension ARIResource {
    /// Endpoints: operations and models.
    static let endpoints = ARIResource(
        "endpoints", "Endpoints", paths: "Endpoints", since: ["12.0.0"],
        operations: endpointsOperations, models: endpointsModels)
}

private let endpointsOperations: [ARIOperation] = [
    ARIOperation(
        .get, "/endpoints", "list", returns: "List[Endpoint]",
        "Lists all endpoints.", since: ["12.0.0"]),
    ARIOperation(
        .put, "/endpoints/sendMessage", "sendMessage", returns: "void",
        "Sends a text message to a URI or an endpoint.", since: ["13.0.0"],
        parameters: [.query("to", required: true), .query("from", required: true), .query("body"), .body("variables")],
        errors: [.init(400, "To must be specified"), .init(404, "Endpoint not found")]),
    ARIOperation(
        .post, "/endpoints/refer", "refer", returns: "void",
        "Refers a URI or an endpoint to another one.", since: ["18.20.0", "20.5.0"],
        parameters: [
            .query("to", required: true), .query("from", required: true), .query("refer_to", required: true),
            .query("to_self", .boolean, default: false), .body("variables"),
        ],
        errors: [.init(400, "To must be specified"), .init(404, "Endpoint not found")]),
    ARIOperation(
        .get, "/endpoints/{tech}", "listByTech", returns: "List[Endpoint]",
        "Lists the endpoints of a technology.", since: ["12.0.0"],
        parameters: [.path("tech")],
        errors: [.init(404, "No Endpoints found - invalid tech <tech>")]),
    ARIOperation(
        .get, "/endpoints/{tech}/{resource}", "get", returns: "Endpoint",
        "Shows an endpoint.", since: ["12.0.0"],
        parameters: [.path("tech"), .path("resource")],
        errors: [.init(400, "Invalid parameters"), .init(404, "Endpoint not found")]),
    ARIOperation(
        .put, "/endpoints/{tech}/{resource}/sendMessage", "sendMessageToEndpoint", returns: "void",
        "Sends a text message to an endpoint.", since: ["13.0.0"],
        parameters: [.path("tech"), .path("resource"), .query("from", required: true), .query("body"), .body("variables")],
        errors: [.init(400, "Only string values in the 'variables' object allowed"), .init(404, "Endpoint not found")]),
    ARIOperation(
        .post, "/endpoints/{tech}/{resource}/refer", "referToEndpoint", returns: "void",
        "Refers an endpoint to a URI or another endpoint.", since: ["18.20.0", "20.5.0"],
        parameters: [
            .path("tech"), .path("resource"), .query("from", required: true), .query("refer_to", required: true),
            .query("to_self", .boolean, default: false), .body("variables"),
        ],
        errors: [.init(400, "Only string values in the 'variables' object allowed"), .init(404, "Endpoint not found")]),
]
