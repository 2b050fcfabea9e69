/// Turns received telephone-event packets into digits, each reported once (RFC 4733 section 2.5.2).
///
/// A digit ends with its first end packet; when all of those are lost, with the next digit or a timeout.
public struct TelephoneEventReceiver: Sendable {
    /// Time without packets after which a digit is taken to be over, in ms.
    public static let defaultTimeoutMs = 300
    /// Highest event that is followed; beyond are signals that no phone sends.
    static let highestEvent: UInt8 = 15
    /// Duration of one full segment of a long event (section 2.5.1.3).
    static let segmentUnits: UInt32 = 0xFFFF
    /// A timestamp further in the past than this many seconds belongs to a new stream, not to a late packet.
    static let lateSeconds = 10

    /// A digit that is over.
    public struct Digit: Sendable, Hashable {
        /// 0...15 as in `TelephoneEvent.event`.
        public var event: UInt8
        public var durationMs: Int

        public init(event: UInt8, durationMs: Int) {
            self.event = event
            self.durationMs = durationMs
        }

        /// Gives the character: `0`–`9`, `*`, `#`, `A`–`D`.
        public var character: Character { TelephoneEvent.digit(ofEvent: event) ?? "?" }
    }

    /// The digits that one packet ended: none, one, or two when the end of the first was lost and the second came in one packet.
    public struct Digits: Sendable, Hashable {
        public var first: Digit?
        public var second: Digit?
    }

    private struct Active {
        var event: UInt8
        var timestamp: UInt32
        /// Units of the segments before this one.
        var earlierUnits: UInt32 = 0
        var units: UInt32
        var startedMs: Int64
        var heardMs: Int64
    }

    private let clockRate: UInt32
    private let timeoutMs: Int64
    private var active: Active?
    private var ssrc: UInt32 = 0
    /// Event and timestamp of the last digit reported, by which its further end packets are known.
    private var ended: (event: UInt8, timestamp: UInt32)?

    /// Creates a receiver for events whose timestamps run at `clockRate` Hz.
    public init(clockRate: Int = 8000, timeoutMs: Int = TelephoneEventReceiver.defaultTimeoutMs) {
        self.clockRate = max(UInt32(clamping: clockRate), 1)
        self.timeoutMs = Int64(max(timeoutMs, 1))
    }

    /// Tells whether a digit is being pressed.
    public var isActive: Bool { active != nil }

    /// Gives the event being received, for who wants to act on a digit's begin.
    public var activeEvent: UInt8? { active?.event }

    /// Takes one packet of the telephone-event payload type, arrived at `nowMs`.
    public mutating func receive(_ header: RTPHeader, payload: UnsafeRawBufferPointer, at nowMs: Int64) -> Digits {
        guard let packet = TelephoneEvent(parsing: payload), packet.event <= Self.highestEvent else { return Digits() }
        var digits = Digits()
        if ssrc != header.ssrc {
            digits.first = finish()
            ended = nil
            ssrc = header.ssrc
        }
        if continues(packet, header) {
            if let digit = update(packet, header, at: nowMs) { digits.first = digit }
            return digits
        }
        guard !isLate(packet, header) else { return digits }
        if let digit = finish() { digits.first = digit }
        active = Active(event: packet.event, timestamp: header.timestamp, units: UInt32(packet.duration), startedMs: nowMs, heardMs: nowMs)
        if packet.isEnd {
            let digit = finish()
            if digits.first == nil { digits.first = digit } else { digits.second = digit }
        }
        return digits
    }

    /// Ends a digit whose packets stopped coming; call it about once per frame.
    public mutating func expire(at nowMs: Int64) -> Digit? {
        guard let active, nowMs - active.heardMs >= timeoutMs else { return nil }
        return finish()
    }

    /// Ends the digit being received at once, as when the call ends or the stream is changed.
    public mutating func finish() -> Digit? {
        guard let digit = active else { return nil }
        active = nil
        ended = (digit.event, digit.timestamp)
        let units = UInt64(digit.earlierUnits) + UInt64(digit.units)
        // Some phones leave the duration at 0; then the time between their packets is the best that is known.
        let durationMs = units > 0 ? Int(clamping: units * 1000 / UInt64(clockRate)) : Int(clamping: digit.heardMs - digit.startedMs)
        return Digit(event: digit.event, durationMs: durationMs)
    }

    /// Tells whether a packet belongs to the digit being received: same timestamp, the next segment of a long one, or a phone that
    /// wrongly moves the timestamp with every packet (the duration goes on growing, without a marker).
    private func continues(_ packet: TelephoneEvent, _ header: RTPHeader) -> Bool {
        guard let active, active.event == packet.event else { return false }
        let step = Int32(bitPattern: header.timestamp &- active.timestamp)
        if step == 0 { return true }
        guard !header.marker, step > 0 else { return false }
        let nextSegment = UInt32(step) == Self.segmentUnits
        let moves = UInt32(step) <= clockRate / 10 && UInt32(packet.duration) > active.units
        return nextSegment || moves
    }

    private mutating func update(_ packet: TelephoneEvent, _ header: RTPHeader, at nowMs: Int64) -> Digit? {
        guard var digit = active else { return nil }
        if header.timestamp &- digit.timestamp == Self.segmentUnits {
            digit.earlierUnits = digit.earlierUnits &+ Self.segmentUnits
            digit.units = 0
        }
        digit.timestamp = header.timestamp
        digit.units = max(digit.units, UInt32(packet.duration))
        digit.heardMs = nowMs
        active = digit
        return packet.isEnd ? finish() : nil
    }

    /// Tells whether a packet is a repetition of a digit already reported, or older than what is being received.
    private func isLate(_ packet: TelephoneEvent, _ header: RTPHeader) -> Bool {
        let oldest = -Int64(clockRate) * Int64(Self.lateSeconds)
        if let active {
            let step = Int64(Int32(bitPattern: header.timestamp &- active.timestamp))
            if step < 0, step > oldest { return true }
        }
        guard let ended else { return false }
        let step = Int64(Int32(bitPattern: header.timestamp &- ended.timestamp))
        if step == 0 { return packet.event == ended.event }
        return step < 0 && step > oldest
    }
}
