/// A response: what became of a request (RFC 3261 7.2).
public struct SIPResponse: Sendable, Equatable {
    /// The status code, 100...699.
    public var status: Int
    public var reason: String
    public var headers: SIPHeaders
    public var body: [UInt8]

    /// Makes a response; a nil reason takes the registered phrase.
    public init(status: Int, reason: String? = nil, headers: SIPHeaders = SIPHeaders(), body: [UInt8] = []) {
        self.status = status
        self.reason = reason ?? SIPReason.phrase(for: status)
        self.headers = headers
        self.body = body
    }

    public var isProvisional: Bool { status < 200 }
    public var isSuccess: Bool { status >= 200 && status < 300 }
    public var isFinal: Bool { status >= 200 }
}
