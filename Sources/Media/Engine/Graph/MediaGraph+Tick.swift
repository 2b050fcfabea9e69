internal import Audio
internal import RTP

/// What happens every 20 ms: each leg's frame is asked for at most once, and asking follows the links back to who speaks.
extension MediaGraph {
    /// Does the work of one tick that was due at `nowNs`.
    mutating func tick(atNs dueNs: UInt64) {
        tickNumber &+= 1
        nowNs = dueNs
        arena.reset()
        isTicking = true
        for position in active.indices { produce(active[position]) }
        isTicking = false
        while let index = changed.popLast() { outgoingChanged(index) }
        var index = Int(tickNumber % Self.sweepTicks)
        while index < highWater {
            if legs[index].kind != .free { sweep(Int32(truncatingIfNeeded: index)) }
            index += Int(Self.sweepTicks)
        }
    }

    private mutating func produce(_ index: Int32) {
        let leg = legs + Int(index)
        // A leg that gets its peer's packets as they come is here to be listened to; frames would be heard in addition.
        if leg.pointee.route != .forward {
            let frame = outgoing(index)
            if leg.pointee.kind == .rtp { transmit(index, frame) }
        }
        if leg.pointee.kind == .pipe, let party = leg.pointee.party { party.pointee.pass(incoming(index), tick: tickNumber) }
        if leg.pointee.talk != nil { detectTalk(index) }
        if leg.pointee.tones != nil { detectTones(index) }
        if leg.pointee.taps != nil { feedTaps(index) }
    }

    /// Takes note that what a port is given to say comes about in another way. Within a tick that waits for its end, so that
    /// everybody who hears the port gets its last frame, and the list of active legs stays as it is.
    mutating func change(_ index: Int32) {
        if isTicking { changed.append(index) } else { outgoingChanged(index) }
    }

    // MARK: Asking for frames

    /// Gives what a port's device hears in this tick; nil for nothing.
    mutating func outgoing(_ index: Int32) -> Frame? {
        let leg = legs + Int(index)
        if leg.pointee.outgoingTick == tickNumber { return leg.pointee.outgoingFrame }
        // Ports that hear each other in a circle hear nothing.
        guard !leg.pointee.isComputing else { return nil }
        leg.pointee.isComputing = true
        var frame = makeOutgoing(index)
        leg.pointee.isComputing = false
        if leg.pointee.mutesOutgoing, let loud = frame { frame = arena.silentFrame(rate: loud.rate) }
        leg.pointee.outgoingTick = tickNumber
        leg.pointee.outgoingFrame = frame
        guard leg.pointee.firstSnoop != Leg.nobody else { return frame }
        leg.pointee.spiedOutgoing = frame
        if leg.pointee.whisperedOut { leg.pointee.outgoingFrame = withWhispers(frame, at: index, isIncoming: false) }
        return leg.pointee.outgoingFrame
    }

    private mutating func makeOutgoing(_ index: Int32) -> Frame? {
        let leg = legs + Int(index)
        if let snoop = leg.pointee.snoop { return spied(by: snoop) }
        if leg.pointee.digits != nil { return advanceDigits(index) }
        if leg.pointee.player != nil { return advancePlayer(index) }
        if leg.pointee.isEcho { return incoming(index) }
        guard leg.pointee.peer != Leg.nobody, !hearsBackground(leg) else { return advanceBackground(index) }
        if legs[Int(leg.pointee.peer)].kind == .mixer { return mixed(leg.pointee.peer, for: index) }
        return incoming(leg.pointee.peer)
    }

    /// Gives what a port's device says in this tick; nil for nothing.
    mutating func incoming(_ index: Int32) -> Frame? {
        let leg = legs + Int(index)
        if leg.pointee.incomingTick == tickNumber { return leg.pointee.incomingFrame }
        var frame: Frame?
        if leg.pointee.kind == .rtp {
            frame = leg.pointee.mutesIncoming ? silenceOfSpeaker(leg) : receivedFrame(index)
        } else if leg.pointee.partner != Leg.nobody {
            frame = outgoing(leg.pointee.partner)
            if leg.pointee.mutesIncoming, let loud = frame { frame = arena.silentFrame(rate: loud.rate) }
            // A circle gives nothing yet, which must not be kept as the answer.
            if legs[Int(leg.pointee.partner)].isComputing { return frame }
        }
        leg.pointee.incomingTick = tickNumber
        leg.pointee.incomingFrame = frame
        guard leg.pointee.firstSnoop != Leg.nobody else { return frame }
        leg.pointee.spiedIncoming = frame
        if leg.pointee.whisperedIn { leg.pointee.incomingFrame = withWhispers(frame, at: index, isIncoming: true) }
        return leg.pointee.incomingFrame
    }

    private func silenceOfSpeaker(_ leg: UnsafeMutablePointer<Leg>) -> Frame? {
        let isSpeaking = leg.pointee.hasReceived && nowNs < leg.pointee.lastReceivedNs + 5 * Frame.durationNs
        return isSpeaking ? arena.silentFrame(rate: leg.pointee.receivedCodec.sampleRate) : nil
    }

    private mutating func receivedFrame(_ index: Int32) -> Frame? {
        let leg = legs + Int(index)
        guard leg.pointee.stream?.receives == true else { return nil }
        if let receiver = leg.pointee.receiver, receiver.pointee.codec != leg.pointee.receivedCodec { dropReceiver(index) }
        if let receiver = leg.pointee.receiver { return receiver.pointee.pull(&arena, tick: tickNumber, nowNs: nowNs) }
        let receiver = UnsafeMutablePointer<AudioReceiver>.allocate(capacity: 1)
        receiver.initialize(to: AudioReceiver(codec: leg.pointee.receivedCodec, tick: tickNumber))
        leg.pointee.receiver = receiver
        return nil
    }

    // MARK: Players

    private mutating func advancePlayer(_ index: Int32) -> Frame? {
        let leg = legs + Int(index)
        guard let player = leg.pointee.player, !player.pointee.isPaused else { return nil }
        let frame = player.pointee.next(&arena)
        leg.pointee.counters[.playPositionMs] = UInt64(clamping: player.pointee.positionMs)
        if frame == nil ? !player.pointee.maySkip : player.pointee.isFinished {
            emit(.playbackFinished(token: player.pointee.token, positionMs: player.pointee.positionMs), from: index)
            dropPlayer(index)
            change(index)
        }
        return frame
    }

    private mutating func advanceBackground(_ index: Int32) -> Frame? {
        guard let background = legs[Int(index)].background else { return nil }
        let frame = background.pointee.next(&arena)
        if frame == nil ? !background.pointee.maySkip : background.pointee.isFinished {
            dropBackground(index)
            change(index)
        }
        return frame
    }

    // MARK: Sending frames

    /// Sends a leg its frame of this tick; nil ends a talk spurt.
    private mutating func transmit(_ index: Int32, _ frame: Frame?) {
        let leg = legs + Int(index)
        guard let frame else { return flush(index) }
        guard leg.pointee.maySend, let transmitter = transmitter(of: leg) else { return }
        transmitter.pointee.append(frame)
        transmitter.pointee.lastUseTick = tickNumber
        sendPending(leg, transmitter)
    }

    private func sendPending(_ leg: UnsafeMutablePointer<Leg>, _ transmitter: UnsafeMutablePointer<AudioTransmitter>) {
        guard let stream = leg.pointee.stream else { return }
        while true {
            let level = stream.headerExtensions.audioLevel == 0 ? nil : transmitter.pointee.level
            let bytes = transmitter.pointee.encodePacket(into: scratch + RTPHeader.byteCount)
            guard bytes > 0 else { return }
            let place = leg.pointee.sending.place(nowNs: nowNs)
            leg.pointee.sending.sent(place, duration: transmitter.pointee.packetUnits, nowNs: nowNs)
            send(leg, scratch, stream.payloadType, place, payloadBytes: bytes, level: level)
        }
    }

    private func transmitter(of leg: UnsafeMutablePointer<Leg>) -> UnsafeMutablePointer<AudioTransmitter>? {
        guard let stream = leg.pointee.stream else { return nil }
        if let transmitter = leg.pointee.transmitter {
            if transmitter.pointee.fits(stream) { return transmitter }
            transmitter.deinitialize(count: 1)
            leg.pointee.transmitter = nil
            return newTransmitter(stream, leg, at: transmitter)
        }
        return newTransmitter(stream, leg, at: UnsafeMutablePointer<AudioTransmitter>.allocate(capacity: 1))
    }

    private func newTransmitter(
        _ stream: StreamSettings, _ leg: UnsafeMutablePointer<Leg>, at place: UnsafeMutablePointer<AudioTransmitter>
    ) -> UnsafeMutablePointer<AudioTransmitter> {
        place.initialize(to: AudioTransmitter(stream, tick: tickNumber))
        place.pointee.expectLoss(fraction: leg.pointee.lossTold)
        leg.pointee.transmitter = place
        return place
    }

    /// Sends the part of a packet that a longer packet time left over, filled up with silence.
    func flush(_ index: Int32) {
        let leg = legs + Int(index)
        guard let transmitter = leg.pointee.transmitter, transmitter.pointee.pendingCount > 0, leg.pointee.maySend,
            let stream = leg.pointee.stream, transmitter.pointee.fits(stream)
        else { return }
        transmitter.pointee.pad()
        sendPending(leg, transmitter)
    }

    // MARK: Now and then

    /// Looks after a leg every 200 ms: time-outs, reports, memory no longer needed.
    private mutating func sweep(_ index: Int32) {
        let leg = legs + Int(index)
        if let receiver = leg.pointee.receiver, tickNumber &- receiver.pointee.lastPullTick > Self.idleTicks { dropReceiver(index) }
        if let transmitter = leg.pointee.transmitter, tickNumber &- transmitter.pointee.lastUseTick > Self.idleTicks {
            dropTransmitter(index)
        }
        guard leg.pointee.kind == .rtp, leg.pointee.stream?.remote != nil else { return }
        leg.pointee.counters.publish(last: leg.pointee.statistics.jitterSeconds * 1_000, of: .jitterMs)
        if let digit = leg.pointee.digitReceiver.expire(at: Int64(truncatingIfNeeded: nowNs / 1_000_000)) {
            digitArrived(digit.event, durationMs: digit.durationMs, at: index)
        }
        let limitNs = leg.pointee.isHeld ? settings.rtpHoldTimeoutNs : settings.rtpTimeoutNs
        let sinceNs = max(leg.pointee.lastReceivedNs, leg.pointee.expectedSinceNs)
        if limitNs > 0, !leg.pointee.hasTimedOut, nowNs > sinceNs, nowNs - sinceNs > limitNs {
            leg.pointee.hasTimedOut = true
            emit(.rtpTimedOut, from: index)
        }
        if settings.rtcpIntervalNs > 0, nowNs >= leg.pointee.nextReportNs { sendReport(index) }
    }
}
