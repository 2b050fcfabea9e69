/// The reliable provisional responses of an answering side (RFC 3262 section 3): one at a time, each numbered and
/// repeated until its PRACK comes.
struct ReliableProvisionals: Sendable {
    /// A response that is to be sent when the ones before are acknowledged.
    struct Queued: Sendable {
        let status: Int
        let reason: String?
        let sdp: [UInt8]?
        let headers: [(name: String, value: String)]
    }

    /// The response that waits for its PRACK.
    struct Outstanding: Sendable {
        let number: UInt32
        let hasDescription: Bool
        var intervalMs: Int
    }

    private(set) var outstanding: Outstanding?
    private(set) var queue: [Queued] = []
    private var nextNumber: UInt32
    /// A response that a final one overtook; its PRACK may still come and is right.
    private var overtaken: UInt32?
    /// The INVITE that the responses belong to.
    private let sequence: CSeq

    /// - Parameter firstNumber: the first RSeq, 1...2^31 - 1.
    init(sequence: CSeq, firstNumber: UInt32) {
        self.sequence = sequence
        nextNumber = firstNumber
    }

    /// Numbers a response that is being sent.
    mutating func send(hasDescription: Bool, intervalMs: Int) -> UInt32 {
        let number = nextNumber
        nextNumber &+= 1
        outstanding = Outstanding(number: number, hasDescription: hasDescription, intervalMs: intervalMs)
        return number
    }

    /// Keeps a response for later; drops it when too many wait.
    mutating func enqueue(_ response: Queued) {
        if queue.count < SessionLimits.queuedProvisionals { queue.append(response) }
    }

    mutating func dequeue() -> Queued? {
        queue.isEmpty ? nil : queue.removeFirst()
    }

    /// Doubles the interval after a retransmission and returns it.
    mutating func backOff() -> Int? {
        guard var waiting = outstanding else { return nil }
        waiting.intervalMs = min(waiting.intervalMs &* 2, 1 << 30)
        outstanding = waiting
        return waiting.intervalMs
    }

    /// Matches the RAck of a PRACK (RFC 3262 section 7.2) with the response that waits, which waits no more then.
    mutating func acknowledge(_ headers: SIPHeaders) -> Bool {
        guard let value = headers[.rack] else { return false }
        let parts = value.utf8.split { $0.isSpaceOrTab }.map { String(Substring($0)) }
        guard parts.count == 3, let number = parts[0].decimal(maximum: Int(UInt32.max)),
            parts[1].decimal(maximum: Int(CSeq.maximumNumber)) == Int(sequence.number), parts[2] == sequence.method.name
        else { return false }
        if let waiting = outstanding, number == Int(waiting.number) {
            outstanding = nil
            return true
        }
        guard let late = overtaken, number == Int(late) else { return false }
        overtaken = nil
        return true
    }

    /// Stops repeating and drops what is queued, once a final response makes them pointless.
    mutating func overtake() {
        overtaken = outstanding?.number
        outstanding = nil
        queue = []
    }
}
