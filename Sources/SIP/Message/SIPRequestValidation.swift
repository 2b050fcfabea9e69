/// Inspects a well-formed request before anybody acts on it (RFC 3261 8.2 for user agents, 16.3 for proxies): a pure
/// function of the request, of what is supported here, and of what the caller knows.
public struct SIPRequestValidation: Sendable {
    /// What the caller knows about a request.
    public struct Context: Sendable {
        /// Says that the Request-URI is one that is served here; else 404.
        public var isOurTarget: Bool
        /// Says that the To tag names a dialog that exists; else 481 where one is needed.
        public var hasDialog: Bool
        /// Says that the request came before over another path (8.2.2.2); then 482.
        public var isMerged: Bool
        /// Says that it will be sent on, by a proxy or a back-to-back user agent (16.3, RFC 7332): then Max-Forwards and loops count.
        public var isForwarded: Bool
        /// Tells the Via values that are our own, for the search of loops.
        public var isOurVia: @Sendable (Via) -> Bool

        public init(
            isOurTarget: Bool = true, hasDialog: Bool = false, isMerged: Bool = false, isForwarded: Bool = false,
            isOurVia: @escaping @Sendable (Via) -> Bool = { _ in false }
        ) {
            self.isOurTarget = isOurTarget
            self.hasDialog = hasDialog
            self.isMerged = isMerged
            self.isForwarded = isForwarded
            self.isOurVia = isOurVia
        }
    }

    /// Methods that are served; others get 405, unknown ones 501, both with Allow.
    public var methods: [SIPMethod]
    /// Option tags that are understood in Require and Proxy-Require, in lower case; others get 420 with Unsupported.
    public var extensions: Set<String>
    /// URI schemes that a request may be sent to, in lower case; others get 416.
    public var schemes: Set<String>
    /// Media types of bodies that a method may carry, in lower case; others get 415 with Accept. A method that is absent is not checked.
    public var contentTypes: [SIPMethod: [String]]
    /// Media types of the bodies in our own answers to INVITE; a request that accepts none of them gets 406.
    public var answerTypes: [String]
    /// Recognises requests that were here before; nil looks for none.
    public var loopDetection: SIPLoopDetection?

    public init(
        methods: [SIPMethod] = [.invite, .ack, .bye, .cancel, .options, .register],
        extensions: Set<String> = [],
        schemes: Set<String> = ["sip", "sips"],
        contentTypes: [SIPMethod: [String]] = [.invite: ["application/sdp"], .update: ["application/sdp"]],
        answerTypes: [String] = ["application/sdp"],
        loopDetection: SIPLoopDetection? = nil
    ) {
        self.methods = methods
        self.extensions = extensions
        self.schemes = schemes
        self.contentTypes = contentTypes
        self.answerTypes = answerTypes
        self.loopDetection = loopDetection
    }

    /// Says why a request is refused, nil when it may go on. ACK is never refused, since it is never answered.
    public func rejection(of request: SIPRequest, in context: Context = Context()) -> SIPRejection? {
        guard request.method != .ack else { return nil }
        if let rejection = methodRejection(request) { return rejection }
        // CANCEL goes by its INVITE alone, and holds no Require (8.2.2.3, 9.1).
        guard request.method != .cancel else { return nil }
        return targetRejection(request, context) ?? forwardingRejection(request, context) ?? dialogRejection(request, context)
            ?? extensionRejection(request, "Require") ?? bodyRejection(request) ?? acceptRejection(request)
    }

    // 8.2.1, 21.4.6, 21.5.2
    private func methodRejection(_ request: SIPRequest) -> SIPRejection? {
        guard !methods.contains(request.method) else { return nil }
        let allow = methods.map(\.name).joined(separator: ", ")
        return SIPRejection(request.method.isKnown ? 405 : 501, headers: [.init("Allow", allow)])
    }

    // 8.2.2.1
    private func targetRejection(_ request: SIPRequest, _ context: Context) -> SIPRejection? {
        guard schemes.contains(request.target.scheme) else { return SIPRejection(416) }
        // Inside a dialog the target is our own Contact, and the dialog decides.
        guard context.isOurTarget || context.hasDialog else { return SIPRejection(404) }
        return nil
    }

    // 16.3 (3) to (5)
    private func forwardingRejection(_ request: SIPRequest, _ context: Context) -> SIPRejection? {
        guard context.isForwarded else { return nil }
        if request.headers.maxForwards == 0 { return SIPRejection(483) }
        if let loopDetection, loopDetection.isLoop(request, isOurVia: context.isOurVia) { return SIPRejection(482) }
        return extensionRejection(request, "Proxy-Require")
    }

    // 8.2.2.2, 12.2.2
    private func dialogRejection(_ request: SIPRequest, _ context: Context) -> SIPRejection? {
        if context.hasDialog { return nil }
        let hasTag = request.headers.to?.tag != nil && request.method != .register
        if hasTag || Self.dialogMethods.contains(request.method) { return SIPRejection(481) }
        return context.isMerged ? SIPRejection(482) : nil
    }

    /// Methods that mean nothing outside a dialog (15.1.2; RFC 3262 3, 3311 5.2, 6086 4.2.2).
    private static let dialogMethods: Set<SIPMethod> = [.bye, .prack, .update, .info]

    // 8.2.2.3
    private func extensionRejection(_ request: SIPRequest, _ header: String) -> SIPRejection? {
        let unsupported = request.headers.tokens(header).filter { !extensions.contains($0) }
        guard !unsupported.isEmpty else { return nil }
        return SIPRejection(420, headers: [.init("Unsupported", unsupported.joined(separator: ", "))])
    }

    // 8.2.3
    private func bodyRejection(_ request: SIPRequest) -> SIPRejection? {
        guard !request.body.isEmpty, let accepted = contentTypes[request.method] else { return nil }
        let disposition = MediaRange.parameters(of: request.headers["Content-Disposition"] ?? "")
        if disposition?["handling"]?.asciiLowercased == "optional" { return nil }
        if request.headers.tokens("Content-Encoding").contains(where: { $0 != "identity" }) {
            return SIPRejection(415, headers: [.init("Accept-Encoding", "identity")])
        }
        guard let type = request.headers.contentType, accepted.contains(MediaRange(type).text) else {
            return SIPRejection(415, headers: [.init("Accept", accepted.joined(separator: ", "))])
        }
        return nil
    }

    // 20.1, 21.4.7
    private func acceptRejection(_ request: SIPRequest) -> SIPRejection? {
        guard request.method == .invite, request.headers["Accept"] != nil else { return nil }
        let ranges = request.headers.tokens("Accept").map { MediaRange($0) }
        guard !answerTypes.contains(where: { type in ranges.contains { $0.includes(type) } }) else { return nil }
        return SIPRejection(406)
    }
}
