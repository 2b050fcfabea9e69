import ARIModel
import NIOCore

/// The last events of a numbered stream, for a client that comes back.
@CallActor
public final class EventBacklog {
    /// Events and bytes that are kept; the oldest go first.
    public nonisolated static let eventLimit = 10_000
    public nonisolated static let byteLimit = 16 << 20
    /// How long the events of a client that is gone are kept.
    public nonisolated static let graceMs = 60_000

    /// What a client shows to go on with this stream.
    let token: String
    /// The number of the last event.
    private(set) var lastSequence: Int = 0
    private var events = CircularBuffer<EncodedEvent>()
    private var bytes = 0

    init(token: String) {
        self.token = token
    }

    /// Keeps an event and gives its number.
    func keep(_ event: EncodedEvent) -> Int {
        lastSequence += 1
        events.append(event)
        bytes += event.head.count
        while events.count > Self.eventLimit || bytes > Self.byteLimit, let oldest = events.popFirst() { bytes -= oldest.head.count }
        return lastSequence
    }

    /// Gives the events behind a number, in order; nil when some are no longer there, or never were.
    func events(after sequence: Int) -> [(sequence: Int, event: EncodedEvent)]? {
        let first = lastSequence - events.count
        guard sequence >= first, sequence <= lastSequence else { return nil }
        return zip((sequence + 1)..., events.dropFirst(sequence - first)).map { ($0, $1) }
    }
}
