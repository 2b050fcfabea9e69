/// To tags for responses that leave no state behind: a keyed hash of the request, so that each retransmission gets the
/// same one and the ACK that shows it can be told from a stray (RFC 3261 section 8.2.7).
struct StatelessTag: Sendable {
    private let key0: UInt64
    private let key1: UInt64

    init(source: inout SIPTokenSource) {
        key0 = source.next()
        key1 = source.next()
    }

    /// Makes the tag from what a request shares with its retransmissions and its ACK.
    func tag(for request: SIPRequest, via: Via?) -> String {
        var hash = SipHash(key0: key0, key1: key1)
        for field in [via?.branch, request.headers.callID, request.headers.from?.tag] {
            hash.combine((field ?? "").utf8)
            hash.combine(0 as UInt8)
        }
        hash.combine(UInt64(request.headers.cseq?.number ?? 0))
        return HexToken.text(hash.finalize())
    }
}
