/// The state of a channel; the raw value is the number that device-level interfaces use for it.
public enum ChannelState: UInt8, Sendable, Hashable, CaseIterable {
    case down = 0
    case reserved = 1
    case offHook = 2
    case dialing = 3
    case ring = 4
    case ringing = 5
    case up = 6
    case busy = 7
    case dialingOffHook = 8
    case preRing = 9
    case mute = 10

    /// The word that ARI sends. `Rsrvd` differs from the documented `Rsrved`; clients see the former.
    public var wireName: String {
        switch self {
        case .down: "Down"
        case .reserved: "Rsrvd"
        case .offHook: "OffHook"
        case .dialing: "Dialing"
        case .ring: "Ring"
        case .ringing: "Ringing"
        case .up: "Up"
        case .busy: "Busy"
        case .dialingOffHook: "Dialing Offhook"
        case .preRing: "Pre-ring"
        case .mute: "Mute"
        }
    }
}
