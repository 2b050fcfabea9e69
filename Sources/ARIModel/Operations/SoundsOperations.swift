extension ARIResource {
    /// Sounds: operations and models.
    static let sounds = ARIResource(
        "sounds", "Sounds", paths: "Sounds", since: ["12.0.0"],
        operations: soundsOperations, models: soundsModels)
}

private let soundsOperations: [ARIOperation] = [
    ARIOperation(
        .get, "/sounds", "list", returns: "List[Sound]",
        "Lists the sounds.", since: ["12.0.0"],
        parameters: [.query("lang"), .query("format")]),
    ARIOperation(
        .get, "/sounds/{soundId}", "get", returns: "Sound",
        "Shows a sound.", since: ["12.0.0"],
        parameters: [.path("soundId")]),
]
