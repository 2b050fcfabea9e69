import AMI
import CallCore

extension AMIAction {
    /// What dialplan and programs keep by family and key.
    static let databaseActions: [AMIAction] = [
        AMIAction("DBGet", "Get DB Entry.", [.system, .reporting]) { call in
            guard let (family, key) = place(call) else { return incomplete(call) }
            guard let value = call.core.store.value(family: family, key: key) else { return .error("Database entry not found") }
            let found = AMIMessage(
                [.init("Event", "DBGetResponse"), .init("Family", family), .init("Key", key), .init("Val", value)])
            return .list("Result will follow", [found], complete: "DBGetComplete")
        },
        AMIAction("DBPut", "Put DB entry.", .system) { call in
            guard let (family, key) = place(call) else { return incomplete(call) }
            call.core.store.set(family: family, key: key, to: call["Val"])
            return .success("Updated database successfully")
        },
        AMIAction("DBDel", "Delete DB entry.", .system) { call in
            guard let (family, key) = place(call) else { return incomplete(call) }
            guard call.core.store.value(family: family, key: key) != nil else { return .error("Database entry not found") }
            call.core.store.set(family: family, key: key, to: nil)
            return .success("Key deleted successfully")
        },
    ]

    private static func place(_ call: AMICall) -> (family: String, key: String)? {
        let (family, key) = (call.request["Family"], call.request["Key"])
        return family.isEmpty || key.isEmpty ? nil : (family, key)
    }

    private static func incomplete(_ call: AMICall) -> AMIOutcome {
        .error(call.request["Family"].isEmpty ? "No family specified." : "No key specified.")
    }
}
