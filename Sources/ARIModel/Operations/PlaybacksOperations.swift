extension ARIResource {
    /// Playbacks: operations and models.
    static let playbacks = ARIResource(
        "playbacks", "Playbacks", paths: "Playbacks", since: ["12.0.0"],
        requiredModules: ["res_stasis_playback"],
        operations: playbacksOperations, models: playbacksModels)
}

private let playbacksOperations: [ARIOperation] = [
    ARIOperation(
        .get, "/playbacks/{playbackId}", "get", returns: "Playback",
        "Shows a playback.", since: ["12.0.0"],
        parameters: [.path("playbackId")],
        errors: [.init(404, "Playback not found")]),
    ARIOperation(
        .delete, "/playbacks/{playbackId}", "stop", returns: "void",
        "Stops a playback.", since: ["12.0.0"],
        parameters: [.path("playbackId")],
        errors: [.init(404, "Playback not found")]),
    ARIOperation(
        .post, "/playbacks/{playbackId}/control", "control", returns: "void",
        "Pauses, resumes or moves within a playback.", since: ["12.0.0"],
        parameters: [
            .path("playbackId"),
            .query("operation", required: true, values: ["restart", "pause", "unpause", "reverse", "forward"]),
        ],
        errors: [
            .init(400, "Missing operation"), .init(404, "Playback not found"),
            .init(409, "Can only <op> while media is playing"),
        ]),
]
