/// The models of the group `events`.
let eventsModels: [ARIModelDeclaration] = [
    ARIModelDeclaration(
        "Message", "Everything that comes over the event WebSocket.", discriminator: "type",
        subTypes: ["MissingParams", "Event"],
        [.required("type"), .optional("asterisk_id")]),
    ARIModelDeclaration(
        "MissingParams", "Required parameters were missing.",
        [.required("params", "List[string]")]),
    ARIModelDeclaration(
        "Event", "Something that happened.",
        subTypes: [
            "DeviceStateChanged", "PlaybackStarted", "PlaybackContinuing", "PlaybackFinished", "RecordingStarted",
            "RecordingFinished", "RecordingFailed", "ApplicationMoveFailed", "ApplicationRegistered",
            "ApplicationUnregistered", "ApplicationReplaced", "BridgeCreated", "BridgeDestroyed", "BridgeMerged",
            "BridgeBlindTransfer", "BridgeAttendedTransfer", "BridgeVideoSourceChanged", "ChannelCreated",
            "ChannelDestroyed", "ChannelEnteredBridge", "ChannelLeftBridge", "ChannelStateChange",
            "ChannelDtmfReceived", "ChannelDialplan", "ChannelCallerId", "ChannelUserevent", "ChannelHangupRequest",
            "ChannelVarset", "ChannelToneDetected", "ChannelTalkingStarted", "ChannelTalkingFinished", "ChannelHold",
            "ChannelUnhold", "ContactStatusChange", "EndpointStateChange", "Dial", "StasisEnd", "StasisStart",
            "TextMessageReceived", "ChannelConnectedLine", "PeerStatusChange", "ChannelTransfer", "RESTResponse",
            "CallBroadcast", "CallClaimed",
        ],
        [.required("application"), .required("timestamp", "Date")]),
    ARIModelDeclaration(
        "ContactInfo", "An address of an endpoint.",
        [
            .required("uri"),
            .required("contact_status", values: ["Unreachable", "Reachable", "Unknown", "NonQualified", "Removed"]),
            .required("aor"), .optional("roundtrip_usec"),
        ]),
    ARIModelDeclaration(
        "Peer", "The reachability of a peer.",
        [.required("peer_status"), .optional("cause"), .optional("address"), .optional("port"), .optional("time")]),
    ARIModelDeclaration(
        "DeviceStateChanged", "The state of a device changed.",
        [.required("device_state", "DeviceState")]),
    ARIModelDeclaration(
        "PlaybackStarted", "A playback began an item.",
        [.required("playback", "Playback")]),
    ARIModelDeclaration(
        "PlaybackContinuing", "A playback goes on to its next item.",
        [.required("playback", "Playback")]),
    ARIModelDeclaration(
        "PlaybackFinished", "A playback ended.",
        [.required("playback", "Playback")]),
    ARIModelDeclaration(
        "RecordingStarted", "A recording began.",
        [.required("recording", "LiveRecording")]),
    ARIModelDeclaration(
        "RecordingFinished", "A recording ended.",
        [.required("recording", "LiveRecording")]),
    ARIModelDeclaration(
        "RecordingFailed", "A recording failed.",
        [.required("recording", "LiveRecording")]),
    ARIModelDeclaration(
        "ApplicationMoveFailed", "A channel could not be moved to another application.",
        [.required("channel", "Channel"), .required("destination"), .required("args", "List[string]")]),
    ARIModelDeclaration(
        "ApplicationRegistered", "The application is active on this connection."),
    ARIModelDeclaration(
        "ApplicationUnregistered", "The application is no longer active on this connection."),
    ARIModelDeclaration(
        "ApplicationReplaced", "Another connection took the application over."),
    ARIModelDeclaration(
        "BridgeCreated", "A bridge was created.",
        [.required("bridge", "Bridge")]),
    ARIModelDeclaration(
        "BridgeDestroyed", "A bridge ended.",
        [.required("bridge", "Bridge")]),
    ARIModelDeclaration(
        "BridgeMerged", "A bridge was merged into another.",
        [.required("bridge", "Bridge"), .required("bridge_from", "Bridge")]),
    ARIModelDeclaration(
        "BridgeVideoSourceChanged", "The video source of a bridge changed.",
        [.required("bridge", "Bridge"), .optional("old_video_source_id")]),
    ARIModelDeclaration(
        "BridgeBlindTransfer", "A blind transfer took place.",
        [
            .required("channel", "Channel"), .optional("replace_channel", "Channel"),
            .optional("transferee", "Channel"), .required("exten"), .required("context"), .required("result"),
            .required("is_external", "boolean"), .optional("bridge", "Bridge"),
        ]),
    ARIModelDeclaration(
        "BridgeAttendedTransfer", "An attended transfer took place.",
        [
            .required("transferer_first_leg", "Channel"), .required("transferer_second_leg", "Channel"),
            .optional("replace_channel", "Channel"), .optional("transferee", "Channel"),
            .optional("transfer_target", "Channel"), .required("result"), .required("is_external", "boolean"),
            .optional("transferer_first_leg_bridge", "Bridge"), .optional("transferer_second_leg_bridge", "Bridge"),
            .required("destination_type"), .optional("destination_bridge"), .optional("destination_application"),
            .optional("destination_link_first_leg", "Channel"), .optional("destination_link_second_leg", "Channel"),
            .optional("destination_threeway_channel", "Channel"), .optional("destination_threeway_bridge", "Bridge"),
        ]),
    ARIModelDeclaration(
        "ChannelCreated", "A channel was created.",
        [.required("channel", "Channel")]),
    ARIModelDeclaration(
        "ChannelDestroyed", "A channel is gone.",
        [
            .required("cause", "int"), .required("cause_txt"), .optional("tech_cause", "int"),
            .required("channel", "Channel"),
        ]),
    ARIModelDeclaration(
        "ChannelEnteredBridge", "A channel came into a bridge.",
        [.required("bridge", "Bridge"), .optional("channel", "Channel")]),
    ARIModelDeclaration(
        "ChannelLeftBridge", "A channel left a bridge.",
        [.required("bridge", "Bridge"), .required("channel", "Channel")]),
    ARIModelDeclaration(
        "ChannelStateChange", "The state of a channel changed.",
        [.required("channel", "Channel")]),
    ARIModelDeclaration(
        "ChannelDtmfReceived", "A DTMF digit was received.",
        [.required("digit"), .required("duration_ms", "int"), .required("channel", "Channel")]),
    ARIModelDeclaration(
        "ChannelDialplan", "A channel runs another dialplan application.",
        [.required("channel", "Channel"), .required("dialplan_app"), .required("dialplan_app_data")]),
    ARIModelDeclaration(
        "ChannelCallerId", "The caller id of a channel changed.",
        [
            .required("caller_presentation", "int"), .required("caller_presentation_txt"),
            .required("channel", "Channel"),
        ]),
    ARIModelDeclaration(
        "ChannelUserevent", "An event made by the dialplan or by an application.",
        [
            .required("eventname"), .optional("channel", "Channel"), .optional("bridge", "Bridge"),
            .optional("endpoint", "Endpoint"), .required("userevent", "object"),
        ]),
    ARIModelDeclaration(
        "ChannelHangupRequest", "A channel is about to be hung up.",
        [
            .optional("cause", "int"), .optional("tech_cause", "int"), .optional("soft", "boolean"),
            .required("channel", "Channel"),
        ]),
    ARIModelDeclaration(
        "ChannelVarset", "A variable was set.",
        [.required("variable"), .required("value"), .optional("channel", "Channel")]),
    ARIModelDeclaration(
        "ChannelHold", "A channel was put on hold.",
        [.required("channel", "Channel"), .optional("musicclass")]),
    ARIModelDeclaration(
        "ChannelUnhold", "A channel was taken off hold.",
        [.required("channel", "Channel")]),
    ARIModelDeclaration(
        "ChannelToneDetected", "A tone was heard on a channel.",
        [.required("channel", "Channel")]),
    ARIModelDeclaration(
        "ChannelTalkingStarted", "Somebody began to speak on a channel.",
        [.required("channel", "Channel")]),
    ARIModelDeclaration(
        "ChannelTalkingFinished", "Somebody stopped speaking on a channel.",
        [.required("channel", "Channel"), .required("duration", "int")]),
    ARIModelDeclaration(
        "ContactStatusChange", "The reachability of a contact changed.",
        [.required("endpoint", "Endpoint"), .required("contact_info", "ContactInfo")]),
    ARIModelDeclaration(
        "PeerStatusChange", "The reachability of a peer changed.",
        [.required("endpoint", "Endpoint"), .required("peer", "Peer")]),
    ARIModelDeclaration(
        "EndpointStateChange", "The state of an endpoint changed.",
        [.required("endpoint", "Endpoint")]),
    ARIModelDeclaration(
        "Dial", "A dial began or went on.",
        [
            .optional("caller", "Channel"), .required("peer", "Channel"), .optional("forward"),
            .optional("forwarded", "Channel"), .optional("dialstring"), .required("dialstatus"),
        ]),
    ARIModelDeclaration(
        "StasisEnd", "A channel left the application.",
        [.required("channel", "Channel")]),
    ARIModelDeclaration(
        "StasisStart", "A channel came into the application.",
        [.required("args", "List[string]"), .required("channel", "Channel"), .optional("replace_channel", "Channel")]),
    ARIModelDeclaration(
        "TextMessageReceived", "A text message came in.",
        [.required("message", "TextMessage"), .optional("endpoint", "Endpoint")]),
    ARIModelDeclaration(
        "ChannelConnectedLine", "The connected party of a channel changed.",
        [.required("channel", "Channel")]),
    ARIModelDeclaration(
        "ChannelTransfer", "A transfer is asked for or goes on.",
        [.optional("state"), .required("refer_to", "ReferTo"), .required("referred_by", "ReferredBy")]),
    ARIModelDeclaration(
        "ReferTo", "Where a transfer is to go.",
        [
            .required("requested_destination", "RequiredDestination"), .optional("destination_channel", "Channel"),
            .optional("connected_channel", "Channel"), .optional("bridge", "Bridge"),
        ]),
    ARIModelDeclaration(
        "ReferredBy", "Who asks for a transfer.",
        [
            .required("source_channel", "Channel"), .optional("connected_channel", "Channel"),
            .optional("bridge", "Bridge"),
        ]),
    ARIModelDeclaration(
        "RequiredDestination", "A destination in the words of the protocol.",
        [
            .optional("protocol_id"), .optional("destination"),
            .optional("additional_protocol_params", "List[AdditionalParam]"),
        ]),
    ARIModelDeclaration(
        "AdditionalParam", "A further parameter of a destination.",
        [.required("parameter_name"), .required("parameter_value")]),
    ARIModelDeclaration(
        "RESTHeader", "A header of a REST request.",
        [.required("name"), .required("value")]),
    ARIModelDeclaration(
        "RESTQueryStringParameter", "A query parameter of a REST request.",
        [.required("name"), .required("value")]),
    ARIModelDeclaration(
        "RESTRequest", "A REST request over the WebSocket.",
        [
            .required("type"), .required("transaction_id"), .required("request_id"), .required("method"),
            .required("uri"), .optional("content_type"), .optional("query_strings", "List[RESTQueryStringParameter]"),
            .optional("message_body"),
        ]),
    ARIModelDeclaration(
        "RESTResponse", "The answer to a REST request over the WebSocket.",
        [
            .required("transaction_id"), .required("request_id"), .required("status_code", "int"),
            .required("reason_phrase"), .required("uri"), .optional("content_type"), .optional("message_body"),
        ]),
    ARIModelDeclaration(
        "CallBroadcast", "A channel is offered to several applications.",
        [.required("channel", "Channel"), .optional("caller"), .optional("called")]),
    ARIModelDeclaration(
        "CallClaimed", "An offered channel was claimed.",
        [.required("channel", "Channel"), .required("winner_app")]),
]
