/// The models of the group `bridges`.
let bridgesModels: [ARIModelDeclaration] = [
    ARIModelDeclaration(
        "Bridge", "A bridge, in which channels meet.",
        [
            .required("id"), .required("technology"), .required("bridge_type", values: ["mixing", "holding"]),
            .required("bridge_class"), .required("creator"), .required("name"), .required("channels", "List[string]"),
            .optional("video_mode"), .optional("video_source_id"), .required("creationtime", "Date"),
            .optional("bridgevars", "object"),
        ])
]
