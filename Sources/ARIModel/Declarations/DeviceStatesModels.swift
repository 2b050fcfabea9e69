/// The models of the group `deviceStates`.
let deviceStatesModels: [ARIModelDeclaration] = [
    ARIModelDeclaration(
        "DeviceState", "The state of a device.",
        [
            .required("name"),
            .required(
                "state",
                values: [
                    "UNKNOWN", "NOT_INUSE", "INUSE", "BUSY", "INVALID", "UNAVAILABLE", "RINGING", "RINGINUSE", "ONHOLD",
                ]),
        ])
]
