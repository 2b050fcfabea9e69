internal import Audio
internal import RTP

/// What comes in from the network.
extension MediaGraph {
    /// Takes a datagram of a leg's RTP socket. `bytes` may be overwritten.
    mutating func receive(_ index: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int, from source: NetworkAddress) {
        let leg = legs + Int(index)
        let datagram = UnsafeRawBufferPointer(start: bytes, count: count)
        // RTP and RTCP are of version 2; what begins otherwise is STUN, DTLS or nothing (RFC 7983 section 7).
        if count > 0, datagram[0] & 0x80 == 0 { return receiveTransport(index, datagram, from: source) }
        guard leg.pointee.stream != nil else { return reject(leg) }
        if leg.pointee.stream?.rtcpMux == true, MediaPacketKind(datagram) == .rtcp {
            return receiveControl(index, bytes, count, from: source)
        }
        guard leg.pointee.isProtected else { return receivePlain(index, bytes, count, from: source) }
        guard let length = opened(leg, bytes, count, isControl: false) else { return reject(leg) }
        receivePlain(index, bytes, length, from: source)
    }

    /// Takes an RTP packet that anybody can read by now.
    private mutating func receivePlain(_ index: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int, from source: NetworkAddress) {
        let leg = legs + Int(index)
        let datagram = UnsafeRawBufferPointer(start: bytes, count: count)
        guard let packet = RTPPacket(parsing: datagram) else { return reject(leg) }
        let told = packet.extensionProfile == nil ? nil : leg.pointee.stream?.headerExtensions
        if told?.isOfAnotherSection(packet, datagram) == true { return reject(leg) }
        let codec = leg.pointee.stream?.codec(ofPayloadType: packet.header.payloadType)
        let isEvent = packet.header.payloadType == leg.pointee.stream?.telephoneEventPayloadType
        guard codec != nil || isEvent, leg.pointee.provesSource || admit(leg, source) else { return reject(leg) }
        guard note(packet, on: index, isEvent: isEvent) else { return }
        guard leg.pointee.stream?.receives == true else { return }
        let payload = UnsafeRawBufferPointer(start: bytes + packet.payloadOffset, count: packet.payloadLength)
        if isEvent {
            receiveEvent(index, packet.header, payload)
        } else if let codec {
            if codec != leg.pointee.receivedCodec {
                leg.pointee.receivedCodec = codec
                incomingChanged(index)
            }
            receiveAudio(leg, packet.header, payload)
        }
        if isEvent, leg.pointee.absorbsDigits { return }
        let level = told?.level(in: packet, datagram)
        var listener = leg.pointee.firstForward
        while listener != Leg.nobody {
            let following = legs[Int(listener)].nextForward
            forward(packet, bytes, isEvent: isEvent, level: level, to: legs + Int(listener))
            listener = following
        }
    }

    func reject(_ leg: UnsafeMutablePointer<Leg>) { leg.pointee.counters.add(1, to: .packetsRejected) }

    /// Asks the latch, and sends to where a peer behind NAT turns out to be.
    private func admit(_ leg: UnsafeMutablePointer<Leg>, _ source: NetworkAddress) -> Bool {
        switch leg.pointee.latch.admit(source, nowNs: nowNs) {
        case .rejected: return false
        case .accepted: return true
        case .latched:
            setDestinations(leg)
            return true
        }
    }

    /// Counts a packet; false for a duplicate.
    private mutating func note(_ packet: RTPPacket, on index: Int32, isEvent: Bool) -> Bool {
        let leg = legs + Int(index)
        let place = leg.pointee.statistics.received(
            packet.header, payloadBytes: packet.payloadLength, measuresJitter: !isEvent, atUs: Int64(truncatingIfNeeded: nowNs / 1_000))
        let counters = leg.pointee.counters
        counters.add(1, to: .packetsReceived)
        counters.add(UInt64(packet.payloadLength), to: .octetsReceived)
        counters[.packetsLost] = UInt64(clamping: leg.pointee.statistics.packetsLost)
        counters[.remoteSSRC] = UInt64(packet.header.ssrc)
        leg.pointee.lastReceivedNs = nowNs
        leg.pointee.hasTimedOut = false
        if !leg.pointee.hasReceived {
            leg.pointee.hasReceived = true
            emit(.firstPacket, from: index)
        }
        return place != .duplicate
    }

    private func receiveAudio(_ leg: UnsafeMutablePointer<Leg>, _ header: RTPHeader, _ payload: UnsafeRawBufferPointer) {
        guard let receiver = leg.pointee.receiver, receiver.pointee.codec == leg.pointee.receivedCodec else { return }
        receiver.pointee.put(header, payload, nowNs: nowNs)
    }

    private mutating func receiveEvent(_ index: Int32, _ header: RTPHeader, _ payload: UnsafeRawBufferPointer) {
        let leg = legs + Int(index)
        leg.pointee.receiver?.pointee.skip(header, nowNs: nowNs)
        let digits = leg.pointee.digitReceiver.receive(header, payload: payload, at: Int64(truncatingIfNeeded: nowNs / 1_000_000))
        if let digit = digits.first { digitArrived(digit.event, durationMs: digit.durationMs, at: index) }
        if let digit = digits.second { digitArrived(digit.event, durationMs: digit.durationMs, at: index) }
    }

    /// Sends a packet of another leg on: a new header directly before its payload, nothing is copied.
    private func forward(
        _ packet: RTPPacket, _ bytes: UnsafeMutableRawPointer, isEvent: Bool, level: UInt8?, to leg: UnsafeMutablePointer<Leg>
    ) {
        guard let stream = leg.pointee.stream, !isEvent || stream.telephoneEventPayloadType != nil else { return }
        let payloadType = isEvent ? stream.telephoneEventPayloadType ?? 0 : stream.payloadType
        let payload = UnsafeRawBufferPointer(start: bytes + packet.payloadOffset, count: packet.payloadLength)
        let duration =
            isEvent
            ? UInt32(TelephoneEvent(parsing: payload)?.duration ?? 0)
            : stream.codec.timestampUnits(in: payload)
        let header = packet.header
        guard
            let place = leg.pointee.mapping.map(
                ssrc: header.ssrc, sequence: header.sequenceNumber, timestamp: header.timestamp, marker: header.marker, duration: duration,
                into: &leg.pointee.sending, nowNs: nowNs)
        else { return }
        let start = bytes + (packet.payloadOffset - RTPHeader.byteCount)
        send(leg, start, payloadType, place, payloadBytes: packet.payloadLength, level: level)
    }

    /// Writes a header before a payload and sends both.
    ///
    /// - Parameter level: how loud the audio is (``HeaderExtensions``); nil where that is not known.
    func send(
        _ leg: UnsafeMutablePointer<Leg>, _ start: UnsafeMutableRawPointer, _ payloadType: UInt8, _ place: SendSequence.Place,
        payloadBytes: Int, level: UInt8? = nil
    ) {
        RTPHeader(
            payloadType: payloadType, marker: place.marker, sequenceNumber: place.sequence, timestamp: place.timestamp,
            ssrc: leg.pointee.sending.ssrc
        ).write(to: start)
        var packet = (bytes: UnsafeRawPointer(start), count: RTPHeader.byteCount + payloadBytes)
        if leg.pointee.isProtected {
            guard let sealed = sealed(leg, packet.bytes, packet.count, isControl: false, level: level) else { return }
            packet = sealed
        }
        sink.function(
            sink.context, leg.pointee.sockets.rtp, packet.bytes, packet.count,
            leg.addressOfDestination, leg.pointee.destination.length)
        leg.pointee.statistics.sent(payloadBytes: payloadBytes)
        leg.pointee.counters.add(1, to: .packetsSent)
        leg.pointee.counters.add(UInt64(payloadBytes), to: .octetsSent)
    }

    /// Renews where a leg's packets go.
    func setDestinations(_ leg: UnsafeMutablePointer<Leg>) {
        guard let stream = leg.pointee.stream, let destination = leg.pointee.latch.destination else {
            leg.pointee.destination.length = 0
            leg.pointee.controlDestination.length = 0
            return
        }
        leg.pointee.destination = destination.socketAddress
        var control = destination
        if let given = stream.remoteRTCP, destination == stream.remote {
            control = given
        } else if !stream.rtcpMux {
            control.port = control.port == .max ? control.port : control.port + 1
        }
        leg.pointee.controlDestination = control.socketAddress
    }
}

extension UnsafeMutablePointer<Leg> {
    /// Points at the destination without copying it.
    var addressOfDestination: UnsafeRawPointer {
        UnsafeRawPointer(self).advanced(by: MemoryLayout<Leg>.offset(of: \.destination.storage) ?? 0)
    }

    /// Points at the RTCP destination without copying it.
    var addressOfControlDestination: UnsafeRawPointer {
        UnsafeRawPointer(self).advanced(by: MemoryLayout<Leg>.offset(of: \.controlDestination.storage) ?? 0)
    }
}
