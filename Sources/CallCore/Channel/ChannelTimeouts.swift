/// The times of TIMEOUT(…): how long the dialplan waits for digits, and when the call must end.
struct ChannelTimeouts {
    var digitMs = 5_000
    var responseMs = 10_000
    var absoluteAtMs: Int64?
    var absoluteTimer: ScheduledAction?
}

/// What a leg hears when nothing is played to it and nobody talks to it.
enum ChannelBackground: Equatable {
    case none
    case silence
    case music(class: String)
    case tone(String)
}
