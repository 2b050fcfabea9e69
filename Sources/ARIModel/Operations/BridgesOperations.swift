extension ARIResource {
    /// Bridges: operations and models.
    static let bridges = ARIResource(
        "bridges", "Bridges", paths: "Bridges", since: ["12.0.0"],
        requiredModules: ["res_stasis_recording", "res_stasis_playback"],
        operations: bridgesOperations, models: bridgesModels)
}

private let bridgesOperations: [ARIOperation] = [
    ARIOperation(
        .get, "/bridges", "list", returns: "List[Bridge]",
        "Lists all bridges.", since: ["12.0.0"]),
    ARIOperation(
        .post, "/bridges", "create", returns: "Bridge",
        "Creates a bridge.", since: ["12.0.0"],
        parameters: [.query("type"), .query("bridgeId"), .query("name"), .body("variables")],
        errors: [.init(409, "Bridge with id '<id>' already exists")]),
    ARIOperation(
        .post, "/bridges/{bridgeId}", "createWithId", returns: "Bridge",
        "Creates a bridge with a given id.", since: ["12.2.0"],
        parameters: [.query("type"), .path("bridgeId"), .query("name"), .body("variables")],
        errors: [.init(409, "Bridge with id '<id>' already exists")]),
    ARIOperation(
        .get, "/bridges/{bridgeId}", "get", returns: "Bridge",
        "Shows a bridge.", since: ["12.0.0"],
        parameters: [.path("bridgeId")],
        errors: [.init(404, "Bridge not found")]),
    ARIOperation(
        .delete, "/bridges/{bridgeId}", "destroy", returns: "void",
        "Ends a bridge; its channels go on.", since: ["12.0.0"],
        parameters: [.path("bridgeId")],
        errors: [.init(404, "Bridge not found")]),
    ARIOperation(
        .get, "/bridges/{bridgeId}/variable", "getBridgeVar", returns: "Variable",
        "Shows the value of a bridge variable.", since: ["20.20.0", "22.10.0", "23.4.0"],
        parameters: [.path("bridgeId"), .query("variable", required: true)],
        errors: [
            .init(400, "Variable name is required"), .init(404, "Bridge not found"),
            .init(409, "Bridge not in Stasis application"),
        ]),
    ARIOperation(
        .post, "/bridges/{bridgeId}/variable", "setBridgeVar", returns: "void",
        "Sets a bridge variable.", since: ["20.20.0", "22.10.0", "23.4.0"],
        parameters: [
            .path("bridgeId"), .query("variable", required: true), .query("value"),
            .query("report_events", .boolean, default: false),
        ],
        errors: [
            .init(400, "Variable name is required"), .init(404, "Bridge not found"),
            .init(409, "Bridge not in Stasis application"),
        ]),
    ARIOperation(
        .get, "/bridges/{bridgeId}/variables", "getBridgeVars", returns: "Variables",
        "Shows the values of several bridge variables.", since: ["20.20.0", "22.10.0", "23.4.0"],
        parameters: [.path("bridgeId"), .query("variables", required: true, list: true)],
        errors: [
            .init(400, "At least one variable name is required"), .init(404, "Provided bridge was not found"),
            .init(409, "Not possible in the present state"),
        ]),
    ARIOperation(
        .post, "/bridges/{bridgeId}/variables", "setBridgeVars", returns: "void",
        "Sets several bridge variables.", since: ["20.20.0", "22.10.0", "23.4.0"],
        parameters: [.path("bridgeId"), .body("variables", required: true)],
        errors: [
            .init(400, "The 'variables' field is required"), .init(404, "Provided bridge was not found"),
            .init(409, "Not possible in the present state"),
        ]),
    ARIOperation(
        .post, "/bridges/{bridgeId}/addChannel", "addChannel", returns: "void",
        "Puts channels into a bridge.", since: ["12.0.0"],
        parameters: [
            .path("bridgeId"), .query("channel", required: true, list: true), .query("role"),
            .query("absorbDTMF", .boolean, default: false), .query("mute", .boolean, default: false),
            .query("inhibitConnectedLineUpdates", .boolean, default: false),
        ],
        errors: [
            .init(400, "Missing parameter channel"), .init(404, "Bridge not found"),
            .init(409, "Bridge not in Stasis application"), .init(422, "Channel not in Stasis application"),
        ]),
    ARIOperation(
        .post, "/bridges/{bridgeId}/removeChannel", "removeChannel", returns: "void",
        "Takes channels out of a bridge.", since: ["12.0.0"],
        parameters: [.path("bridgeId"), .query("channel", required: true, list: true)],
        errors: [
            .init(400, "Missing parameter channel"), .init(404, "Bridge not found"),
            .init(409, "Bridge not in Stasis application"), .init(422, "Channel not in Stasis application"),
        ]),
    ARIOperation(
        .post, "/bridges/{bridgeId}/videoSource/{channelId}", "setVideoSource", returns: "void",
        "Makes one channel the video source of a bridge.", since: ["13.13.0", "14.2.0"],
        parameters: [.path("bridgeId"), .path("channelId")],
        errors: [
            .init(404, "Bridge not found"), .init(409, "Bridge not in Stasis application"),
            .init(422, "Channel not in Stasis application"),
        ]),
    ARIOperation(
        .delete, "/bridges/{bridgeId}/videoSource", "clearVideoSource", returns: "void",
        "Lets the talker be the video source of a bridge again.", since: ["13.13.0", "14.2.0"],
        parameters: [.path("bridgeId")],
        errors: [.init(404, "Bridge not found")]),
    ARIOperation(
        .post, "/bridges/{bridgeId}/moh", "startMoh", returns: "void",
        "Plays music to a bridge.", since: ["12.0.0"],
        parameters: [.path("bridgeId"), .query("mohClass")],
        errors: [.init(404, "Bridge not found"), .init(409, "Bridge not in Stasis application")]),
    ARIOperation(
        .delete, "/bridges/{bridgeId}/moh", "stopMoh", returns: "void",
        "Stops the music of a bridge.", since: ["12.0.0"],
        parameters: [.path("bridgeId")],
        errors: [.init(404, "Bridge not found"), .init(409, "Bridge not in Stasis application")]),
    ARIOperation(
        .post, "/bridges/{bridgeId}/play", "play", returns: "Playback",
        "Plays media to a bridge.", since: ["12.0.0"],
        parameters: [
            .path("bridgeId"), .query("media", required: true, list: true), .query("announcer_format"),
            .query("lang"), .query("offsetms", .int, minimum: 0, default: 0),
            .query("skipms", .int, minimum: 0, default: 3000), .query("playbackId"),
        ],
        errors: [
            .init(404, "Bridge not found"), .init(409, "Bridge not in Stasis application"),
            .init(422, "specified announcer_format is unknown on this system"),
        ]),
    ARIOperation(
        .post, "/bridges/{bridgeId}/play/{playbackId}", "playWithId", returns: "Playback",
        "Plays media to a bridge, with a given playback id.", since: ["12.3.0"],
        parameters: [
            .path("bridgeId"), .path("playbackId"), .query("media", required: true, list: true),
            .query("announcer_format"), .query("lang"), .query("offsetms", .int, minimum: 0, default: 0),
            .query("skipms", .int, minimum: 0, default: 3000),
        ],
        errors: [
            .init(404, "Bridge not found"), .init(409, "Bridge not in Stasis application"),
            .init(422, "specified announcer_format is unknown on this system"),
        ]),
    ARIOperation(
        .post, "/bridges/{bridgeId}/record", "record", returns: "LiveRecording",
        "Records a bridge.", since: ["12.0.0"],
        parameters: [
            .path("bridgeId"), .query("name", required: true), .query("format", required: true),
            .query("recorder_format"), .query("maxDurationSeconds", .int, minimum: 0, default: 0),
            .query("maxSilenceSeconds", .int, minimum: 0, default: 0),
            .query("ifExists", values: ["fail", "overwrite", "append"], default: "fail"),
            .query("beep", .boolean, default: false),
            .query("terminateOn", values: ["none", "any", "*", "#"], default: "none"),
            .query("stereo", .boolean, default: false),
        ],
        errors: [
            .init(400, "terminateOn invalid"), .init(404, "Bridge not found"),
            .init(409, "Bridge not in Stasis application"),
            .init(422, "specified recorder_format is unknown on this system"),
        ]),
]
