internal import Audio
internal import RTP

/// What the control side asks of a port that is there.
extension MediaGraph {
    mutating func apply(_ action: MediaCommand.Action, to id: PortID) {
        guard let leg = leg(id) else {
            if case .addTap(let tap) = action { endedTaps.append(EndedTap(tap: .passRetained(tap), end: .portClosed)) }
            return
        }
        switch action {
        case .configure(let settings): configure(id.index, settings)
        case .play(let item, let token): play(item, token: token, on: id.index)
        case .pause: leg.pointee.player?.pointee.isPaused = true
        case .resume: leg.pointee.player?.pointee.isPaused = false
        case .seek(let ms): leg.pointee.player?.pointee.seek(byMs: ms)
        case .restart: leg.pointee.player?.pointee.restart()
        case .stop: stopPlay(id.index)
        case .background(let item): setBackground(item, of: id.index)
        case .connect(let peer): connect(id.index, to: peer)
        case .echo(let on): setEcho(on, of: id.index)
        case .mute(let incoming, let outgoing): setMuted(incoming, outgoing, of: id.index)
        case .receivesDigits(let on): leg.pointee.receivesDigits = on
        case .absorbsDigits(let on): leg.pointee.absorbsDigits = on
        case .part(let speaks, let hears): (leg.pointee.speaks, leg.pointee.hears) = (speaks, hears)
        case .talkDetection(let detection): setTalkDetection(detection, of: id.index)
        case .toneDetection(let detection): setToneDetection(detection, of: id.index)
        case .snoop(let target, let directions): snoop(id.index, on: target, directions)
        case .addTap(let tap): addTap(tap, to: id.index)
        case .removeTap(let tap): removeTap(tap, from: id.index)
        case .side(let side): leg.pointee.side = side
        case .sendDigits(let digits, let token): sendDigits(digits, token: token, on: id.index)
        case .transportFilter(let filter): setTransportFilter(filter, of: id.index)
        case .sendDatagram(let bytes, let address): sendDatagram(bytes, to: address, from: id.index)
        case .protect(let protection): protect(protection, id.index)
        case .pair(let partner): pair(id, partner)
        case .open, .close, .expect, .moveOut, .adopt, .silenceLimits, .shutDown: break
        }
    }

    private mutating func configure(_ index: Int32, _ stream: StreamSettings) {
        let leg = legs + Int(index)
        guard leg.pointee.kind == .rtp else { return }
        let old = leg.pointee.stream
        if old?.codec != stream.codec || old?.ptimeMs != stream.ptimeMs { flush(index) }
        let isNewRemote = old?.remote != stream.remote
        leg.pointee.stream = stream
        leg.pointee.latch.configure(signalled: stream.remote, strict: stream.strictSource, windowEndsNs: nowNs &+ settings.latchWindowNs)
        if isNewRemote || old?.strictSource != stream.strictSource || old?.remoteRTCP != stream.remoteRTCP || old?.rtcpMux != stream.rtcpMux
        {
            setDestinations(leg)
        }
        if old == nil {
            leg.pointee.statistics = RTPStatistics(clockRate: stream.codec.rtpClockRate, localSSRC: leg.pointee.sending.ssrc)
            leg.pointee.nextReportNs = nowNs &+ settings.rtcpIntervalNs / 2 &+ random.next() % max(1, settings.rtcpIntervalNs)
        }
        if old?.codec != stream.codec { leg.pointee.receivedCodec = stream.codec }
        leg.pointee.sending.setClockRate(UInt32(clamping: stream.codec.rtpClockRate))
        if old?.telephoneEventClockRate != stream.telephoneEventClockRate {
            leg.pointee.digitReceiver = TelephoneEventReceiver(clockRate: stream.telephoneEventClockRate)
        }
        if isNewRemote || old?.isHeld != stream.isHeld {
            leg.pointee.expectedSinceNs = nowNs
            leg.pointee.hasTimedOut = false
        }
        outgoingChanged(index)
        incomingChanged(index)
    }

    private mutating func connect(_ index: Int32, to peer: PortID?) {
        guard legs[Int(index)].kind != .mixer else { return }
        guard let peer, leg(peer) != nil, peer.index != index else { return setPeer(of: index, to: Leg.nobody) }
        setPeer(of: index, to: peer.index)
    }

    private mutating func play(_ item: PlayItem, token: UInt64, on index: Int32) {
        let leg = legs + Int(index)
        dropPlayer(index)
        let player = UnsafeMutablePointer<Player>.allocate(capacity: 1)
        player.initialize(to: Player(item, token: token, rate: leg.pointee.preferredRate))
        leg.pointee.player = player
        leg.pointee.counters[.playPositionMs] = UInt64(clamping: player.pointee.positionMs)
        outgoingChanged(index)
    }

    private mutating func stopPlay(_ index: Int32) {
        guard legs[Int(index)].player != nil else { return }
        dropPlayer(index)
        outgoingChanged(index)
    }

    private mutating func setBackground(_ item: PlayItem?, of index: Int32) {
        dropBackground(index)
        if let item {
            let player = UnsafeMutablePointer<Player>.allocate(capacity: 1)
            player.initialize(to: Player(item, token: 0, rate: legs[Int(index)].preferredRate))
            legs[Int(index)].background = player
        }
        outgoingChanged(index)
    }

    private mutating func setEcho(_ on: Bool, of index: Int32) {
        legs[Int(index)].isEcho = on
        outgoingChanged(index)
    }

    private mutating func setMuted(_ incoming: Bool, _ outgoing: Bool, of index: Int32) {
        legs[Int(index)].mutesIncoming = incoming
        legs[Int(index)].mutesOutgoing = outgoing
        outgoingChanged(index)
        incomingChanged(index)
    }
}
