/// A `name-addr` or `addr-spec` with header parameters: From, To, Contact, Route and their like (RFC 3261 20.10).
public struct NameAddr: Sendable, Hashable, CustomStringConvertible {
    /// The most values that one list may have; a longer one is malformed.
    public static let maximumListCount = 64

    /// The name without quotes and escapes; nil when there is none.
    public var displayName: String?
    public var uri: RequestTarget
    /// The parameters after the address, `tag` among them; those of the URI are in `uri`.
    public var parameters: SIPParameters

    public init(displayName: String? = nil, uri: RequestTarget, parameters: SIPParameters = SIPParameters()) {
        self.displayName = displayName
        self.uri = uri
        self.parameters = parameters
    }

    public init(displayName: String? = nil, uri: SIPURI, tag: String? = nil) {
        self.init(displayName: displayName, uri: .sip(uri))
        self.tag = tag
    }

    /// Reads one value that fills the text; nil when malformed.
    public init?(_ text: String) {
        let bytes = text.utf8.span
        var position = 0
        self.init(reading: bytes, at: &position, end: bytes.count)
        guard position == bytes.count else { return nil }
    }

    /// Reads a comma-separated list; nil when a value is malformed or there are more than `maximumListCount`.
    public static func parseList(_ text: String) -> [NameAddr]? {
        var list: [NameAddr] = []
        return readList(text, into: &list) ? list : nil
    }

    /// The `tag` parameter (RFC 3261 19.3).
    public var tag: String? {
        get { parameters["tag"] }
        set {
            if let newValue { parameters.set("tag", newValue) } else { parameters.remove("tag") }
        }
    }

    public var description: String {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension NameAddr {
    /// Reads one value up to the end or a comma.
    init?(reading bytes: Span<UInt8>, at position: inout Int, end: Int) {
        bytes.skipSpace(&position, end)
        guard position < end else { return nil }
        var name: String?
        if bytes[position] == .quote {
            guard let after = bytes.quotedStringEnd(from: position, to: end) else { return nil }
            name = bytes.unquoted(position &+ 1..<after &- 1)
            position = after
            bytes.skipSpace(&position, end)
            guard position < end, bytes[position] == .less else { return nil }
        } else {
            let start = position
            var probe = position
            bytes.skip(.displayName, &probe, end)
            if probe < end, bytes[probe] == .less {
                let range = bytes.trimmed(start..<probe)
                if !range.isEmpty { name = bytes.text(range) }
                position = probe
            }
        }
        let range: Range<Int>
        if bytes[position] == .less {
            guard let close = bytes.find(.greater, from: position, to: end) else { return nil }
            range = position &+ 1..<close
            position = close &+ 1
        } else {
            guard let bare = Self.readBareAddress(bytes, &position, end) else { return nil }
            range = bare
        }
        guard let target = RequestTarget(reading: bytes, range),
            let parameters = SIPParameters(readingHeaderParameters: bytes, at: &position, end: end)
        else { return nil }
        self.init(displayName: name, uri: target, parameters: parameters)
    }

    /// Reads an address without brackets: it ends at `;` or `,`, and may not hold `?` (RFC 3261 20.10).
    private static func readBareAddress(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Range<Int>? {
        let start = position
        while position < end {
            switch bytes[position] {
            case .semicolon, .comma, .space, .tab: return start..<position
            case .question: return nil
            default: position &+= 1
            }
        }
        return start..<position
    }

    /// Reads a list and appends its values; false when one is malformed or the list is too long.
    static func readList(_ text: String, into list: inout [NameAddr]) -> Bool {
        let bytes = text.utf8.span
        var position = 0
        while true {
            guard list.count < maximumListCount, let value = NameAddr(reading: bytes, at: &position, end: bytes.count) else { return false }
            list.append(value)
            guard position < bytes.count else { return true }
            // `SIPParameters` stops at a comma or the end only.
            position &+= 1
        }
    }

    func encode(into bytes: inout [UInt8]) {
        if let displayName {
            bytes.append(quoted: displayName)
            bytes.append(.space)
        }
        bytes.append(.less)
        uri.encode(into: &bytes)
        bytes.append(.greater)
        parameters.encode(asHeaderParametersInto: &bytes)
    }
}
