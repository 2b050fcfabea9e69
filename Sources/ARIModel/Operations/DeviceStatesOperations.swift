extension ARIResource {
    /// Device states: operations and models.
    static let deviceStates = ARIResource(
        "deviceStates", "Device states", paths: "Device states", since: ["12.0.0"],
        requiredModules: ["res_stasis_device_state"],
        operations: deviceStatesOperations, models: deviceStatesModels)
}

private let deviceStatesOperations: [ARIOperation] = [
    ARIOperation(
        .get, "/deviceStates", "list", returns: "List[DeviceState]",
        "Lists the device states set over this interface.", since: ["12.0.0"]),
    ARIOperation(
        .get, "/deviceStates/{deviceName}", "get", returns: "DeviceState",
        "Shows the state of a device.", since: ["12.0.0"],
        parameters: [.path("deviceName")]),
    ARIOperation(
        .put, "/deviceStates/{deviceName}", "update", returns: "void",
        "Sets the state of a device.", since: ["12.0.0"],
        parameters: [
            .path("deviceName"),
            .query(
                "deviceState", required: true,
                values: [
                    "NOT_INUSE", "INUSE", "BUSY", "INVALID", "UNAVAILABLE", "RINGING", "RINGINUSE", "ONHOLD",
                ]),
        ],
        errors: [.init(404, "Device name is missing"), .init(409, "Uncontrolled device specified")]),
    ARIOperation(
        .delete, "/deviceStates/{deviceName}", "delete", returns: "void",
        "Forgets the state of a device.", since: ["12.0.0"],
        parameters: [.path("deviceName")],
        errors: [.init(404, "Device name is missing"), .init(409, "Uncontrolled device specified")]),
]
