@testable import SIP

/// A network in memory with its own time: it loses, doubles and reorders datagrams by a seeded source.
final class SimulatedNetwork {
    struct Conditions: Sendable {
        /// In percent.
        var loss = 0
        var duplication = 0
        var delayMs: ClosedRange<Int> = 5...5
        /// Like TCP: nothing is lost and nothing overtakes.
        var isReliable = false

        static let perfect = Conditions()
    }

    struct Datagram {
        let atMs: UInt64
        let order: Int
        let from: String
        let to: String
        let bytes: [UInt8]
    }

    let conditions: Conditions
    private(set) var nowMs: UInt64 = 0
    private(set) var wire: [Datagram] = []
    /// Decides on datagrams before chance does: false loses one.
    var passes: (SIPMessage, String) -> Bool = { _, _ in true }
    private var random: SIPTokenSource
    private var underway: [Datagram] = []
    private var endpoints: [SimulatedEndpoint] = []
    private var appointments: [(atMs: UInt64, order: Int, run: () -> Void)] = []
    private var nextOrder = 0
    private var lastArrivalMs: UInt64 = 0

    init(_ conditions: Conditions = .perfect, seed: UInt64 = 1) {
        self.conditions = conditions
        random = SIPTokenSource(seed0: seed, seed1: 99)
    }

    var now: SIPInstant { SIPInstant(milliseconds: nowMs) }

    func attach(_ endpoint: SimulatedEndpoint) {
        endpoints.append(endpoint)
    }

    /// The first lines and CSeq methods of what was sent, such as "INVITE" and "200 INVITE", from one host if given.
    func summary(from host: String? = nil) -> [String] {
        wire.filter { host == nil || $0.from == host }.map { Self.summary(of: Self.parse($0.bytes)) }
    }

    func messages(_ summary: String) -> [SIPMessage] {
        wire.map { Self.parse($0.bytes) }.filter { Self.summary(of: $0) == summary }
    }

    static func parse(_ bytes: [UInt8]) -> SIPMessage {
        guard case .message(let message) = SIPParser.parse(datagram: bytes) else {
            fatalError("sent what cannot be parsed: \(String(decoding: bytes, as: UTF8.self))")
        }
        return message
    }

    static func summary(of message: SIPMessage) -> String {
        switch message {
        case .request(let request): request.method.name
        case .response(let response): "\(response.status) \(response.headers.cseq?.method.name ?? "?")"
        }
    }

    func send(_ bytes: [UInt8], from: String, to: String) {
        nextOrder += 1
        wire.append(Datagram(atMs: nowMs, order: nextOrder, from: from, to: to, bytes: bytes))
        guard passes(Self.parse(bytes), from) else { return }
        if conditions.isReliable {
            lastArrivalMs = max(lastArrivalMs, nowMs + UInt64(delay()))
            return underway.append(Datagram(atMs: lastArrivalMs, order: nextOrder, from: from, to: to, bytes: bytes))
        }
        let copies = chance(conditions.loss) ? 0 : chance(conditions.duplication) ? 2 : 1
        for _ in 0..<copies {
            underway.append(Datagram(atMs: nowMs + UInt64(delay()), order: nextOrder, from: from, to: to, bytes: bytes))
        }
    }

    private func chance(_ percent: Int) -> Bool {
        percent > 0 && Int.random(in: 0..<100, using: &random) < percent
    }

    private func delay() -> Int { Int.random(in: conditions.delayMs, using: &random) }

    /// Does something later.
    func after(ms: Int, _ run: @escaping () -> Void) {
        nextOrder += 1
        appointments.append((nowMs + UInt64(ms), nextOrder, run))
    }

    /// Lets everything happen until that time, or until nothing more is to come.
    func run(untilMs end: UInt64) {
        while let next = nextEventMs(), next <= end {
            nowMs = max(nowMs, next)
            deliver()
            keepAppointments()
            for endpoint in endpoints { endpoint.advance() }
        }
        nowMs = max(nowMs, end)
    }

    func run(forMs milliseconds: UInt64) { run(untilMs: nowMs + milliseconds) }

    /// Whether anything is still to come.
    var isQuiet: Bool { nextEventMs() == nil }

    private func nextEventMs() -> UInt64? {
        let timers = endpoints.compactMap { endpoint in endpoint.nextDeadline.map { ($0.nanoseconds + 999_999) / 1_000_000 } }
        return (underway.map(\.atMs) + appointments.map(\.atMs) + timers).min()
    }

    private func deliver() {
        let due = underway.filter { $0.atMs <= nowMs }.sorted { ($0.atMs, $0.order) < ($1.atMs, $1.order) }
        underway.removeAll { $0.atMs <= nowMs }
        for datagram in due {
            endpoints.first { $0.host == datagram.to }?.receive(datagram.bytes, from: datagram.from)
        }
    }

    private func keepAppointments() {
        let due = appointments.filter { $0.atMs <= nowMs }.sorted { ($0.atMs, $0.order) < ($1.atMs, $1.order) }
        appointments.removeAll { $0.atMs <= nowMs }
        for appointment in due { appointment.run() }
    }
}
