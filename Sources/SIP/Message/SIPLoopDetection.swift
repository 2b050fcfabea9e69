/// Recognises a request that comes back unchanged (RFC 3261 16.3 (4) and 16.6 (8), corrected by RFC 5393 4.2): the branch of
/// each forwarded request ends with a keyed hash over what decides its way.
public struct SIPLoopDetection: Sendable {
    private let key0: UInt64
    private let key1: UInt64

    /// Makes a detector with 128 random bits, one for the life of the process.
    public init(key0: UInt64, key1: UInt64) {
        self.key0 = key0
        self.key1 = key1
    }

    /// Makes the branch for a request that is sent on: unique by its token, and ending with the hash of the request as it came in.
    public func branch(token: String, for request: SIPRequest) -> String {
        Via.magicCookie + token + Self.separator + hash(request)
    }

    /// Says whether a Via of ours carries the hash of this very request: then it loops. Another hash is a spiral, which may go on.
    public func isLoop(_ request: SIPRequest, isOurVia: (Via) -> Bool) -> Bool {
        let vias = request.headers.vias.filter(isOurVia)
        guard !vias.isEmpty else { return false }
        let suffix = Self.separator + hash(request)
        return vias.contains { $0.branch?.hasSuffix(suffix) ?? false }
    }

    private static let separator = "."

    private func hash(_ request: SIPRequest) -> String {
        let headers = request.headers
        var hash = SipHash(key0: key0, key1: key1)
        var parts = [request.target.description, headers.callID ?? "", headers.from?.tag ?? "", headers.to?.tag ?? ""]
        parts.append(headers.cseq.map { String($0.number) } ?? "")
        parts += headers.all(.route) + headers.all(.proxyRequire) + headers.all(.proxyAuthorization)
        for part in parts {
            hash.combine(part.utf8)
            hash.combine(UInt8(0))
        }
        return String(hash.finalize(), radix: 16)
    }
}
