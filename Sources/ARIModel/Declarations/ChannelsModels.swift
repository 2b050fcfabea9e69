/// The models of the group `channels`.
let channelsModels: [ARIModelDeclaration] = [
    ARIModelDeclaration(
        "Dialed", "A channel that was dialled."),
    ARIModelDeclaration(
        "DialplanCEP", "A place in the dialplan.",
        [
            .required("context"), .required("exten"), .required("priority", "long"), .required("app_name"),
            .required("app_data"),
        ]),
    ARIModelDeclaration(
        "CallerID", "Name and number of a party.",
        [.required("name"), .required("number")]),
    ARIModelDeclaration(
        "RTPstat", "Statistics of an RTP session.",
        [
            .required("txcount", "int"), .required("rxcount", "int"), .optional("txjitter", "double"),
            .optional("rxjitter", "double"), .optional("remote_maxjitter", "double"),
            .optional("remote_minjitter", "double"), .optional("remote_normdevjitter", "double"),
            .optional("remote_stdevjitter", "double"), .optional("local_maxjitter", "double"),
            .optional("local_minjitter", "double"), .optional("local_normdevjitter", "double"),
            .optional("local_stdevjitter", "double"), .required("txploss", "int"), .required("rxploss", "int"),
            .optional("remote_maxrxploss", "double"), .optional("remote_minrxploss", "double"),
            .optional("remote_normdevrxploss", "double"), .optional("remote_stdevrxploss", "double"),
            .optional("local_maxrxploss", "double"), .optional("local_minrxploss", "double"),
            .optional("local_normdevrxploss", "double"), .optional("local_stdevrxploss", "double"),
            .optional("rtt", "double"), .optional("maxrtt", "double"), .optional("minrtt", "double"),
            .optional("normdevrtt", "double"), .optional("stdevrtt", "double"), .required("local_ssrc", "int"),
            .required("remote_ssrc", "int"), .required("txoctetcount", "int"), .required("rxoctetcount", "int"),
            .required("channel_uniqueid"),
        ]),
    ARIModelDeclaration(
        "Channel", "One leg of a call.",
        [
            .required("id"), .required("protocol_id"), .required("name"),
            .required(
                "state",
                values: [
                    "Down", "Rsrved", "OffHook", "Dialing", "Ring", "Ringing", "Up", "Busy", "Dialing Offhook",
                    "Pre-ring", "Unknown",
                ]),
            .required("caller", "CallerID"), .required("connected", "CallerID"), .required("accountcode"),
            .required("dialplan", "DialplanCEP"), .required("creationtime", "Date"), .required("language"),
            .optional("channelvars", "object"), .optional("caller_rdnis"), .optional("tenantid"),
        ]),
]
