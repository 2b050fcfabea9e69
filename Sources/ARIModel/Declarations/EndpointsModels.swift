/// The models of the group `endpoints`.
let endpointsModels: [ARIModelDeclaration] = [
    ARIModelDeclaration(
        "Endpoint", "A device or trunk that can be called.",
        [
            .required("technology"), .required("resource"),
            .optional("state", values: ["unknown", "offline", "online"]), .required("channel_ids", "List[string]"),
        ]),
    ARIModelDeclaration(
        "TextMessage", "A text message outside of a call.",
        [.required("from"), .required("to"), .required("body"), .optional("variables", "object")]),
]
