extension ARIResource {
    /// Recordings: operations and models.
    static let recordings = ARIResource(
        "recordings", "Recordings", paths: "Recordings", since: ["12.0.0"],
        requiredModules: ["res_stasis_recording"],
        operations: recordingsOperations, models: recordingsModels)
}

private let recordingsOperations: [ARIOperation] = [
    ARIOperation(
        .get, "/recordings/stored", "listStored", returns: "List[StoredRecording]",
        "Lists the stored recordings.", since: ["12.0.0"]),
    ARIOperation(
        .get, "/recordings/stored/{recordingName}", "getStored", returns: "StoredRecording",
        "Shows a stored recording.", since: ["12.0.0"],
        parameters: [.path("recordingName")],
        errors: [.init(404, "Recording not found")]),
    ARIOperation(
        .delete, "/recordings/stored/{recordingName}", "deleteStored", returns: "void",
        "Deletes a stored recording.", since: ["12.0.0"],
        parameters: [.path("recordingName")],
        errors: [.init(404, "Recording not found")]),
    ARIOperation(
        .get, "/recordings/stored/{recordingName}/file", "getStoredFile", returns: "binary",
        "Downloads the file of a stored recording.", since: ["14.0.0"],
        parameters: [.path("recordingName")],
        errors: [.init(403, "Recording could not be opened"), .init(404, "Recording not found")]),
    ARIOperation(
        .post, "/recordings/stored/{recordingName}/copy", "copyStored", returns: "StoredRecording",
        "Copies a stored recording.", since: ["12.5.0"],
        parameters: [.path("recordingName"), .query("destinationRecordingName", required: true)],
        errors: [.init(404, "Recording not found"), .init(409, "A recording with the same name already exists on the system")]),
    ARIOperation(
        .get, "/recordings/live/{recordingName}", "getLive", returns: "LiveRecording",
        "Shows a live recording.", since: ["12.0.0"],
        parameters: [.path("recordingName")],
        errors: [.init(404, "Recording not found")]),
    ARIOperation(
        .delete, "/recordings/live/{recordingName}", "cancel", returns: "void",
        "Stops a live recording and discards it.", since: ["12.0.0"],
        parameters: [.path("recordingName")],
        errors: [.init(404, "Recording not found")]),
    ARIOperation(
        .post, "/recordings/live/{recordingName}/stop", "stop", returns: "void",
        "Stops a live recording and stores it.", since: ["12.0.0"],
        parameters: [.path("recordingName")],
        errors: [.init(404, "Recording not found")]),
    ARIOperation(
        .post, "/recordings/live/{recordingName}/pause", "pause", returns: "void",
        "Pauses a live recording.", since: ["12.0.0"],
        parameters: [.path("recordingName")],
        errors: [.init(404, "Recording not found"), .init(409, "Recording not in session")]),
    ARIOperation(
        .delete, "/recordings/live/{recordingName}/pause", "unpause", returns: "void",
        "Goes on with a paused recording.", since: ["12.0.0"],
        parameters: [.path("recordingName")],
        errors: [.init(404, "Recording not found"), .init(409, "Recording not in session")]),
    ARIOperation(
        .post, "/recordings/live/{recordingName}/mute", "mute", returns: "void",
        "Records silence in place of sound.", since: ["12.0.0"],
        parameters: [.path("recordingName")],
        errors: [.init(404, "Recording not found"), .init(409, "Recording not in session")]),
    ARIOperation(
        .delete, "/recordings/live/{recordingName}/mute", "unmute", returns: "void",
        "Records sound again.", since: ["12.0.0"],
        parameters: [.path("recordingName")],
        errors: [.init(404, "Recording not found"), .init(409, "Recording not in session")]),
]
