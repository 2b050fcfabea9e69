import AMI
import CallCore
import Dialplan

/// The state of an extension, made of those of the devices in its hint; the raw value is what managers are told.
enum ExtensionStatus: Int, Sendable {
    case notFound = -1
    case idle = 0
    case inUse = 1
    case busy = 2
    case unavailable = 4
    case ringing = 8
    case inUseRinging = 9
    case onHold = 16
    case inUseOnHold = 17

    var text: String {
        switch self {
        case .notFound: "Unknown"
        case .idle: "Idle"
        case .inUse: "InUse"
        case .busy: "Busy"
        case .unavailable: "Unavailable"
        case .ringing: "Ringing"
        case .inUseRinging: "InUse&Ringing"
        case .onHold: "Hold"
        case .inUseOnHold: "InUse&Hold"
        }
    }

    /// - Parameter hint: the devices, joined by `&`; behind a comma there may be presence, which is left out.
    @CallActor
    init(_ hint: String, _ core: CallCore) {
        self.init(DialplanHint.deviceNames(hint).map { core.devices.state(of: $0) })
    }

    init(_ states: [DeviceStateValue]) {
        func has(_ some: DeviceStateValue...) -> Bool { states.contains { some.contains($0) } }
        let isBusy = !states.isEmpty && states.allSatisfy { $0 == .busy }
        let inUse = has(.inUse, .ringInUse, .onHold) || (has(.busy) && !isBusy)
        if states.isEmpty || states.allSatisfy({ $0 == .invalid || $0 == .unavailable }) {
            self = .unavailable
        } else if has(.ringInUse) || (has(.ringing) && inUse) {
            self = .inUseRinging
        } else if has(.ringing) {
            self = .ringing
        } else if isBusy {
            self = .busy
        } else if states.allSatisfy({ $0 == .onHold || $0 == .notInUse || $0 == .unavailable }), has(.onHold) {
            self = .onHold
        } else if has(.onHold), has(.inUse) {
            self = .inUseOnHold
        } else if inUse {
            self = .inUse
        } else {
            self = .idle
        }
    }
}

/// Tells when the state of an extension that has a hint becomes another.
@CallActor
final class ExtensionStates {
    private let core: CallCore
    private var last: [String: ExtensionStatus] = [:]

    init(core: CallCore) { self.core = core }

    /// The events that the change of a device brings.
    func changed(_ device: String) -> [AMIEvent] {
        core.dialplan.hints(of: device).compactMap { hint in
            let status = ExtensionStatus(hint.devices, core)
            let place = "\(hint.exten)@\(hint.context)"
            guard last.updateValue(status, forKey: place) != status else { return nil }
            return AMIEvent(
                "ExtensionStatus", .call,
                [
                    .init("Exten", hint.exten), .init("Context", hint.context), .init("Hint", hint.devices),
                    .init("Status", String(status.rawValue)), .init("StatusText", status.text),
                ])
        }
    }
}
