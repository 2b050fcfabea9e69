import Dialplan

extension DialplanFunction {
    /// GLOBAL(name)
    static let global = DialplanFunction(
        read: { call in call.core.globals.value(call[0]) ?? ExpandedText() },
        write: { call, value in
            guard !call[0].isEmpty else { return false }
            call.core.globals.set(call[0], value)
            return true
        })

    /// DB(family/key)
    static let database = DialplanFunction(
        read: { call in
            guard let (family, key) = databaseKey(call[0]) else { return nil }
            let value = call.core.store.value(family: family, key: key)
            call.channel?.setVariable("DB_RESULT", value ?? "")
            return value.map(fromCaller) ?? ExpandedText()
        },
        write: { call, value in
            guard let (family, key) = databaseKey(call[0]) else { return false }
            call.core.store.set(family: family, key: key, to: value.string)
            return true
        })

    /// DB_EXISTS(family/key)
    static let databaseExists = DialplanFunction(read: { call in
        guard let (family, key) = databaseKey(call[0]) else { return nil }
        let value = call.core.store.value(family: family, key: key)
        if let value { call.channel?.setVariable("DB_RESULT", value) }
        return value == nil ? "0" : "1"
    })

    /// DB_DELETE(family/key): gives the value that was there.
    static let databaseDelete = DialplanFunction(read: { call in
        guard let (family, key) = databaseKey(call[0]) else { return nil }
        let value = call.core.store.value(family: family, key: key) ?? ""
        call.core.store.set(family: family, key: key, to: nil)
        call.channel?.setVariable("DB_RESULT", value)
        return fromCaller(value)
    })

    /// DB_KEYS(family)
    static let databaseKeys = DialplanFunction(read: { call in
        fromCaller(call.core.store.keys(family: call[0]).sorted().joined(separator: ","))
    })

    private static func databaseKey(_ text: String) -> (family: String, key: String)? {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    /// DEVICE_STATE(device); Custom: devices can be set.
    static let deviceState = DialplanFunction(
        read: { call in ExpandedText(call.core.devices.state(of: call[0]).rawValue) },
        write: { call, value in
            guard call[0].lowercased().hasPrefix("custom:"), let state = DeviceStateValue(rawValue: value.string.uppercased()) else {
                return false
            }
            call.core.devices.set(call[0], to: state)
            return true
        })

    /// HINT(extension[@context])
    static let hint = DialplanFunction(read: { call in
        guard let (number, context) = place(call) else { return nil }
        return ExpandedText(call.core.dialplan.hint(context: context, extension: number) ?? "")
    })

    /// EXTENSION_STATE(extension[@context]): the states of the devices of a hint taken together.
    static let extensionState = DialplanFunction(read: { call in
        guard let (number, context) = place(call) else { return nil }
        guard let devices = call.core.dialplan.hint(context: context, extension: number) else { return "UNKNOWN" }
        let states = devices.split(separator: "&").map { call.core.devices.state(of: $0.trimmingBlanks()) }
        return ExpandedText(DeviceStateValue.together(states).rawValue)
    })

    @CallActor
    private static func place(_ call: FunctionCall) -> (number: String, context: String)? {
        let parts = call[0].split(separator: "@", maxSplits: 1).map(String.init)
        guard let number = parts.first else { return nil }
        return (number, parts.count > 1 ? parts[1] : call.channel?.location.context ?? "default")
    }
}

extension DeviceStateValue {
    /// The state of several devices that stand for one extension.
    static func together(_ states: [DeviceStateValue]) -> DeviceStateValue {
        let set = Set(states)
        if set.contains(.ringInUse) || (set.contains(.ringing) && (set.contains(.inUse) || set.contains(.busy))) { return .ringInUse }
        if set.contains(.ringing) { return .ringing }
        if set == [.busy] { return .busy }
        if set.contains(.inUse) || set.contains(.busy) { return .inUse }
        if set.contains(.onHold) { return .onHold }
        if set.contains(.notInUse) { return .notInUse }
        if set.contains(.unavailable) { return .unavailable }
        return states.first ?? .unknown
    }
}
