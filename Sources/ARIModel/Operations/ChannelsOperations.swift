extension ARIResource {
    /// Channels: operations and models.
    static let channels = ARIResource(
        "channels", "Channels", paths: "Channels", since: ["12.0.0"],
        requiredModules: ["res_stasis_answer", "res_stasis_playback", "res_stasis_recording", "res_stasis_snoop"],
        operations: channelsOperations, models: channelsModels)
}

private let channelsOperations: [ARIOperation] = [
    ARIOperation(
        .get, "/channels", "list", returns: "List[Channel]",
        "Lists all channels.", since: ["12.0.0"]),
    ARIOperation(
        .post, "/channels", "originate", returns: "Channel",
        "Calls an endpoint.", since: ["12.0.0"],
        parameters: [
            .query("endpoint", required: true), .query("extension"), .query("context"), .query("priority", .long),
            .query("label"), .query("app"), .query("appArgs"), .query("callerId"),
            .query("timeout", .int, default: 30), .body("variables"), .query("channelId"), .query("otherChannelId"),
            .query("originator"), .query("formats"),
        ],
        errors: [
            .init(400, "Uniqueid length exceeds maximum of 149"),
            .init(409, "Channel with given unique ID already exists"),
        ]),
    ARIOperation(
        .post, "/channels/create", "create", returns: "Channel",
        "Creates a channel without dialling it.", since: ["14.0.0"],
        parameters: [
            .query("endpoint", required: true), .query("app", required: true), .query("appArgs"), .query("channelId"),
            .query("otherChannelId"), .query("originator"), .query("formats"), .body("variables"),
        ],
        errors: [.init(409, "Channel with given unique ID already exists")]),
    ARIOperation(
        .get, "/channels/{channelId}", "get", returns: "Channel",
        "Shows a channel.", since: ["12.0.0"],
        parameters: [.path("channelId")],
        errors: [.init(404, "Channel not found")]),
    ARIOperation(
        .post, "/channels/{channelId}", "originateWithId", returns: "Channel",
        "Calls an endpoint, with a given channel id.", since: ["12.2.0"],
        parameters: [
            .path("channelId"), .query("endpoint", required: true), .query("extension"), .query("context"),
            .query("priority", .long), .query("label"), .query("app"), .query("appArgs"), .query("callerId"),
            .query("timeout", .int, default: 30), .body("variables"), .query("otherChannelId"), .query("originator"),
            .query("formats"),
        ],
        errors: [
            .init(400, "Uniqueid length exceeds maximum of 149"),
            .init(409, "Channel with given unique ID already exists"),
        ]),
    ARIOperation(
        .delete, "/channels/{channelId}", "hangup", returns: "void",
        "Hangs a channel up.", since: ["12.0.0"],
        parameters: [
            .path("channelId"), .query("reason_code"),
            .query(
                "reason",
                values: [
                    "normal", "busy", "congestion", "no_answer", "timeout", "rejected", "unallocated",
                    "normal_unspecified", "number_incomplete", "codec_mismatch", "interworking", "failure",
                    "answered_elsewhere",
                ]),
        ],
        errors: [.init(400, "The reason and reason_code can't both be specified"), .init(404, "Channel not found")]),
    ARIOperation(
        .post, "/channels/{channelId}/continue", "continueInDialplan", returns: "void",
        "Leaves the application; the channel goes on in the dialplan.", since: ["12.0.0"],
        parameters: [.path("channelId"), .query("context"), .query("extension"), .query("priority", .int), .query("label")],
        errors: [
            .init(404, "Channel not found"), .init(409, "Channel not in Stasis application"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .post, "/channels/{channelId}/move", "move", returns: "void",
        "Moves a channel to another application.", since: ["13.26.0", "16.3.0"],
        parameters: [.path("channelId"), .query("app", required: true), .query("appArgs")],
        errors: [.init(404, "Channel not found"), .init(409, "Channel not in Stasis application")]),
    ARIOperation(
        .post, "/channels/{channelId}/redirect", "redirect", returns: "void",
        "Sends the caller to another endpoint.", since: ["13.3.0"],
        parameters: [.path("channelId"), .query("endpoint", required: true)],
        errors: [
            .init(400, "Required parameter 'endpoint' not provided."), .init(404, "Channel not found"),
            .init(409, "Channel not in Stasis application"),
            .init(422, "Endpoint parameter '<x>' does not contain tech/resource"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .post, "/channels/{channelId}/answer", "answer", returns: "void",
        "Answers a channel.", since: ["12.0.0"],
        parameters: [.path("channelId")],
        errors: [
            .init(404, "Channel not found"), .init(409, "Channel not in Stasis application"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .post, "/channels/{channelId}/ring", "ring", returns: "void",
        "Signals ringing.", since: ["12.0.0"],
        parameters: [.path("channelId")],
        errors: [
            .init(404, "Channel not found"), .init(409, "Channel not in Stasis application"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .delete, "/channels/{channelId}/ring", "ringStop", returns: "void",
        "Stops signalling ringing.", since: ["12.0.0"],
        parameters: [.path("channelId")],
        errors: [
            .init(404, "Channel not found"), .init(409, "Channel not in Stasis application"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .post, "/channels/{channelId}/progress", "progress", returns: "void",
        "Signals progress (early media).", since: ["22.6.0", "21.11.0", "20.16.0"],
        parameters: [.path("channelId")],
        errors: [
            .init(404, "Channel not found"), .init(409, "Channel not in Stasis application"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .post, "/channels/{channelId}/dtmf", "sendDTMF", returns: "void",
        "Sends DTMF digits to a channel.", since: ["12.0.0"],
        parameters: [
            .path("channelId"), .query("dtmf"), .query("before", .int, default: 0),
            .query("between", .int, default: 100), .query("duration", .int, default: 100),
            .query("after", .int, default: 0),
        ],
        errors: [
            .init(400, "DTMF is required"), .init(404, "Channel not found"),
            .init(409, "Channel not in Stasis application"), .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .post, "/channels/{channelId}/mute", "mute", returns: "void",
        "Mutes a channel.", since: ["12.0.0"],
        parameters: [.path("channelId"), .query("direction", values: ["both", "in", "out"], default: "both")],
        errors: [
            .init(404, "Channel not found"), .init(409, "Channel not in Stasis application"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .delete, "/channels/{channelId}/mute", "unmute", returns: "void",
        "Ends the muting of a channel.", since: ["12.0.0"],
        parameters: [.path("channelId"), .query("direction", values: ["both", "in", "out"], default: "both")],
        errors: [
            .init(404, "Channel not found"), .init(409, "Channel not in Stasis application"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .post, "/channels/{channelId}/hold", "hold", returns: "void",
        "Puts a channel on hold.", since: ["12.0.0"],
        parameters: [.path("channelId")],
        errors: [
            .init(404, "Channel not found"), .init(409, "Channel not in Stasis application"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .delete, "/channels/{channelId}/hold", "unhold", returns: "void",
        "Takes a channel off hold.", since: ["12.0.0"],
        parameters: [.path("channelId")],
        errors: [
            .init(404, "Channel not found"), .init(409, "Channel not in Stasis application"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .post, "/channels/{channelId}/moh", "startMoh", returns: "void",
        "Plays music to a channel.", since: ["12.0.0"],
        parameters: [.path("channelId"), .query("mohClass")],
        errors: [
            .init(404, "Channel not found"), .init(409, "Channel not in Stasis application"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .delete, "/channels/{channelId}/moh", "stopMoh", returns: "void",
        "Stops the music of a channel.", since: ["12.0.0"],
        parameters: [.path("channelId")],
        errors: [
            .init(404, "Channel not found"), .init(409, "Channel not in Stasis application"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .post, "/channels/{channelId}/silence", "startSilence", returns: "void",
        "Plays silence to a channel.", since: ["12.0.0"],
        parameters: [.path("channelId")],
        errors: [
            .init(404, "Channel not found"), .init(409, "Channel not in Stasis application"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .delete, "/channels/{channelId}/silence", "stopSilence", returns: "void",
        "Stops the silence of a channel.", since: ["12.0.0"],
        parameters: [.path("channelId")],
        errors: [
            .init(404, "Channel not found"), .init(409, "Channel not in Stasis application"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .post, "/channels/{channelId}/play", "play", returns: "Playback",
        "Plays media to a channel.", since: ["12.0.0"],
        parameters: [
            .path("channelId"), .query("media", required: true, list: true), .query("lang"), .query("offsetms", .int),
            .query("skipms", .int, default: 3000), .query("playbackId"),
        ],
        errors: [
            .init(404, "Channel not found"), .init(409, "Channel not in Stasis application"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .post, "/channels/{channelId}/play/{playbackId}", "playWithId", returns: "Playback",
        "Plays media to a channel, with a given playback id.", since: ["12.2.0"],
        parameters: [
            .path("channelId"), .path("playbackId"), .query("media", required: true, list: true), .query("lang"),
            .query("offsetms", .int), .query("skipms", .int, default: 3000),
        ],
        errors: [
            .init(404, "Channel not found"), .init(409, "Channel not in Stasis application"),
            .init(412, "Channel in invalid state"),
        ]),
    ARIOperation(
        .post, "/channels/{channelId}/record", "record", returns: "LiveRecording",
        "Records a channel.", since: ["12.0.0"],
        parameters: [
            .path("channelId"), .query("name", required: true), .query("format", required: true),
            .query("maxDurationSeconds", .int, minimum: 0, default: 0),
            .query("maxSilenceSeconds", .int, minimum: 0, default: 0),
            .query("ifExists", values: ["fail", "overwrite", "append"], default: "fail"),
            .query("beep", .boolean, default: false),
            .query("terminateOn", values: ["none", "any", "*", "#"], default: "none"),
            .query("stereo", .boolean, default: false),
        ],
        errors: [
            .init(400, "max_duration_seconds cannot be negative"), .init(404, "Channel not found"),
            .init(409, "Channel not in Stasis application"), .init(422, "specified format is unknown on this system"),
        ]),
    ARIOperation(
        .get, "/channels/{channelId}/variable", "getChannelVar", returns: "Variable",
        "Shows the value of a channel variable or function.", since: ["12.0.0"],
        parameters: [.path("channelId"), .query("variable", required: true)],
        errors: [
            .init(400, "Variable name is required"), .init(404, "Provided channel was not found"),
            .init(409, "Channel not in Stasis application"),
        ]),
    ARIOperation(
        .post, "/channels/{channelId}/variable", "setChannelVar", returns: "void",
        "Sets a channel variable or function.", since: ["12.0.0"],
        parameters: [
            .path("channelId"), .query("variable", required: true), .query("value"),
            .query("report_events", .boolean, default: false),
        ],
        errors: [
            .init(400, "Variable name is required"), .init(404, "Channel not found"),
            .init(409, "Channel not in Stasis application"),
        ]),
    ARIOperation(
        .get, "/channels/{channelId}/variables", "getChannelVars", returns: "Variables",
        "Shows the values of several channel variables or functions.", since: ["20.20.0", "22.10.0", "23.4.0"],
        parameters: [.path("channelId"), .query("variables", required: true, list: true)],
        errors: [
            .init(400, "At least one variable name is required"), .init(404, "Provided channel was not found"),
            .init(409, "Channel not in Stasis application"),
        ]),
    ARIOperation(
        .post, "/channels/{channelId}/variables", "setChannelVars", returns: "void",
        "Sets several channel variables or functions.", since: ["20.20.0", "22.10.0", "23.4.0"],
        parameters: [.path("channelId"), .body("variables", required: true)],
        errors: [
            .init(400, "The 'variables' field is required"), .init(404, "Provided channel was not found"),
            .init(409, "Channel not in Stasis application"),
        ]),
    ARIOperation(
        .post, "/channels/{channelId}/snoop", "snoopChannel", returns: "Channel",
        "Listens or whispers to a channel through a new one.", since: ["12.0.0"],
        parameters: [
            .path("channelId"), .query("spy", values: ["none", "both", "out", "in"], default: "none"),
            .query("whisper", values: ["none", "both", "out", "in"], default: "none"), .query("app", required: true),
            .query("appArgs"), .query("snoopId"),
        ],
        errors: [.init(400, "Invalid direction specified for spy"), .init(404, "Provided channel was not found")]),
    ARIOperation(
        .post, "/channels/{channelId}/snoop/{snoopId}", "snoopChannelWithId", returns: "Channel",
        "Listens or whispers to a channel through a new one with a given id.", since: ["12.2.0"],
        parameters: [
            .path("channelId"), .path("snoopId"),
            .query("spy", values: ["none", "both", "out", "in"], default: "none"),
            .query("whisper", values: ["none", "both", "out", "in"], default: "none"), .query("app", required: true),
            .query("appArgs"),
        ],
        errors: [.init(400, "Invalid direction specified for spy"), .init(404, "Provided channel was not found")]),
    ARIOperation(
        .post, "/channels/{channelId}/dial", "dial", returns: "void",
        "Dials a channel that was created before.", since: ["14.0.0"],
        parameters: [.path("channelId"), .query("caller"), .query("timeout", .int, minimum: 0, default: 0)],
        errors: [.init(404, "Channel not found"), .init(409, "Channel not in Stasis application")]),
    ARIOperation(
        .get, "/channels/{channelId}/rtp_statistics", "rtpstatistics", returns: "RTPstat",
        "Shows the RTP statistics of a channel.", since: ["13.27.0", "16.4.0"],
        parameters: [.path("channelId")],
        errors: [.init(404, "Channel not found")]),
    ARIOperation(
        .post, "/channels/externalMedia", "externalMedia", returns: "Channel",
        "Exchanges audio with another program.", since: ["16.6.0", "17.1.0"],
        parameters: [
            .query("channelId"), .query("app", required: true), .body("variables"), .query("external_host"),
            .query("encapsulation", values: ["rtp", "audiosocket", "none"], default: "rtp"),
            .query("transport", values: ["udp", "tcp", "websocket"], default: "udp"),
            .query("connection_type", values: ["client", "server"], default: "client"),
            .query("format", required: true), .query("direction", values: ["both"], default: "both"), .query("data"),
            .query("transport_data"),
        ],
        errors: [.init(400, "app cannot be empty"), .init(409, "Not possible in the present state")]),
    ARIOperation(
        .post, "/channels/{channelId}/transfer_progress", "transfer_progress", returns: "void",
        "Tells the party that transfers how the transfer goes.", since: ["22.3.0", "21.8.0", "20.13.0"],
        parameters: [.path("channelId"), .query("states", required: true)],
        errors: [
            .init(400, "states must not be empty"), .init(404, "Channel not found"),
            .init(409, "Channel not in Stasis application"), .init(412, "Channel in invalid state"),
        ]),
]
