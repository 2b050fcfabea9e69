/// Cuts a TCP or TLS stream into messages (RFC 3261 18.3): append what arrives, then call `next` until it gives nil.
///
/// On a stream Content-Length is the only framing: when it is absent, malformed, told twice or past the limits, `failure`
/// is set with the last result, and the connection is to be closed once that is dealt with. Memory is bounded by
/// `messageBytes` and what is appended at once.
public struct SIPStreamDecoder: Sendable {
    public let limits: SIPLimits
    /// Why the stream cannot go on; nil as long as it can.
    public private(set) var failure: String?

    private var buffer: [UInt8] = []
    private var start = 0
    /// Where the search for the empty line goes on.
    private var scanned = 0
    /// The head that waits for its body, and the body's place in the buffer.
    private var pending: (head: SIPHead, body: Range<Int>)?

    public init(limits: SIPLimits = .default) {
        self.limits = limits
    }

    /// The bytes that wait for the rest of their message.
    public var bufferedBytes: Int { buffer.count &- start }

    /// Takes bytes of the stream in order. After a failure they are dropped.
    public mutating func append(_ bytes: some Sequence<UInt8>) {
        guard failure == nil else { return }
        buffer.append(contentsOf: bytes)
    }

    /// Takes bytes out of memory that stays valid during the call.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard failure == nil else { return }
        buffer.append(contentsOf: bytes)
    }

    /// Gives the next message or verdict, nil when more bytes are needed or the stream has failed.
    public mutating func next() -> ParseResult? {
        guard failure == nil else { return nil }
        if pending == nil {
            if let result = skipLineBreaks() { return result }
            if let result = readHead() { return result }
        }
        guard let (head, body) = pending, body.upperBound <= buffer.count else {
            compact()
            return nil
        }
        pending = nil
        consume(to: body.upperBound)
        return head.finish(body: Array(buffer[body]))
    }

    /// Skips line breaks before a message; two together are a ping (RFC 5626 4.4.1). Gives nil to go on.
    private mutating func skipLineBreaks() -> ParseResult? {
        while start &+ 1 < buffer.count, buffer[start] == .carriageReturn, buffer[start &+ 1] == .lineFeed {
            let third = start &+ 2
            // A second pair may still be on its way: what follows decides whether this was a ping.
            if third >= buffer.count { return nil }
            if buffer[third] == .carriageReturn {
                if third &+ 1 >= buffer.count { return nil }
                if buffer[third &+ 1] == .lineFeed {
                    consume(to: third &+ 2)
                    return .keepAlive
                }
            }
            consume(to: third)
        }
        return nil
    }

    /// Reads a head once its empty line is there, and sets `pending`. Gives a result only when the stream fails.
    private mutating func readHead() -> ParseResult? {
        guard start < buffer.count, buffer[start] != .carriageReturn || bufferedBytes > 3 else { return nil }
        let end = SIPParser.endOfEmptyLine(buffer.span, from: max(start, scanned))
        guard let end, end &- start <= limits.messageBytes else {
            scanned = max(start, buffer.count &- 3)
            guard bufferedBytes > limits.messageBytes else { return nil }
            return fail(.ignored(reason: "header section of more than \(limits.messageBytes) bytes"))
        }
        var head = SIPHead(reading: buffer.span, start..<end, limits: limits)
        if case .unreadable = head.startLine { return fail(head.finish(body: [])) }
        switch head.contentLength {
        case .missing:
            head.fail(400, "Missing Content-Length header on a stream")
            return fail(head.finish(body: []))
        case .invalid: return fail(head.finish(body: []))
        case .bytes(let length):
            guard length <= limits.bodyBytes, end &- start &+ length <= limits.messageBytes else {
                head.fail(513, SIPReason.phrase(for: 513))
                return fail(head.finish(body: []))
            }
            pending = (head, end..<end &+ length)
            return nil
        }
    }

    private mutating func fail(_ result: ParseResult) -> ParseResult {
        failure =
            switch result {
            case .rejected(_, _, let reason), .ignored(let reason): reason
            default: "framing lost"
            }
        buffer = []
        start = 0
        return result
    }

    private mutating func consume(to end: Int) {
        start = end
        scanned = end
    }

    /// Gives back the memory of consumed bytes, when it is worth the move.
    private mutating func compact() {
        guard start > 0, start == buffer.count || start >= 4096, pending == nil else { return }
        buffer.removeSubrange(0..<start)
        scanned = max(0, scanned &- start)
        start = 0
    }
}
