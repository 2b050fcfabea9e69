internal import Audio
internal import RTP

/// Digits: received ones are told and passed on, given ones are sent.
extension MediaGraph {
    /// Shortest silence between digits that are passed on.
    private static let passedGapMs: Int32 = 40

    // MARK: Received digits

    /// Tells about a digit that a port's device sent, and passes it to everybody who hears the device.
    mutating func digitArrived(_ event: UInt8, durationMs: Int, at index: Int32) {
        spreadDigit(event, durationMs, from: index, origin: index, depth: 0)
    }

    private mutating func spreadDigit(_ event: UInt8, _ durationMs: Int, from index: Int32, origin: Int32, depth: Int) {
        guard depth <= MediaLimits.maxChain else { return }
        let leg = legs + Int(index)
        if leg.pointee.receivesDigits { emit(.digit(event: event, durationMs: durationMs), from: index) }
        if leg.pointee.isEcho { hearDigit(event, durationMs, by: index, origin: origin, depth: depth) }
        guard !leg.pointee.absorbsDigits else { return }
        spreadDigit(event, durationMs, toListenersOf: index, except: index, origin: origin, depth: depth)
        let peer = leg.pointee.peer
        guard peer != Leg.nobody, legs[Int(peer)].kind == .mixer else { return }
        spreadDigit(event, durationMs, toListenersOf: peer, except: index, origin: origin, depth: depth)
    }

    private mutating func spreadDigit(
        _ event: UInt8, _ durationMs: Int, toListenersOf index: Int32, except speaker: Int32, origin: Int32, depth: Int
    ) {
        var listener = legs[Int(index)].firstListener
        while listener != Leg.nobody {
            let following = legs[Int(listener)].nextListener
            if listener != speaker, !legs[Int(listener)].isEcho {
                hearDigit(event, durationMs, by: listener, origin: origin, depth: depth)
            }
            listener = following
        }
    }

    /// Lets a port hear a digit: an RTP leg sends it unless its packets were sent on already, a pipe carries it to its other end.
    private mutating func hearDigit(_ event: UInt8, _ durationMs: Int, by index: Int32, origin: Int32, depth: Int) {
        let leg = legs + Int(index)
        if leg.pointee.kind == .pipe {
            guard leg.pointee.partner != Leg.nobody else { return }
            return spreadDigit(event, durationMs, from: leg.pointee.partner, origin: origin, depth: depth + 1)
        }
        let knowsEvents = leg.pointee.stream?.telephoneEventPayloadType != nil
        if leg.pointee.route == .forward, leg.pointee.forwardSource == origin, knowsEvents { return }
        guard leg.pointee.maySend else { return }
        let duration = Int32(clamping: min(max(durationMs, DigitQueue.durationsMs.lowerBound), DigitQueue.durationsMs.upperBound))
        _ = enqueue(DigitQueue.Entry(event: event, durationMs: duration, gapMs: Self.passedGapMs, token: 0, endsRequest: false), on: index)
    }

    // MARK: Sent digits

    /// Adds digits to those a port sends; tells the token's end at once when there is nothing to wait for.
    mutating func sendDigits(_ digits: [DigitToSend], token: UInt64, on index: Int32) {
        for (position, digit) in digits.enumerated() {
            let entry = DigitQueue.Entry(
                event: TelephoneEvent.event(ofDigit: digit.digit),
                durationMs: Int32(min(max(digit.durationMs, DigitQueue.durationsMs.lowerBound), DigitQueue.durationsMs.upperBound)),
                gapMs: Int32(min(max(digit.gapAfterMs, DigitQueue.gapsMs.lowerBound), DigitQueue.gapsMs.upperBound)),
                token: token, endsRequest: position == digits.count - 1)
            if enqueue(entry, on: index) { continue }
            if legs[Int(index)].digits?.pointee.endRequestAtLast(token: token) != true { emit(.digitsSent(token: token), from: index) }
            return
        }
        if digits.isEmpty { emit(.digitsSent(token: token), from: index) }
    }

    private mutating func enqueue(_ entry: DigitQueue.Entry, on index: Int32) -> Bool {
        let leg = legs + Int(index)
        if let queue = leg.pointee.digits { return queue.pointee.append(entry) }
        let queue = UnsafeMutablePointer<DigitQueue>.allocate(capacity: 1)
        queue.initialize(to: DigitQueue())
        leg.pointee.digits = queue
        let added = queue.pointee.append(entry)
        change(index)
        return added
    }

    /// Does a tick's work on the digits to be sent; gives what the device hears meanwhile.
    mutating func advanceDigits(_ index: Int32) -> Frame? {
        let leg = legs + Int(index)
        guard let queue = leg.pointee.digits else { return nil }
        // Each digit ends in a gap of at least nothing, so the phases move on; the bound is against a mistake in that.
        for _ in 0...3 * MediaLimits.maxDigitsQueued {
            switch queue.pointee.phase {
            case .idle:
                guard queue.pointee.advance() else {
                    queue.deallocate()
                    leg.pointee.digits = nil
                    change(index)
                    return nil
                }
                beginDigit(leg, queue)
            case .event(var sender):
                if let packet = sender.next() {
                    queue.pointee.phase = .event(sender)
                    sendEvent(leg, queue, packet)
                    return nil
                }
                queue.pointee.phase = .gap(leftMs: queue.pointee.current.gapMs)
            case .tone(var tone, let leftMs):
                if leftMs > 0 { return toneFrame(leg, queue, &tone, leftMs) }
                queue.pointee.phase = .gap(leftMs: queue.pointee.current.gapMs)
            case .quiet(let leftMs):
                if leftMs > 0 {
                    queue.pointee.phase = .quiet(leftMs: leftMs - Int32(Frame.durationMs))
                    return nil
                }
                finishQuietDigit(index, queue)
            case .gap(let leftMs):
                if leftMs > 0 {
                    queue.pointee.phase = .gap(leftMs: leftMs - Int32(Frame.durationMs))
                    return leg.pointee.kind == .rtp ? arena.silentFrame(rate: leg.pointee.preferredRate) : nil
                }
                finishGap(index, queue)
            }
        }
        return nil
    }

    private func beginDigit(_ leg: UnsafeMutablePointer<Leg>, _ queue: UnsafeMutablePointer<DigitQueue>) {
        let digit = queue.pointee.current
        queue.pointee.startTick = tickNumber
        guard let event = digit.event else {
            queue.pointee.phase = .gap(leftMs: digit.durationMs + digit.gapMs)
            return
        }
        if leg.pointee.kind == .pipe {
            queue.pointee.phase = .quiet(leftMs: digit.durationMs)
        } else if let stream = leg.pointee.stream, stream.telephoneEventPayloadType != nil {
            // A far end may have Opus with events at 8000 Hz only: lengths count in their own units.
            var sender = TelephoneEventSender(clockRate: stream.telephoneEventClockRate, ptimeMs: Frame.durationMs)
            sender.begin(event: event, durationMs: Int(digit.durationMs), timestamp: leg.pointee.sending.place(nowNs: nowNs).timestamp)
            queue.pointee.phase = .event(sender)
        } else {
            queue.pointee.phase = .tone(DigitQueue.tone(ofEvent: event, sampleRate: leg.pointee.preferredRate), leftMs: digit.durationMs)
        }
    }

    /// Sends an event packet; the length noted with it is the time since the digit began, so that audio goes on in real time.
    private func sendEvent(
        _ leg: UnsafeMutablePointer<Leg>, _ queue: UnsafeMutablePointer<DigitQueue>, _ packet: TelephoneEventSender.Packet
    ) {
        guard leg.pointee.maySend, let payloadType = leg.pointee.stream?.telephoneEventPayloadType else { return }
        packet.event.write(to: scratch + RTPHeader.byteCount)
        let unitsPerTick = leg.pointee.sending.clockRate / UInt32(1_000 / Frame.durationMs)
        let elapsed = UInt32(truncatingIfNeeded: tickNumber &- queue.pointee.startTick &+ 1) &* unitsPerTick
        let place = SendSequence.Place(sequence: leg.pointee.sending.nextSequence, timestamp: packet.timestamp, marker: packet.marker)
        leg.pointee.sending.sent(place, duration: elapsed, nowNs: nowNs)
        send(leg, scratch, payloadType, place, payloadBytes: TelephoneEvent.byteCount)
    }

    private mutating func toneFrame(
        _ leg: UnsafeMutablePointer<Leg>, _ queue: UnsafeMutablePointer<DigitQueue>, _ tone: inout ToneGenerator, _ leftMs: Int32
    ) -> Frame {
        let rate = leg.pointee.preferredRate
        let samples = arena.take(Frame.count(atRate: rate))
        tone.fill(samples, Frame.count(atRate: rate))
        queue.pointee.phase = .tone(tone, leftMs: leftMs - Int32(Frame.durationMs))
        return Frame(samples: samples, count: Frame.count(atRate: rate), rate: rate)
    }

    private mutating func finishQuietDigit(_ index: Int32, _ queue: UnsafeMutablePointer<DigitQueue>) {
        let digit = queue.pointee.current
        queue.pointee.phase = .gap(leftMs: digit.gapMs)
        let partner = legs[Int(index)].partner
        guard partner != Leg.nobody, let event = digit.event else { return }
        digitArrived(event, durationMs: Int(digit.durationMs), at: partner)
    }

    private mutating func finishGap(_ index: Int32, _ queue: UnsafeMutablePointer<DigitQueue>) {
        queue.pointee.phase = .idle
        if queue.pointee.current.endsRequest { emit(.digitsSent(token: queue.pointee.current.token), from: index) }
    }
}
