extension SIPHead {
    /// Checks the fields that everything else relies on (RFC 3261 8.1.1, 16.3), and keeps what it read for the typed headers.
    mutating func check() {
        let via = required(.via) { Via($0) }
        let from = required(.from) { NameAddr($0) }
        let to = required(.to) { NameAddr($0) }
        let cseq = required(.cseq) { CSeq($0) }
        _ = required(.callID) { $0.isEmpty || $0.utf8.contains { $0.isSpaceOrTab } ? nil : $0 }
        let contacts = readContacts()
        headers.read = ReadHeaders(via: via, from: from, to: to, cseq: cseq, contacts: contacts)
        headers.readParts = .all
        if case .request(let method, _) = startLine { checkRequest(method, cseq) }
    }

    private mutating func required<Value>(_ name: SIPHeaderName, _ read: (String) -> Value?) -> Value? {
        guard let text = headers[name] else {
            fail(400, "Missing \(name.rawValue) header")
            return nil
        }
        guard let value = read(text) else {
            fail(400, "Malformed \(name.rawValue) header")
            return nil
        }
        return value
    }

    private mutating func readContacts() -> [NameAddr] {
        if headers.hasWildcardContact {
            if case .request(let method, _) = startLine, method != .register { fail(400, "Wildcard Contact outside REGISTER") }
            return []
        }
        if let contacts = headers.nameAddrs(.contact) { return contacts }
        // A response is still good for its status when its Contact is not.
        if case .request = startLine { fail(400, "Malformed Contact header") }
        return []
    }

    private mutating func checkRequest(_ method: SIPMethod, _ cseq: CSeq?) {
        if let cseq, cseq.method != method {
            fail(method.isKnown ? 400 : 501, method.isKnown ? "CSeq method differs from the request's" : SIPReason.phrase(for: 501))
        }
        if headers[.maxForwards] != nil, headers.maxForwards == nil { fail(400, "Malformed Max-Forwards header") }
        if headers.nameAddrs(.route) == nil { fail(400, "Malformed Route header") }
        if headers.nameAddrs(.recordRoute) == nil { fail(400, "Malformed Record-Route header") }
    }
}
