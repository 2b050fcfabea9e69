internal import Audio
internal import RTP

/// Holds the digits a port still has to send, and how far the present one is.
struct DigitQueue {
    static let durationsMs = 40...8_000
    static let gapsMs = 0...60_000
    /// Frequencies of the keypad in Hz, by row and column (ITU-T Q.23).
    private static let rows: [Double] = [697, 770, 852, 941]
    private static let columns: [Double] = [1_209, 1_336, 1_477, 1_633]
    private static let keys: [Character] = ["1", "2", "3", "A", "4", "5", "6", "B", "7", "8", "9", "C", "*", "0", "#", "D"]

    /// One digit; the last of a request carries its token.
    struct Entry {
        /// 0...15 as in RFC 4733 section 3.2; nil for a pause.
        var event: UInt8?
        var durationMs: Int32
        var gapMs: Int32
        var token: UInt64
        var endsRequest: Bool
    }

    enum Phase {
        case idle
        /// RFC 4733 packets are sent.
        case event(TelephoneEventSender)
        /// A tone is sent.
        case tone(ToneGenerator, leftMs: Int32)
        /// Nothing is sent until the digit arrives at the other end of a pipe.
        case quiet(leftMs: Int32)
        /// Silence is sent.
        case gap(leftMs: Int32)
    }

    var phase = Phase.idle
    var current = Entry(event: nil, durationMs: 0, gapMs: 0, token: 0, endsRequest: false)
    /// Tick in which the present digit began.
    var startTick: UInt64 = 0
    /// As many as `MediaLimits.maxDigitsQueued`.
    private var entries = InlineArray<64, Entry>(repeating: Entry(event: nil, durationMs: 0, gapMs: 0, token: 0, endsRequest: false))
    private var head = 0
    private(set) var count = 0

    /// Adds a digit; false when the queue is full.
    mutating func append(_ entry: Entry) -> Bool {
        guard count < entries.count else { return false }
        entries[(head + count) % entries.count] = entry
        count += 1
        return true
    }

    /// Lets the digit added last end a request too, when there was no room for the rest of it.
    mutating func endRequestAtLast(token: UInt64) -> Bool {
        guard count > 0 else { return false }
        let last = (head + count - 1) % entries.count
        guard !entries[last].endsRequest else { return false }
        entries[last].endsRequest = true
        entries[last].token = token
        return true
    }

    /// Takes the next digit as the present one; false when there is none.
    mutating func advance() -> Bool {
        guard count > 0 else { return false }
        current = entries[head]
        head = (head + 1) % entries.count
        count -= 1
        return true
    }

    /// Makes the tone of a digit.
    static func tone(ofEvent event: UInt8, sampleRate: Int) -> ToneGenerator {
        guard let digit = TelephoneEvent.digit(ofEvent: event), let key = keys.firstIndex(of: digit) else {
            return ToneGenerator(frequencies: [], sampleRate: sampleRate)
        }
        return ToneGenerator(frequencies: [rows[key / 4], columns[key % 4]], sampleRate: sampleRate)
    }
}
