/// The Contact part of a REGISTER, read and checked before anything changes (RFC 3261 10.3 (6)–(8)).
struct RegisterContacts {
    struct Item {
        /// With neither `expires` nor headers in the URI.
        var contact: NameAddr
        var uri: SIPURI
        /// Zero removes.
        var expiresSeconds: Int
        /// The instance and reg-id, when the phone uses outbound (RFC 5626 6).
        var outbound: OutboundKey?
    }

    struct OutboundKey: Hashable {
        var instanceID: String
        var regID: Int
    }

    enum Content {
        case query
        case wildcard
        case items([Item])
    }

    /// Contacts in one request; more get 403.
    static let maximumItems = 16
    /// An hour: shorter intervals may be refused, longer ones may not (10.3 (7)).
    static let refusableSeconds = 3600

    let content: Content

    init(_ request: SIPRequest, _ limits: RegistrarLimits) throws(RegisterFault) {
        let headers = request.headers
        guard !headers.hasWildcardContact else {
            guard headers.all(.contact).count == 1 else { throw .badRequest("Wildcard Contact beside others") }
            guard headers.expires == 0 else { throw .badRequest("Wildcard Contact needs Expires 0") }
            content = .wildcard
            return
        }
        let contacts = headers.contacts
        guard contacts.count <= Self.maximumItems else { throw .tooManyContacts }
        let supportsOutbound = headers.tokens("Supported").contains("outbound")
        var items: [Item] = []
        for contact in contacts {
            items.append(try Self.item(contact, headers.expires, supportsOutbound, limits))
        }
        content = items.isEmpty ? .query : .items(items)
    }

    private static func item(
        _ contact: NameAddr, _ headerExpires: Int?, _ supportsOutbound: Bool, _ limits: RegistrarLimits
    ) throws(RegisterFault) -> Item {
        guard var uri = contact.uri.sip else { throw .badRequest("Contact is no SIP URI") }
        // Headers in a contact would be put into every request to it.
        uri.headers = []
        var kept = contact
        kept.uri = .sip(uri)
        kept.parameters.remove("expires")
        if let q = contact.parameters["q"], QValue.thousandths(q) == nil { throw .badRequest("Malformed q of a Contact") }
        let seconds = try expiry(asked: contact.parameters["expires"], headerExpires, limits)
        return Item(contact: kept, uri: uri, expiresSeconds: seconds, outbound: supportsOutbound ? outboundKey(kept) : nil)
    }

    /// Chooses the interval; a malformed one counts as none (RFC 3261 20.10).
    private static func expiry(asked: String?, _ headerExpires: Int?, _ limits: RegistrarLimits) throws(RegisterFault) -> Int {
        let told = asked.flatMap { text in
            let bytes = text.utf8.span
            return bytes.clampedDecimal(0..<bytes.count, maximum: SIPHeaders.maximumExpiresSeconds)
        }
        let seconds = told ?? headerExpires ?? limits.defaultExpiresSeconds
        if seconds == 0 { return 0 }
        if seconds < limits.minimumExpiresSeconds, seconds < refusableSeconds { throw .intervalTooBrief(limits.minimumExpiresSeconds) }
        return min(seconds, limits.maximumExpiresSeconds)
    }

    private static func outboundKey(_ contact: NameAddr) -> OutboundKey? {
        guard let instance = contact.parameters["+sip.instance"], !instance.isEmpty,
            let regID = contact.parameters["reg-id"]?.decimal(maximum: 0x7FFF_FFFF), regID > 0
        else { return nil }
        return OutboundKey(instanceID: instance, regID: regID)
    }
}

/// Why a REGISTER changes nothing.
enum RegisterFault: Error {
    case badRequest(String)
    /// With the least seconds that are allowed.
    case intervalTooBrief(Int)
    case tooManyContacts
    /// The CSeq is not above that of the same Call-ID's last registration.
    case outOfOrder
    /// RFC 5626 6: an edge proxy stands between that does not keep flows.
    case firstHopLacksOutbound

    var rejection: SIPRejection {
        switch self {
        case .badRequest(let reason): SIPRejection(400, reason: reason)
        case .intervalTooBrief(let seconds): SIPRejection(423, headers: [.init("Min-Expires", String(seconds))])
        case .tooManyContacts: SIPRejection(403, reason: "Too Many Contacts")
        case .outOfOrder: SIPRejection(400, reason: "CSeq Out Of Order")
        case .firstHopLacksOutbound: SIPRejection(439)
        }
    }
}
