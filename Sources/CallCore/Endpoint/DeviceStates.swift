import ARIModel
import Dialplan

/// The state of a device, with the words that ARI uses.
public enum DeviceStateValue: String, Sendable, CaseIterable {
    case unknown = "UNKNOWN"
    case notInUse = "NOT_INUSE"
    case inUse = "INUSE"
    case busy = "BUSY"
    case invalid = "INVALID"
    case unavailable = "UNAVAILABLE"
    case ringing = "RINGING"
    case ringInUse = "RINGINUSE"
    case onHold = "ONHOLD"
}

/// Keeps named values over restarts; the store behind it writes in the background.
@CallActor
public protocol KeyValueStore: AnyObject {
    func value(family: String, key: String) -> String?
    /// Sets a value; nil removes it.
    func set(family: String, key: String, to value: String?)
    func keys(family: String) -> [String]
}

/// The states of all devices: those of endpoints, and those that applications (`Stasis:`) and the dialplan (`Custom:`) set.
@CallActor
public final class DeviceStates {
    /// What `GET /deviceStates` lists: devices that applications control.
    public nonisolated static let controlledPrefix = "Stasis:"
    private static let customPrefix = "Custom:"
    private static let stasisFamily = "StasisDeviceState"
    private static let customFamily = "CustomDevstate"

    private unowned let core: CallCore
    private let store: any KeyValueStore

    init(core: CallCore, store: any KeyValueStore) {
        self.core = core
        self.store = store
    }

    /// The state of any device; INVALID for a name that means nothing.
    public func state(of device: String) -> DeviceStateValue {
        if let (family, key) = stored(device) {
            return store.value(family: family, key: key).flatMap(DeviceStateValue.init) ?? .unknown
        }
        if let endpoint = core.endpoints[device] { return endpoint.deviceState }
        if device.hasPrefix("Local/") { return localState(String(device.dropFirst(6))) }
        return .invalid
    }

    /// Devices that applications control, by name.
    public var controlled: [(name: String, state: DeviceStateValue)] {
        store.keys(family: Self.stasisFamily).sorted().map { ($0, state(of: $0)) }
    }

    /// Sets a device that applications or the dialplan control.
    public func set(_ device: String, to state: DeviceStateValue) {
        guard let (family, key) = stored(device) else { return }
        let before = self.state(of: device)
        store.set(family: family, key: key, to: state.rawValue)
        if before != state { changed(device, to: state) }
    }

    /// Removes a device that applications control; its state is UNKNOWN afterwards, which nobody is told, as in the reference.
    public func remove(_ device: String) {
        guard let (family, key) = stored(device) else { return }
        store.set(family: family, key: key, to: nil)
    }

    /// Tells the subscribers of a device about its new state.
    func changed(_ device: String, to state: DeviceStateValue) {
        core.events.publish(aboutDevice: device) { .deviceStateChanged(DeviceState(name: device, state: state.rawValue)) }
    }

    private func stored(_ device: String) -> (family: String, key: String)? {
        let lower = device.lowercased()
        if lower.hasPrefix("stasis:") { return (Self.stasisFamily, device) }
        if lower.hasPrefix("custom:") { return (Self.customFamily, String(device.dropFirst(Self.customPrefix.count))) }
        return nil
    }

    private func localState(_ target: String) -> DeviceStateValue {
        let parts = target.split(separator: "@", maxSplits: 1).map(String.init)
        let context = parts.count > 1 ? parts[1] : "default"
        let place = DialplanLocation(context: context, extension: parts.first ?? "", priority: 1)
        guard core.dialplan.exists(place, callerNumber: "") else { return .invalid }
        return core.channels.all.contains { $0.name.hasPrefix("Local/\(target)-") } ? .inUse : .notInUse
    }
}
