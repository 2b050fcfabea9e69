/// A message up to its empty line, and the first fault found in it. The body comes when the framing has it.
struct SIPHead {
    enum StartLine {
        case request(SIPMethod, RequestTarget)
        case response(status: Int, reason: String)
        /// Not the start of a SIP message, and why.
        case unreadable(String)
    }

    enum ContentLength: Equatable {
        case missing
        case bytes(Int)
        /// Malformed, or told twice: the end of the body is unknown.
        case invalid
    }

    /// A length above any limit stands for all greater ones.
    static let maximumContentLength = 1 << 31

    struct Fault {
        var status: Int
        var reason: String
    }

    var startLine: StartLine
    var headers = SIPHeaders()
    var contentLength = ContentLength.missing
    /// The first fault found; later ones do not replace it.
    private(set) var fault: Fault?
    /// The fields of `singleBit` that were seen.
    private var seen: UInt8 = 0

    /// Reads start line and header fields that fill the range; the empty line at its end may be missing.
    init(reading bytes: Span<UInt8>, _ range: Range<Int>, limits: SIPLimits) {
        let lineEnd = bytes.find(.carriageReturn, from: range.lowerBound, to: range.upperBound) ?? range.upperBound
        let line = range.lowerBound..<lineEnd
        startLine = .unreadable("no start line")
        let next = min(lineEnd &+ 2, range.upperBound)
        if next &- lineEnd < 2 || bytes[lineEnd &+ 1] != .lineFeed {
            startLine = .unreadable("the start line does not end with CRLF")
            return
        }
        readStartLine(bytes, line, limits)
        if case .unreadable = startLine { return }
        readFields(bytes, next..<range.upperBound, limits)
        check()
    }

    mutating func fail(_ status: Int, _ reason: String) {
        if fault == nil { fault = Fault(status: status, reason: reason) }
    }

    /// Gives the verdict, now that the body is there.
    func finish(body: [UInt8]) -> ParseResult {
        switch startLine {
        case .unreadable(let reason): return .ignored(reason: reason)
        case .response(let status, let reason):
            if let fault { return .ignored(reason: "broken response: \(fault.reason)") }
            return .message(.response(SIPResponse(status: status, reason: reason, headers: headers, body: body)))
        case .request(let method, let target):
            let request = SIPRequest(method: method, target: target, headers: headers, body: body)
            guard let fault else { return .message(.request(request)) }
            // An ACK is never answered (RFC 3261 17).
            if method == .ack { return .ignored(reason: "broken ACK: \(fault.reason)") }
            return .rejected(request, status: fault.status, reason: fault.reason)
        }
    }
}

// MARK: - Header fields

extension SIPHead {
    /// A bit for each field that a message has once (RFC 3261 20; 7.3.1: others may be joined with commas), 0 for the others.
    private static func singleBit(_ name: SIPHeaderName) -> UInt8 {
        switch name {
        case .from: 1
        case .to: 2
        case .callID: 4
        case .cseq: 8
        case .maxForwards: 16
        case .contentLength: 32
        case .contentType: 64
        default: 0
        }
    }

    private mutating func readFields(_ bytes: Span<UInt8>, _ range: Range<Int>, _ limits: SIPLimits) {
        headers.reserve(16)
        var position = range.lowerBound
        var lines = 0
        while position < range.upperBound, bytes[position] != .carriageReturn {
            lines &+= 1
            guard lines <= limits.headerLines else { return fail(513, "Message Too Large: more than \(limits.headerLines) header lines") }
            let line = readLine(bytes, position, range.upperBound)
            if line.content.count > limits.headerLineBytes {
                fail(513, "Message Too Large: header line of more than \(limits.headerLineBytes) bytes")
            } else {
                readField(bytes, line.content, isFolded: line.isFolded)
            }
            position = line.next
        }
    }

    /// Finds the end of a header line with its folds. A CR or LF on its own is a fault, and ends the line.
    private mutating func readLine(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> (content: Range<Int>, next: Int, isFolded: Bool) {
        var position = start
        var isFolded = false
        while position < end {
            let byte = bytes[position]
            guard byte == .carriageReturn || byte == .lineFeed else {
                position &+= 1
                continue
            }
            guard byte == .carriageReturn, position &+ 1 < end, bytes[position &+ 1] == .lineFeed else {
                fail(400, "CR or LF on its own in a header line")
                return (start..<position, position &+ 1, isFolded)
            }
            guard position &+ 2 < end, bytes[position &+ 2].isSpaceOrTab else { return (start..<position, position &+ 2, isFolded) }
            isFolded = true
            position &+= 2
        }
        return (start..<end, end, isFolded)
    }

    private mutating func readField(_ bytes: Span<UInt8>, _ line: Range<Int>, isFolded: Bool) {
        var nameEnd = line.lowerBound
        bytes.skip(.token, &nameEnd, line.upperBound)
        var colon = nameEnd
        bytes.skipSpace(&colon, line.upperBound)
        guard nameEnd > line.lowerBound, colon < line.upperBound, bytes[colon] == .colon else {
            return fail(400, "Header line without a name and colon")
        }
        let range = line.lowerBound..<nameEnd
        let name = SIPHeaderName(bytes, range)
        let other = name == nil ? bytes.text(range) : ""
        if isFolded {
            let value = Self.unfold(bytes, colon &+ 1..<line.upperBound)
            let unfolded = value.span
            add(name, other, unfolded, unfolded.trimmed(0..<unfolded.count))
        } else {
            add(name, other, bytes, bytes.trimmed(colon &+ 1..<line.upperBound))
        }
    }

    /// Copies a value with each line break and the space after it made one space (RFC 3261 7.3.1).
    private static func unfold(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var value: [UInt8] = []
        value.reserveCapacity(range.count)
        var position = range.lowerBound
        while position < range.upperBound {
            if bytes[position] == .carriageReturn {
                position &+= 2
                bytes.skipSpace(&position, range.upperBound)
                value.append(.space)
            } else {
                value.append(bytes[position])
                position &+= 1
            }
        }
        return value
    }

    private mutating func add(_ name: SIPHeaderName?, _ other: String, _ bytes: Span<UInt8>, _ value: Range<Int>) {
        guard let name else { return headers.appendRead(.init(name: nil, other: other, value: bytes.text(value))) }
        let bit = Self.singleBit(name)
        if seen & bit != 0 {
            if name == .contentLength { contentLength = .invalid }
            return fail(400, "Multiple \(name.rawValue) headers")
        }
        seen |= bit
        switch name {
        case .contentLength: readContentLength(bytes, value)
        case .via, .route, .recordRoute: addEach(name, bytes, value)
        default: headers.appendRead(.init(name: name, other: "", value: bytes.text(value)))
        }
    }

    /// Adds each value of a comma-joined line as a field of its own.
    private mutating func addEach(_ name: SIPHeaderName, _ bytes: Span<UInt8>, _ value: Range<Int>) {
        var start = value.lowerBound
        while true {
            let end = SIPHeaders.commaOrEnd(bytes, from: start, to: value.upperBound)
            headers.appendRead(.init(name: name, other: "", value: bytes.text(bytes.trimmed(start..<end))))
            guard end < value.upperBound else { return }
            start = end &+ 1
        }
    }

    private mutating func readContentLength(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        guard let length = bytes.clampedDecimal(value, maximum: Self.maximumContentLength) else {
            contentLength = .invalid
            return fail(400, "Malformed Content-Length header")
        }
        contentLength = .bytes(length)
    }
}
