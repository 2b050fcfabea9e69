extension SIPHeaders {
    /// The greatest `Expires` that is told: greater ones are clamped (RFC 3261 20.19).
    public static let maximumExpiresSeconds = 0xFFFF_FFFF
    /// The greatest `Max-Forwards` that is told: greater ones are clamped (RFC 3261 20.22).
    public static let maximumMaxForwards = 255

    /// The first Via value, nil when absent or malformed. Setting it replaces that value only; nil takes it off.
    public var topVia: Via? {
        get {
            if readParts.contains(.via) { return read?.via }
            return self[.via].flatMap { Via($0) }
        }
        set {
            if let newValue { setFirst(.via, newValue.description) } else { removeFirst("Via") }
        }
    }

    /// All Via values from the top; those that are malformed are left out.
    public var vias: [Via] { all(.via).compactMap { Via($0) } }

    /// The From value; setting nil removes it.
    public var from: NameAddr? {
        get {
            if readParts.contains(.from) { return read?.from }
            return self[.from].flatMap { NameAddr($0) }
        }
        set { setOrRemove(.from, newValue?.description) }
    }

    /// The To value; setting nil removes it.
    public var to: NameAddr? {
        get {
            if readParts.contains(.to) { return read?.to }
            return self[.to].flatMap { NameAddr($0) }
        }
        set { setOrRemove(.to, newValue?.description) }
    }

    public var cseq: CSeq? {
        get {
            if readParts.contains(.cseq) { return read?.cseq }
            return self[.cseq].flatMap { CSeq($0) }
        }
        set { setOrRemove(.cseq, newValue?.description) }
    }

    public var callID: String? {
        get { self[.callID] }
        set { setOrRemove(.callID, newValue) }
    }

    /// All Contact values over all lines; empty when absent, malformed or the wildcard.
    public var contacts: [NameAddr] {
        if readParts.contains(.contacts), let read { return read.contacts }
        return hasWildcardContact ? [] : nameAddrs(.contact) ?? []
    }

    /// Says whether a Contact line is `*` (RFC 3261 10.2.2).
    public var hasWildcardContact: Bool { fields.contains { $0.name == .contact && $0.value == "*" } }

    public var routes: [NameAddr] { nameAddrs(.route) ?? [] }
    public var recordRoutes: [NameAddr] { nameAddrs(.recordRoute) ?? [] }

    /// The Max-Forwards value in 0...255; greater ones count as 255.
    public var maxForwards: Int? {
        get { number(.maxForwards, maximum: Self.maximumMaxForwards) }
        set { setOrRemove(.maxForwards, newValue.map { String($0) }) }
    }

    public var contentType: String? {
        get { self[.contentType] }
        set { setOrRemove(.contentType, newValue) }
    }

    /// The Expires value in seconds, 0...4294967295; greater ones are clamped.
    public var expires: Int? {
        get { number(.expires, maximum: Self.maximumExpiresSeconds) }
        set { setOrRemove(.expires, newValue.map { String($0) }) }
    }

    /// Lists the comma-separated tokens of a field over all its lines, without their parameters' spaces touched.
    ///
    /// Option tags and content codings, which compare without regard to case (RFC 3261 7.3.1), are given in lower case;
    /// methods and event packages stay as sent.
    public func tokens(_ name: String) -> [String] {
        let lowers = SIPHeaderName(name).map { Self.lowerCasedTokens.contains($0) } ?? false
        return all(name).flatMap { Self.splitAtCommas($0) }.map { lowers ? $0.asciiLowercased : $0 }
    }

    private static let lowerCasedTokens: Set<SIPHeaderName> = [
        .supported, .require, .proxyRequire, .unsupported, .acceptEncoding, .contentEncoding, .privacy, .requestDisposition,
    ]

    /// Splits a value at the commas outside quotes and brackets; empty parts are left out.
    static func splitAtCommas(_ value: String) -> [String] {
        let bytes = value.utf8.span
        var parts: [String] = []
        var start = 0
        while start <= bytes.count {
            let end = commaOrEnd(bytes, from: start, to: bytes.count)
            let part = bytes.trimmed(start..<end)
            if !part.isEmpty { parts.append(bytes.text(part)) }
            start = end &+ 1
        }
        return parts
    }

    /// Finds the next comma outside quotes and angle brackets, or the end.
    static func commaOrEnd(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var position = start
        while position < end {
            switch bytes[position] {
            case .comma: return position
            case .quote: position = bytes.quotedStringEnd(from: position, to: end) ?? end
            case .less: position = bytes.find(.greater, from: position, to: end) ?? end
            default: position &+= 1
            }
        }
        return end
    }

    /// Reads all values of a name-addr field; nil when one is malformed or there are too many.
    func nameAddrs(_ name: SIPHeaderName) -> [NameAddr]? {
        var list: [NameAddr] = []
        for field in fields where field.name == name {
            guard NameAddr.readList(field.value, into: &list) else { return nil }
        }
        return list
    }

    private func number(_ name: SIPHeaderName, maximum: Int) -> Int? {
        guard let value = self[name] else { return nil }
        let bytes = value.utf8.span
        return bytes.clampedDecimal(0..<bytes.count, maximum: maximum)
    }

    private mutating func setOrRemove(_ name: SIPHeaderName, _ value: String?) {
        if let value { set(name, value) } else { remove(name.rawValue) }
    }
}
