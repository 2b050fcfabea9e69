/// The header fields known by name (RFC 3261 20 and its extensions); the raw value is the name as it is sent.
///
/// A known field is stored by its case, so that look-ups compare one byte instead of a string.
enum SIPHeaderName: String, CaseIterable, Sendable {
    case accept = "Accept"
    case acceptContact = "Accept-Contact"
    case acceptEncoding = "Accept-Encoding"
    case acceptLanguage = "Accept-Language"
    case alertInfo = "Alert-Info"
    case allow = "Allow"
    case allowEvents = "Allow-Events"
    case authenticationInfo = "Authentication-Info"
    case authorization = "Authorization"
    case callID = "Call-ID"
    case callInfo = "Call-Info"
    case contact = "Contact"
    case contentDisposition = "Content-Disposition"
    case contentEncoding = "Content-Encoding"
    case contentLanguage = "Content-Language"
    case contentLength = "Content-Length"
    case contentType = "Content-Type"
    case cseq = "CSeq"
    case date = "Date"
    case diversion = "Diversion"
    case errorInfo = "Error-Info"
    case event = "Event"
    case expires = "Expires"
    case flowTimer = "Flow-Timer"
    case from = "From"
    case historyInfo = "History-Info"
    case identity = "Identity"
    case identityInfo = "Identity-Info"
    case infoPackage = "Info-Package"
    case inReplyTo = "In-Reply-To"
    case join = "Join"
    case maxForwards = "Max-Forwards"
    case mimeVersion = "MIME-Version"
    case minExpires = "Min-Expires"
    case minSE = "Min-SE"
    case organization = "Organization"
    case pAccessNetworkInfo = "P-Access-Network-Info"
    case pAssertedIdentity = "P-Asserted-Identity"
    case pPreferredIdentity = "P-Preferred-Identity"
    case path = "Path"
    case priority = "Priority"
    case privacy = "Privacy"
    case proxyAuthenticate = "Proxy-Authenticate"
    case proxyAuthorization = "Proxy-Authorization"
    case proxyRequire = "Proxy-Require"
    case rack = "RAck"
    case reason = "Reason"
    case recordRoute = "Record-Route"
    case recvInfo = "Recv-Info"
    case referSub = "Refer-Sub"
    case referTo = "Refer-To"
    case referredBy = "Referred-By"
    case rejectContact = "Reject-Contact"
    case remotePartyID = "Remote-Party-ID"
    case replaces = "Replaces"
    case replyTo = "Reply-To"
    case requestDisposition = "Request-Disposition"
    case require = "Require"
    case retryAfter = "Retry-After"
    case route = "Route"
    case rseq = "RSeq"
    case server = "Server"
    case serviceRoute = "Service-Route"
    case sessionExpires = "Session-Expires"
    case sipETag = "SIP-ETag"
    case sipIfMatch = "SIP-If-Match"
    case subject = "Subject"
    case subscriptionState = "Subscription-State"
    case supported = "Supported"
    case timestamp = "Timestamp"
    case to = "To"
    case unsupported = "Unsupported"
    case userAgent = "User-Agent"
    case via = "Via"
    case warning = "Warning"
    case wwwAuthenticate = "WWW-Authenticate"

    /// The one-letter form of the wire (RFC 3261 7.3.3 and the IANA registry), nil when the field has none.
    private static func compact(_ letter: UInt8) -> SIPHeaderName? {
        switch letter.lowercased {
        case UInt8(ascii: "a"): .acceptContact
        case UInt8(ascii: "b"): .referredBy
        case UInt8(ascii: "c"): .contentType
        case UInt8(ascii: "d"): .requestDisposition
        case UInt8(ascii: "e"): .contentEncoding
        case UInt8(ascii: "f"): .from
        case UInt8(ascii: "i"): .callID
        case UInt8(ascii: "j"): .rejectContact
        case UInt8(ascii: "k"): .supported
        case UInt8(ascii: "l"): .contentLength
        case UInt8(ascii: "m"): .contact
        case UInt8(ascii: "n"): .identityInfo
        case UInt8(ascii: "o"): .event
        case UInt8(ascii: "r"): .referTo
        case UInt8(ascii: "s"): .subject
        case UInt8(ascii: "t"): .to
        case UInt8(ascii: "u"): .allowEvents
        case UInt8(ascii: "v"): .via
        case UInt8(ascii: "x"): .sessionExpires
        case UInt8(ascii: "y"): .identity
        default: nil
        }
    }

    /// Finds a field by its full or compact name in any case; nil when it is not one of these.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard let first = range.first else { return nil }
        if range.count == 1 {
            guard let name = Self.compact(bytes[first]) else { return nil }
            self = name
            return
        }
        var slot = Self.slot(length: range.count, first: bytes[first], last: bytes[range.upperBound &- 1])
        while let candidate = Self.table[slot] {
            if bytes.equalsIgnoringCase(range, candidate.rawValue) {
                self = candidate
                return
            }
            slot = (slot &+ 1) & Self.slotMask
        }
        return nil
    }

    init?(_ name: String) {
        let bytes = name.utf8.span
        self.init(bytes, 0..<bytes.count)
    }

    /// 256 slots for fewer than 100 names: a probe always meets an empty slot.
    private static let slotMask = 255

    private static func slot(length: Int, first: UInt8, last: UInt8) -> Int {
        (length &* 37 &+ Int(first.lowercased) &* 11 &+ Int(last.lowercased) &* 3) & slotMask
    }

    private static let table: [SIPHeaderName?] = {
        var table = [SIPHeaderName?](repeating: nil, count: slotMask + 1)
        for name in allCases {
            let bytes = Array(name.rawValue.utf8)
            var slot = slot(length: bytes.count, first: bytes[0], last: bytes[bytes.count - 1])
            while table[slot] != nil { slot = (slot + 1) & slotMask }
            table[slot] = name
        }
        return table
    }()
}
