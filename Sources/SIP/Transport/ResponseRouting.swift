extension SIPRequest {
    /// Records where the request came from in its top Via, before anything else reads it.
    ///
    /// Adds `received` when the sent-by host is another than the source (RFC 3261 section 18.2.1) or `rport` is asked
    /// for, and fills in `rport` (RFC 3581 section 4). Values that the sender invented are overwritten.
    /// - Returns: the top Via as it is now, nil when there is none that can be read.
    @discardableResult
    public mutating func noteSource(_ flow: SIPFlow) -> Via? {
        guard var via = headers.topVia else { return nil }
        let wantsPort = via.parameters.has("rport")
        let isElsewhere = via.host != flow.remote.host
        guard wantsPort || isElsewhere || via.parameters.has("received") else { return via }
        if wantsPort { via.parameters.set("rport", String(flow.remote.port)) }
        if wantsPort || isElsewhere {
            via.parameters.set("received", flow.remote.host)
        } else {
            via.parameters.remove("received")
        }
        headers.topVia = via
        return via
    }
}

extension SIPFlow {
    /// Tells where a response with the given top Via goes (RFC 3261 section 18.2.2, RFC 3581 section 4).
    ///
    /// Connections answer on themselves. Over UDP: a numeric unicast `maddr` first, then the source port when `rport`
    /// was asked for, else the port of sent-by; the host is always the one that the request came from.
    public func returning(to via: Via) -> SIPFlow {
        guard !isReliable else { return self }
        if let group = via.parameters["maddr"], NumericHost.isUnicastIPv4(group) {
            return toward(host: group, port: via.port ?? transport.defaultPort)
        }
        if via.parameters.has("rport") { return self }
        return toward(host: remote.host, port: via.port ?? transport.defaultPort)
    }
}

/// Judges numeric host texts without resolving anything.
enum NumericHost {
    /// Whether the text is a dotted IPv4 address that is neither multicast, broadcast nor unspecified.
    static func isUnicastIPv4(_ text: String) -> Bool {
        let octets = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard octets.count == 4 else { return false }
        let numbers = octets.compactMap { $0.count <= 3 ? UInt8(Substring($0)) : nil }
        return numbers.count == 4 && (1...223).contains(numbers[0])
    }
}
