/// Which codecs and payload types two descriptions have in common.
extension OfferAnswer {
    /// Names of codings that go along with a codec and are none themselves.
    private static let companions: Set<String> = ["telephone-event", "cn", "red", "ulpfec", "rtx"]

    /// Gives the codecs of `local` that `offered` has too, in the order that `local` asks for.
    ///
    /// An answerer takes the offerer's payload types, so that both directions use the same.
    static func commonCodecs(_ offered: MediaDescription, _ local: LocalMedia) -> [NegotiatedCodec] {
        let maps = offered.rtpMaps
        func common(_ codec: CodecOffer, _ map: RTPMap) -> NegotiatedCodec {
            NegotiatedCodec(
                name: codec.name, clockRate: codec.clockRate, channels: codec.channels, sendPayloadType: map.payloadType,
                receivePayloadType: map.payloadType, remoteParameters: offered.formatParameters(map.payloadType))
        }
        switch local.codecOrder {
        case .remote:
            return maps.compactMap { map in local.codecs.first { matches($0, map) }.map { common($0, map) } }
        case .local:
            return local.codecs.compactMap { codec in maps.first { matches(codec, $0) }.map { common(codec, $0) } }
        }
    }

    /// Gives the codecs of an answer that this side offered, each with the answer's payload type to send and the offer's to receive
    /// (RFC 3264 section 6.1); in the answer's order, which is the answerer's preference.
    static func answeredCodecs(_ answered: MediaDescription, _ offered: MediaDescription, _ local: LocalMedia) -> [NegotiatedCodec] {
        let mine = offered.rtpMaps
        let common: [NegotiatedCodec] = answered.rtpMaps.compactMap { map in
            guard let codec = local.codecs.first(where: { matches($0, map) }),
                let own = mine.first(where: { matches(codec, $0) })
            else { return nil }
            return NegotiatedCodec(
                name: codec.name, clockRate: codec.clockRate, channels: codec.channels,
                sendPayloadType: map.payloadType, receivePayloadType: own.payloadType,
                remoteParameters: answered.formatParameters(map.payloadType))
        }
        guard local.codecOrder == .local else { return common }
        return local.codecs.compactMap { codec in common.first { matches(codec, $0) } }
    }

    /// Gives the telephone events of `offered` at the clock rate of `codec` (RFC 4733 section 2.1), else those at 8000 Hz, which
    /// many phones send beside wideband codecs.
    static func commonEvent(_ offered: MediaDescription, codec: NegotiatedCodec) -> NegotiatedCodec? {
        let events = offered.telephoneEvents
        guard let map = events.first(where: { $0.clockRate == codec.clockRate }) ?? events.first(where: { $0.clockRate == 8000 }) else {
            return nil
        }
        return NegotiatedCodec(
            name: map.encodingName, clockRate: map.clockRate, sendPayloadType: map.payloadType,
            receivePayloadType: map.payloadType, remoteParameters: offered.formatParameters(map.payloadType))
    }

    static func answeredEvent(_ answered: MediaDescription, _ offered: MediaDescription, codec: NegotiatedCodec) -> NegotiatedCodec? {
        guard var event = commonEvent(answered, codec: codec),
            let own = offered.telephoneEvents.first(where: { $0.clockRate == event.clockRate })
        else { return nil }
        event.receivePayloadType = own.payloadType
        return event
    }

    static func matches(_ codec: CodecOffer, _ map: RTPMap) -> Bool {
        map.matches(name: codec.name, clockRate: codec.clockRate, channels: codec.channels)
    }

    static func matches(_ codec: CodecOffer, _ common: NegotiatedCodec) -> Bool {
        codec.name == common.name && codec.clockRate == common.clockRate && codec.channels == common.channels
    }

    static func map(_ codec: NegotiatedCodec) -> RTPMap {
        RTPMap(payloadType: codec.receivePayloadType, encodingName: codec.name, clockRate: codec.clockRate, channels: codec.channels)
    }

    /// Gives the names of a section's codecs for an error text.
    static func names(_ section: MediaDescription) -> [String] {
        section.rtpMaps.filter { !companions.contains($0.encodingName.lowercased()) }.map { "\($0.encodingName)/\($0.clockRate)" }
    }

    /// Gives the lines of an offer: a payload type for each codec and for the telephone events of each clock rate.
    ///
    /// A payload type keeps its meaning for the whole session (RFC 3264 section 8.3.2): what `before` maps stays.
    static func offeredLines(_ local: LocalMedia, before: MediaDescription?) -> [(RTPMap, String?)] {
        let earlier = before?.rtpMaps ?? []
        var types = PayloadTypes(
            taken: earlier.map(\.payloadType) + local.codecs.compactMap(\.payloadType),
            reserved: local.telephoneEvents ? local.telephoneEventPayloadType : nil)
        var lines: [(RTPMap, String?)] = []
        for codec in local.codecs {
            let kept = earlier.first { matches(codec, $0) }?.payloadType
            let wished =
                codec.payloadType.flatMap { type in earlier.contains { $0.payloadType == type } ? nil : type }
                ?? RTPMap.staticPayloadType(name: codec.name, clockRate: codec.clockRate, channels: codec.channels)
            guard let type = kept ?? wished ?? types.next() else { continue }
            let map = RTPMap(payloadType: type, encodingName: codec.name, clockRate: codec.clockRate, channels: codec.channels)
            lines.append((map, codec.fmtp))
        }
        guard local.telephoneEvents else { return lines }
        var rates: [Int] = []
        for codec in local.codecs where !rates.contains(codec.clockRate) { rates.append(codec.clockRate) }
        for (position, rate) in rates.enumerated() {
            let kept = earlier.first { $0.encodingName.lowercased() == "telephone-event" && $0.clockRate == rate }?.payloadType
            let used = earlier + lines.map(\.0)
            let reserved = position == 0 && !used.contains { $0.payloadType == local.telephoneEventPayloadType }
            guard let type = kept ?? (reserved ? local.telephoneEventPayloadType : types.next()) else { continue }
            lines.append((RTPMap(payloadType: type, encodingName: "telephone-event", clockRate: rate), eventParameters))
        }
        return lines
    }

    /// The events that are understood: digits and hook flash.
    static let eventParameters = "0-16"
}

/// Hands out dynamic payload types (96...127) that nothing else uses.
private struct PayloadTypes {
    private var taken: Set<UInt8>

    init(taken: [UInt8], reserved: UInt8?) {
        self.taken = Set(taken)
        if let reserved { self.taken.insert(reserved) }
    }

    mutating func next() -> UInt8? {
        guard let type = (UInt8(96)...127).first(where: { !taken.contains($0) }) else { return nil }
        taken.insert(type)
        return type
    }
}
