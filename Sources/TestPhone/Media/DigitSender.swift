import RTP

/// Sends keys one after another as telephone events (RFC 4733), with a pause after each.
struct DigitSender {
    private struct Key {
        var event: UInt8
        var durationMs: Int
        var gapPackets: Int
        var done: (() -> Void)?
    }

    private var waiting: [Key] = []
    private var current: Key?
    private var gapLeft = 0
    private var events = TelephoneEventSender(ptimeMs: MediaClock.packetMs)

    mutating func press(_ keys: [UInt8], durationMs: Int, gapMs: Int, done: @escaping () -> Void) {
        guard !keys.isEmpty else { return done() }
        let gap = max(1, gapMs / MediaClock.packetMs)
        waiting += keys.map { Key(event: $0, durationMs: durationMs, gapPackets: gap) }
        waiting[waiting.count - 1].done = done
    }

    /// Gives the packet of this packet time; nil when audio is to be sent.
    mutating func next(at timestamp: UInt32) -> TelephoneEventSender.Packet? {
        if let key = current {
            if let packet = events.next() {
                if !events.isActive { gapLeft = key.gapPackets }
                return packet
            }
            gapLeft -= 1
            if gapLeft > 0 { return nil }
            current = nil
            key.done?()
        }
        guard !waiting.isEmpty else { return nil }
        let key = waiting.removeFirst()
        current = key
        events.begin(event: key.event, durationMs: key.durationMs, timestamp: timestamp)
        return events.next()
    }

    mutating func giveUp() {
        let open = [current].compactMap { $0 } + waiting
        current = nil
        waiting = []
        for key in open { key.done?() }
    }
}
