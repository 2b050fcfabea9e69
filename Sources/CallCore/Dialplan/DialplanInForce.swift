public import Dialplan

/// The dialplan in force, asked with the core's clock.
@CallActor
public final class DialplanInForce {
    private unowned let core: CallCore
    public internal(set) var current = Dialplan.empty {
        didSet { hintsByDevice = nil }
    }
    /// Made when it is first asked for.
    private var hintsByDevice: [String: [DialplanHint]]?

    init(core: CallCore) {
        self.core = core
    }

    var clock: DialplanClock {
        DialplanClock(epochMicros: core.scheduler.nowMs * 1_000, utcOffsetSeconds: core.scheduler.utcOffsetSeconds)
    }

    /// Whether this place exists.
    public func exists(_ place: DialplanLocation, callerNumber: String) -> Bool {
        current.exists(
            context: place.context, exten: place.extension, priority: place.priority, callerID: callerNumber, at: clock)
    }

    /// The priority that carries a label.
    public func priority(labelled label: String, context: String, extension number: String, callerNumber: String) -> Int? {
        current.priority(labelled: label, context: context, exten: number, callerID: callerNumber, at: clock)
    }

    /// Whether more digits could make another extension of this number.
    func couldBeLonger(_ number: String, context: String, callerNumber: String) -> Bool {
        current.matchMore(context: context, exten: number, callerID: callerNumber, at: clock)
    }

    /// The hints of single extensions that a device is part of.
    public func hints(of device: String) -> [DialplanHint] {
        if let hintsByDevice { return hintsByDevice[device] ?? [] }
        var made: [String: [DialplanHint]] = [:]
        // Hints of patterns have no extension of their own.
        for hint in current.hints where !hint.exten.hasPrefix("_") {
            for name in Set(DialplanHint.deviceNames(hint.devices)) { made[name, default: []].append(hint) }
        }
        hintsByDevice = made
        return made[device] ?? []
    }

    /// The devices whose states make the state of an extension.
    public func hint(context: String, extension number: String) -> String? {
        current.hint(context: context, exten: number, at: clock)?.devices
    }
}
