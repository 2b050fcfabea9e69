import ARIModel
import CallCore

extension ARIHandlers {
    mutating func addDeviceStates(_ core: CallCore) {
        on("deviceStates.list") { _ in
            .ok(core.devices.controlled.map { DeviceState(name: $0.name, state: $0.state.rawValue) })
        }
        on("deviceStates.get") { call in
            let name = call.path("deviceName")
            return .ok(DeviceState(name: name, state: core.devices.state(of: name).rawValue))
        }
        on("deviceStates.update") { call in
            let name = try controlledDevice(call)
            guard let state = DeviceStateValue(rawValue: (call.string("deviceState") ?? "").uppercased()), state != .unknown else {
                throw ARIError(500, "Unknown device")
            }
            core.devices.set(name, to: state)
            return .noContent
        }
        on("deviceStates.delete") { call in
            core.devices.remove(try controlledDevice(call))
            return .noContent
        }
    }
}

private func controlledDevice(_ call: ARICall) throws(ARIError) -> String {
    let name = call.path("deviceName")
    guard name.lowercased().hasPrefix(DeviceStates.controlledPrefix.lowercased()) else {
        throw ARIError(409, "Uncontrolled device specified")
    }
    guard name.utf8.count > DeviceStates.controlledPrefix.utf8.count else { throw ARIError(404, "Device name is missing") }
    return name
}
