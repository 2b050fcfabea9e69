import AMI
import CallCore

extension AMIAction {
    /// The states of extensions and devices.
    static let stateActions: [AMIAction] = [
        AMIAction("ExtensionState", "Check Extension Status.", [.call, .reporting]) { call in
            guard !call["Exten"].isEmpty else { return .error("Extension not specified") }
            let context = call["Context"].isEmpty ? "default" : call["Context"]
            let hint = call.core.dialplan.hint(context: context, extension: call["Exten"])
            let status = hint.map { ExtensionStatus($0, call.core) } ?? .notFound
            return .success(
                "Extension Status",
                [
                    .init("Exten", call["Exten"]), .init("Context", context), .init("Hint", hint ?? ""),
                    .init("Status", String(status.rawValue)), .init("StatusText", status.text),
                ])
        },
        AMIAction("DeviceStateList", "List the current known device states.", [.call, .reporting]) { call in
            let endpoints = call.core.endpoints.all.map { ($0.id, $0.deviceState.rawValue) }
            let others = call.core.devices.controlled.map { ($0.name, $0.state.rawValue) }
            return .list(
                "Device State Changes will follow",
                (endpoints + others).map { name, state in
                    AMIMessage([.init("Event", "DeviceStateChange"), .init("Device", name), .init("State", state)])
                },
                complete: "DeviceStateListComplete")
        },
        AMIAction("PresenceState", "Check Presence State", [.call, .reporting]) { call in
            guard !call["Provider"].isEmpty else { return .error("No provider specified") }
            // Nobody tells the presence of people here, only the states of devices.
            return .success("Presence State", [.init("State", "not_set")])
        },
    ]
}
