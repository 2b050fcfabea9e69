/// The offer/answer model for one stream of audio (RFC 3264), as pure functions of descriptions.
///
/// - An incoming offer: `answer(offer:local:previous:)`.
/// - An outgoing offer: `makeOffer(local:previous:)`, then `negotiated(from:to:local:)` with the answer.
/// - A late offer (an INVITE without description): the 200 carries `makeOffer`, the ACK the answer.
/// - Hold and its end: `makeOffer` with another `LocalMedia.direction` and the previous description.
public enum OfferAnswer {
    /// Packet times that are used, in ms.
    public static let packetTimesMs = 10...60

    /// Makes an offer with one audio section.
    ///
    /// With `previous`, this side's description before, the offer keeps its sections in their places, its payload types, and its
    /// version when nothing else changed; else the version is one higher (section 8).
    public static func makeOffer(local: LocalMedia, previous: SessionDescription? = nil) -> SessionDescription {
        let audioIndex =
            previous?.media.firstIndex { $0.media == "audio" && !$0.isDeclined }
            ?? previous?.media.firstIndex { $0.media == "audio" }
        let before = audioIndex.flatMap { previous?.media[$0] }
        var section = audioSection(
            local, lines: offeredLines(local, before: before), ptimeMs: bounded(local.ptimeMs),
            transport: local.transport, direction: local.direction)
        if local.rtcpMux { section.attributes.append(SDPAttribute("rtcp-mux")) }
        section.attributes += offeredExtensions(local, before: before).map { SDPAttribute("extmap", $0.text) }
        section.attributes += local.mediaAttributes
        let mid = local.isBundled ? before?.attribute("mid") ?? "0" : nil
        if let mid { section.attributes.append(SDPAttribute("mid", mid)) }
        var sections = (previous?.media ?? []).map { declined($0) }
        if let audioIndex { sections[audioIndex] = section } else { sections.append(section) }
        return versioned(describe(local, sections, bundled: mid), after: previous)
    }

    /// Answers an offer, with this side's description before as `previous` when there was one.
    ///
    /// The first audio section with a known transport and codec is taken; every other section is declined in its place.
    /// - Throws: `NegotiationError` when the offer is to be rejected with 488.
    public static func answer(
        offer: SessionDescription, local: LocalMedia,
        previous: SessionDescription? = nil
    ) throws(NegotiationError) -> Answer {
        try answer(offer: offer, section: try acceptableSection(offer, local), local: local, previous: previous)
    }

    /// Answers an offer with the audio section at `index`, whatever its transport; every other section is declined in its place.
    ///
    /// - Throws: `NegotiationError` when that section has no codec in common, or no address.
    public static func answer(
        offer: SessionDescription, section index: Int, local: LocalMedia,
        previous: SessionDescription? = nil
    ) throws(NegotiationError) -> Answer {
        let offered = offer.media[index]
        let codecs = commonCodecs(offered, local)
        guard let first = codecs.first else { throw .noCommonCodec(names(offered)) }
        let named = local.answeredCodecs == .first ? Array(codecs.prefix(1)) : codecs
        let event = local.telephoneEvents ? commonEvent(offered, codec: first) : nil
        let remoteDirection = offer.effectiveDirection(of: offered)
        var media = try negotiate(
            offer, index: index, codecs: named, event: event,
            direction: local.direction.intersection(remoteDirection.reversed), local: local)
        var lines = named.map { codec in
            (map(codec), local.codecs.first { matches($0, codec) }?.fmtp)
        }
        if let event { lines.append((map(event), eventParameters)) }
        var section = audioSection(local, lines: lines, ptimeMs: media.ptimeMs, transport: offered.transport, direction: media.direction)
        if media.rtcpMux { section.attributes.append(SDPAttribute("rtcp-mux")) }
        media.headerExtensions = commonExtensions(offered, local)
        section.attributes += media.headerExtensions.map { SDPAttribute("extmap", $0.text) }
        section.attributes += local.mediaAttributes
        if let mid = offered.attribute("mid") { section.attributes.append(SDPAttribute("mid", mid)) }
        var sections = offer.media.map { declined($0) }
        sections[index] = section
        let mid = offered.attribute("mid").flatMap { local.isBundled && offer.bundle(with: $0) != nil ? $0 : nil }
        return Answer(description: versioned(describe(local, sections, bundled: mid), after: previous), media: media)
    }

    /// Tells what an answer to this side's offer means.
    ///
    /// - Throws: `NegotiationError` when the answer declines the audio or has no codec of the offer; the call can't go on then.
    public static func negotiated(
        from answer: SessionDescription, to offer: SessionDescription,
        local: LocalMedia
    ) throws(NegotiationError) -> NegotiatedMedia {
        guard let index = offer.media.firstIndex(where: { $0.media == "audio" && !$0.isDeclined }) else { throw .noAudio }
        guard answer.media.indices.contains(index), answer.media[index].media == "audio" else { throw .answerLacksSection }
        let offered = offer.media[index], answered = answer.media[index]
        guard !answered.isDeclined else { throw .noAudio }
        let codecs = answeredCodecs(answered, offered, local)
        guard let first = codecs.first else { throw .noCommonCodec(names(answered)) }
        let event = answeredEvent(answered, offered, codec: first)
        let direction = offer.direction(of: offered).intersection(answer.effectiveDirection(of: answered).reversed)
        var media = try negotiate(answer, index: index, codecs: codecs, event: event, direction: direction, local: local)
        media.headerExtensions = answeredExtensions(answered, offered)
        return media
    }
}
