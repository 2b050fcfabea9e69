public import Audio
import NIOCore
import RTP
import SDP
import SIP

/// One call of a `TestPhone`.
public final class PhoneCall: Sendable {
    public enum Direction: Sendable, Hashable {
        case outgoing, incoming
    }

    /// The number or URI of the other side.
    public let number: String
    public let direction: Direction
    /// The SIP Call-ID.
    public let callID: String
    private let phone: TestPhone
    private let leg: NIOLoopBound<CallLeg>
    private let ringingFuture: EventLoopFuture<Void>
    private let answeredFuture: EventLoopFuture<Void>
    private let endedFuture: EventLoopFuture<CallEnd>

    /// Wraps a leg; on the phone's loop.
    init(_ leg: CallLeg, of phone: TestPhone) {
        number = leg.number
        direction = leg.session.direction == .incoming ? .incoming : .outgoing
        callID = leg.session.callID
        self.phone = phone
        self.leg = NIOLoopBound(leg, eventLoop: phone.loop)
        ringingFuture = leg.ringing.futureResult
        answeredFuture = leg.answered.futureResult
        endedFuture = leg.ended.futureResult
    }

    // MARK: - Course

    /// Waits until the other side rings (or answers).
    ///
    /// - Throws: `PhoneError.callFailed` with the status, `callEnded`, or `timedOut`.
    public func ringing(withinMs: Int = 30_000) async throws {
        try await phone.wait(for: ringingFuture, "ringing of \(number)", withinMs)
    }

    /// Waits until the call is answered.
    ///
    /// - Throws: `PhoneError.callFailed` with the status, `callEnded`, or `timedOut`; the call itself goes on after the last.
    public func answered(withinMs: Int = 60_000) async throws {
        try await phone.wait(for: answeredFuture, "answer of \(number)", withinMs)
    }

    /// Waits for the end of the call, whoever ends it, and tells how it came.
    public func ended(withinMs: Int = 3_600_000) async throws -> CallEnd {
        try await phone.wait(for: endedFuture, "end of the call with \(number)", withinMs)
    }

    /// Ends the call, in whichever way its state asks for: CANCEL, a refusal, or BYE. Nothing happens when it is over.
    public func hangUp(cause: Int? = nil) async throws {
        try await perform { $0.hangUp($1, cause: cause) }
    }

    // MARK: - Incoming calls

    /// Tells the caller that the phone rings; `Incoming.ring` does so by itself.
    public func ring() async throws {
        try await perform { $0.ring($1) }
    }

    /// Answers an incoming call, and waits until the caller has acknowledged that.
    public func answer() async throws {
        try await perform { $0.answer($1) }
        try await answered()
    }

    /// Refuses an incoming call with a status of 300...699.
    public func reject(status: Int = 486) async throws {
        try await perform { $0.reject($1, status: status) }
    }

    // MARK: - Changes

    /// Puts the call on hold: this side goes on sending and hears nothing.
    ///
    /// - Throws: `PhoneError.changeRefused` with the status.
    public func hold() async throws {
        try await change { $0.change($1, direction: .sendonly) }
    }

    /// Takes the call off hold.
    public func unhold() async throws {
        try await change { $0.change($1, direction: .sendrecv) }
    }

    /// Presses keys (0-9, *, #, A-D) as telephone events of RFC 4733, and waits until they are sent.
    public func sendDigits(_ digits: String, durationMs: Int = 100, gapMs: Int = 80) async throws {
        let events = digits.compactMap { TelephoneEvent.event(ofDigit: $0) }
        guard events.count == digits.count else { throw PhoneError.badDigits(digits) }
        try await change { $0.press(events, on: $1, durationMs: durationMs, gapMs: gapMs) }
    }

    /// Sends another source from now on.
    public func play(_ source: AudioSource) async throws {
        try await perform { $1.stream.voice?.play(source) }
    }

    // MARK: - What came

    /// What the call has heard until now, from the first packet on; gaps are silence. Empty where audio is only counted.
    public var heard: PCMAudio {
        get async throws {
            try await perform { _, leg in
                leg.stream.voice?.heard.map { PCMAudio(samples: $0.samples, sampleRate: $0.sampleRate) }
                    ?? PCMAudio(samples: [], sampleRate: 8_000)
            }
        }
    }

    /// When each packet of what was heard arrived.
    public var arrivals: [AudioArrival] {
        get async throws { try await perform { $1.stream.voice?.heard?.arrivals ?? [] } }
    }

    /// The keys that the other side pressed (RFC 4733), in order.
    public var digits: String {
        get async throws { try await perform { String($1.stream.voice?.digits ?? []) } }
    }

    public var counters: MediaCounters {
        get async throws { try await perform { $1.stream.counters } }
    }

    /// Whether the other side holds the call.
    public var isHeldByRemote: Bool {
        get async throws { try await perform { $1.negotiated?.isHeldByRemote ?? false } }
    }

    private func perform<T: Sendable>(_ body: @escaping @Sendable (UserAgent, CallLeg) throws -> T) async throws -> T {
        try await phone.perform { [leg] in try body($0, leg.value) }
    }

    private func change(_ body: @escaping @Sendable (UserAgent, CallLeg) -> EventLoopFuture<Void>) async throws {
        try await phone.perform { [leg] in body($0, leg.value) }.get()
    }
}
