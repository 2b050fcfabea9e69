/// How sections and whole descriptions of offers and answers are made.
extension OfferAnswer {
    /// Finds the audio section to answer.
    static func acceptableSection(_ offer: SessionDescription, _ local: LocalMedia) throws(NegotiationError) -> Int {
        let accepted = Set(local.acceptedTransports.map { $0.uppercased() })
        var reason = NegotiationError.noAudio
        for (index, section) in offer.media.enumerated() where section.media == "audio" && !section.isDeclined {
            guard accepted.contains(section.transport.uppercased()) else {
                if reason == .noAudio { reason = .transportNotAccepted(section.transport) }
                continue
            }
            do {
                try checkCodecs(of: section, local)
                return index
            } catch {
                reason = error
            }
        }
        throw reason
    }

    /// Checks that a section that is offered has a codec that this side has, too.
    public static func checkCodecs(of section: MediaDescription, _ local: LocalMedia) throws(NegotiationError) {
        guard !commonCodecs(section, local).isEmpty else { throw .noCommonCodec(names(section)) }
    }

    /// Puts together what was agreed on; `remote` is the other side's description.
    static func negotiate(
        _ remote: SessionDescription, index: Int, codecs: [NegotiatedCodec], event: NegotiatedCodec?,
        direction: MediaDirection, local: LocalMedia
    ) throws(NegotiationError) -> NegotiatedMedia {
        let section = remote.media[index]
        guard let connection = remote.connection(of: section) else { throw .noAddress }
        guard let codec = codecs.first else { throw .noCommonCodec(names(section)) }
        let mux = section.rtcpMux && local.rtcpMux
        let rtcp = section.rtcp
        return NegotiatedMedia(
            mediaIndex: index, remoteAddress: connection.address, remotePort: section.port,
            remoteRTCPAddress: mux ? connection.address : rtcp?.connection?.address ?? connection.address,
            remoteRTCPPort: mux ? section.port : rtcp?.port ?? min(section.port + 1, 65535),
            codec: codec, codecs: codecs, telephoneEvent: event, ptimeMs: packetTimeMs(section, local), direction: direction,
            isHeldByRemote: !remote.effectiveDirection(of: section).receives, rtcpMux: mux, transport: section.transport,
            mid: section.attribute("mid"))
    }

    /// Gives the packet time for sending: what the receiver asks for, else the local wish, in whole 10 ms and within its maxptime.
    static func packetTimeMs(_ section: MediaDescription, _ local: LocalMedia) -> Int {
        let wished = bounded(section.ptimeMs ?? local.ptimeMs)
        guard let longest = section.maxptimeMs else { return wished }
        return min(wished, bounded(longest))
    }

    /// Brings a packet time into 10...60 ms and down to whole 10 ms.
    static func bounded(_ ptimeMs: Int) -> Int {
        min(max(ptimeMs / 10 * 10, packetTimesMs.lowerBound), packetTimesMs.upperBound)
    }

    /// Makes the audio section of an offer or answer.
    static func audioSection(
        _ local: LocalMedia, lines: [(RTPMap, String?)], ptimeMs: Int, transport: String,
        direction: MediaDirection
    ) -> MediaDescription {
        var section = MediaDescription(media: "audio", port: local.port, transport: transport, formats: lines.map { "\($0.0.payloadType)" })
        for (map, fmtp) in lines {
            section.attributes.append(SDPAttribute("rtpmap", map.text))
            if let fmtp { section.attributes.append(SDPAttribute("fmtp", "\(map.payloadType) \(fmtp)")) }
        }
        section.attributes.append(SDPAttribute("ptime", "\(ptimeMs)"))
        if let maxptimeMs = local.maxptimeMs { section.attributes.append(SDPAttribute("maxptime", "\(maxptimeMs)")) }
        section.attributes.append(SDPAttribute(direction.rawValue))
        return section
    }

    /// Makes the section that declines another in its place (RFC 3264 section 6).
    static func declined(_ section: MediaDescription) -> MediaDescription {
        let mid = section.attribute("mid").map { [SDPAttribute("mid", $0)] } ?? []
        return MediaDescription(media: section.media, port: 0, transport: section.transport, formats: section.formats, attributes: mid)
    }

    /// - Parameter bundled: the name of the section that answers for all that share its transport.
    static func describe(_ local: LocalMedia, _ sections: [MediaDescription], bundled: String? = nil) -> SessionDescription {
        let groups = bundled.map { [SDPAttribute("group", "BUNDLE \($0)")] } ?? []
        return SessionDescription(
            origin: SDPOrigin(username: local.username, sessionID: local.sessionID, version: local.sessionVersion, address: local.address),
            sessionName: local.sessionName, connection: SDPConnection(address: local.address),
            attributes: groups + local.sessionAttributes, media: sections)
    }

    /// Numbers a description after the one before it: the same number when nothing changed, else one more (RFC 3264 section 8).
    static func versioned(_ description: SessionDescription, after previous: SessionDescription?) -> SessionDescription {
        guard let previous else { return description }
        var numbered = description
        numbered.origin.username = previous.origin.username
        numbered.origin.sessionID = previous.origin.sessionID
        numbered.origin.version = previous.origin.version
        // Compare without the o= line, whose address may differ from the media's on its own.
        var plain = previous
        plain.origin = numbered.origin
        if numbered != plain { numbered.origin.version = previous.origin.version &+ 1 }
        return numbered
    }
}
