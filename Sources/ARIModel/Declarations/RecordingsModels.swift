/// The models of the group `recordings`.
let recordingsModels: [ARIModelDeclaration] = [
    ARIModelDeclaration(
        "StoredRecording", "A recording kept as a file.",
        [.required("name"), .required("format")]),
    ARIModelDeclaration(
        "LiveRecording", "A recording that is queued or running.",
        [
            .required("name"), .required("format"), .required("target_uri"),
            .required("state", values: ["queued", "recording", "paused", "done", "failed", "canceled"]),
            .optional("duration", "int"), .optional("talking_duration", "int"), .optional("silence_duration", "int"),
            .optional("cause"),
        ]),
]
