/// Bounds on what the parser accepts. Past one, a request is rejected with the status named here and a response is dropped.
public struct SIPLimits: Sendable, Hashable {
    public static let `default` = SIPLimits()

    /// A whole message, start line to body; 513 past it. A stream fails, since its framing is lost.
    public var messageBytes: Int
    /// Header field lines, folded ones counted once; 513 past it.
    public var headerLines: Int
    /// One header field line with its folds; 513 past it.
    public var headerLineBytes: Int
    /// The body; 513 past it.
    public var bodyBytes: Int
    /// The Request-URI; 414 past it.
    public var uriBytes: Int

    public init(
        messageBytes: Int = 65535, headerLines: Int = 256, headerLineBytes: Int = 8192, bodyBytes: Int = 65535, uriBytes: Int = 2048
    ) {
        self.messageBytes = messageBytes
        self.headerLines = headerLines
        self.headerLineBytes = headerLineBytes
        self.bodyBytes = bodyBytes
        self.uriBytes = uriBytes
    }
}
