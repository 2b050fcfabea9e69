/// What became of bytes that should be a message.
public enum ParseResult: Sendable, Equatable {
    case message(SIPMessage)
    /// Only line breaks, or nothing at all. On a stream it is the ping of RFC 5626 4.4.1, to be answered with one CRLF.
    case keepAlive
    /// Nothing that can be answered: no SIP, a broken response, or a broken ACK. The reason is for the log.
    case ignored(reason: String)
    /// A broken request, as far as it could be read, to be answered with the status and reason. Headers that the response
    /// copies can be absent or malformed, the Via too: then the response goes back to the source of the bytes.
    case rejected(SIPRequest, status: Int, reason: String)
}
