import ARIModel
import Foundation

/// Who is there: one row for each extension, filled from what the server tells at first and from its events.
struct PresenceTable: Sendable {
    struct Row: Sendable, Equatable {
        /// As ARI names it, such as `NOT_INUSE`.
        var state: String
        var updated: Date?
    }

    private(set) var rows: [String: Row] = [:]

    /// Sets a row without an event.
    mutating func fill(_ number: String, state: String) {
        rows[number] = Row(state: state, updated: nil)
    }

    /// Takes an event; others than those about phones' states are left alone.
    /// - Returns: whether something changed.
    mutating func take(_ event: JSONValue, at time: Date) -> Bool {
        guard event["type"]?.string == "DeviceStateChanged", let device = event["device_state"], let name = device["name"]?.string,
            name.hasPrefix("PJSIP/"), let state = device["state"]?.string
        else { return false }
        let number = String(name.dropFirst(6))
        guard rows[number]?.state != state else { return false }
        rows[number] = Row(state: state, updated: time)
        return true
    }

    /// The numbers, smaller ones first.
    var numbers: [String] { rows.keys.sorted { ($0.count, $0) < ($1.count, $1) } }
}
