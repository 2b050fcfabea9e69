/// A request: what is asked, of whom (RFC 3261 7.1).
public struct SIPRequest: Sendable, Equatable {
    public var method: SIPMethod
    /// The Request-URI.
    public var target: RequestTarget
    public var headers: SIPHeaders
    public var body: [UInt8]

    public init(method: SIPMethod, target: RequestTarget, headers: SIPHeaders = SIPHeaders(), body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    /// Makes a response: copies every Via, From, To, Call-ID and CSeq (RFC 3261 8.2.6.2).
    ///
    /// Record-Route is copied into 101...299, which may make a dialog (12.1.1); Timestamp into 1xx and 2xx (8.2.6.1).
    /// - Parameters:
    ///   - reason: The reason phrase; the registered one when nil.
    ///   - toTag: The tag to add to To when the request had none there.
    public func response(_ status: Int, reason: String? = nil, toTag: String? = nil) -> SIPResponse {
        var copy = SIPHeaders()
        copy.reserve(10)
        var tagged = false
        for field in headers.fields {
            switch field.name {
            case .via?, .from?, .callID?, .cseq?: copy.appendRead(field)
            case .to?:
                guard let toTag, headers.to?.tag == nil else {
                    copy.appendRead(field)
                    continue
                }
                tagged = true
                copy.appendRead(SIPHeaders.Field(name: .to, other: "", value: field.value + ";tag=" + toTag.withoutLineBreaks))
            case .recordRoute? where status > 100 && status < 300: copy.appendRead(field)
            case .timestamp? where status < 300: copy.appendRead(field)
            default: continue
            }
        }
        copy.read = headers.read
        copy.readParts = headers.readParts.subtracting(tagged ? [.to, .contacts] : .contacts)
        return SIPResponse(status: status, reason: reason ?? SIPReason.phrase(for: status), headers: copy)
    }
}
