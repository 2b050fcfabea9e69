/// The models of the group `applications`.
let applicationsModels: [ARIModelDeclaration] = [
    ARIModelDeclaration(
        "Application", "A Stasis application with its subscriptions and filter.",
        [
            .required("name"), .required("channel_ids", "List[string]"), .required("bridge_ids", "List[string]"),
            .required("endpoint_ids", "List[string]"), .required("device_names", "List[string]"),
            .required("events_allowed", "List[object]"), .required("events_disallowed", "List[object]"),
        ])
]
