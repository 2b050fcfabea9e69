/// Reads messages (RFC 3261 7 and 25), and says of a broken one what RFC 3261 wants done with it.
public struct SIPParser: Sendable {
    /// Reads one datagram or WebSocket frame.
    ///
    /// Bytes after the Content-Length are dropped (RFC 3261 18.3); without one, the body is the rest.
    public static func parse(datagram: [UInt8], limits: SIPLimits = .default) -> ParseResult {
        parse(datagram: datagram.span, limits: limits)
    }

    /// Reads one datagram out of memory that stays valid during the call.
    public static func parse(datagram: UnsafeRawBufferPointer, limits: SIPLimits = .default) -> ParseResult {
        datagram.withMemoryRebound(to: UInt8.self) { parse(datagram: $0.span, limits: limits) }
    }

    /// Reads one datagram out of a span.
    public static func parse(datagram: Span<UInt8>, limits: SIPLimits = .default) -> ParseResult {
        var start = 0
        while start < datagram.count, datagram[start].isPadding { start &+= 1 }
        guard start < datagram.count else { return .keepAlive }
        guard let headEnd = headEnd(datagram, from: start) else { return .ignored(reason: "no line of the datagram ends with CRLF") }
        var head = SIPHead(reading: datagram, start..<headEnd, limits: limits)
        if datagram.count &- start > limits.messageBytes { head.fail(513, "Message Too Large: more than \(limits.messageBytes) bytes") }
        let available = datagram.count &- headEnd
        var bodyCount = available
        if case .bytes(let length) = head.contentLength {
            if length > available { head.fail(400, "Content-Length of \(length) is past the end of the datagram") }
            bodyCount = min(length, available)
        }
        if bodyCount > limits.bodyBytes {
            head.fail(513, "Message Too Large: body of more than \(limits.bodyBytes) bytes")
            bodyCount = 0
        }
        return head.finish(body: datagram.bytes(headEnd..<headEnd &+ bodyCount))
    }

    /// Finds the index after the empty line. A datagram may end after its last header line instead.
    private static func headEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        if let end = endOfEmptyLine(bytes, from: start) { return end }
        let count = bytes.count
        guard count &- start >= 2, bytes[count &- 2] == .carriageReturn, bytes[count &- 1] == .lineFeed else { return nil }
        return count
    }

    /// Finds the index after the first CRLFCRLF.
    static func endOfEmptyLine(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var position = start &+ 3
        while position < bytes.count {
            // Stepping by what the last byte rules out: most bytes are neither CR nor LF.
            switch bytes[position] {
            case .lineFeed:
                if bytes[position &- 1] == .carriageReturn, bytes[position &- 2] == .lineFeed, bytes[position &- 3] == .carriageReturn {
                    return position &+ 1
                }
                position &+= 2
            case .carriageReturn: position &+= 1
            default: position &+= 4
            }
        }
        return nil
    }
}

extension UInt8 {
    /// What stands in keep-alive datagrams and before messages: CR, LF, and the zeros and spaces that some phones send.
    fileprivate var isPadding: Bool { self == .carriageReturn || self == .lineFeed || self == 0 || self == .space }
}

extension Span where Element == UInt8 {
    /// Copies a range into an array.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        // Arrays take no span; the pointer does not outlive the closure.
        extracting(range).withUnsafeBufferPointer { [UInt8]($0) }
    }
}
