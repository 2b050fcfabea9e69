/// Who hears whom. A leg's route is found when something changes, never per packet.
extension MediaGraph {
    /// Lets a leg hear another one, or nobody.
    mutating func setPeer(of index: Int32, to peer: Int32) {
        let leg = legs + Int(index)
        guard leg.pointee.peer != peer else { return }
        if leg.pointee.peer != Leg.nobody {
            removeListener(index, of: leg.pointee.peer)
            if legs[Int(leg.pointee.peer)].kind == .mixer { leaveMixer(index, leg.pointee.peer) }
        }
        leg.pointee.peer = peer
        if peer != Leg.nobody, legs[Int(peer)].kind == .mixer { joinMixer(index, peer) }
        if peer != Leg.nobody {
            leg.pointee.nextListener = legs[Int(peer)].firstListener
            legs[Int(peer)].firstListener = index
        }
        outgoingChanged(index)
    }

    private func removeListener(_ index: Int32, of peer: Int32) {
        let following = legs[Int(index)].nextListener
        legs[Int(index)].nextListener = Leg.nobody
        if legs[Int(peer)].firstListener == index {
            legs[Int(peer)].firstListener = following
            return
        }
        var at = legs[Int(peer)].firstListener
        while at != Leg.nobody, legs[Int(at)].nextListener != index { at = legs[Int(at)].nextListener }
        if at != Leg.nobody { legs[Int(at)].nextListener = following }
    }

    // MARK: Changes

    /// Finds anew the routes that depend on what a port is given to say to its device.
    mutating func outgoingChanged(_ index: Int32) {
        changeStamp &+= 1
        spreadOutgoingChange(index, depth: 0)
    }

    /// Finds anew the routes that depend on what a port's device says.
    mutating func incomingChanged(_ index: Int32) {
        changeStamp &+= 1
        spreadIncomingChange(index, depth: 0)
    }

    private mutating func spreadOutgoingChange(_ index: Int32, depth: Int) {
        let leg = legs + Int(index)
        guard leg.pointee.changeStamp != changeStamp, depth <= 2 * MediaLimits.maxChain else { return }
        leg.pointee.changeStamp = changeStamp
        if leg.pointee.kind == .rtp {
            let (route, source) = findRoute(index)
            setRoute(of: index, to: route, from: source)
        } else {
            updateActive(index)
            if leg.pointee.partner != Leg.nobody { spreadIncomingChange(leg.pointee.partner, depth: depth + 1) }
        }
    }

    private mutating func spreadIncomingChange(_ index: Int32, depth: Int) {
        if legs[Int(index)].isEcho { spreadOutgoingChange(index, depth: depth + 1) }
        var listener = legs[Int(index)].firstListener
        while listener != Leg.nobody {
            spreadOutgoingChange(listener, depth: depth + 1)
            listener = legs[Int(listener)].nextListener
        }
    }

    // MARK: Routes

    /// Finds how an RTP leg gets what its device hears: follows pipes to the RTP leg that says it, and looks whether packets fit.
    func findRoute(_ index: Int32) -> (Leg.Route, source: Int32) {
        let leg = legs + Int(index)
        guard leg.pointee.maySend else { return (.silent, Leg.nobody) }
        var speaker = index
        for _ in 0...MediaLimits.maxChain {
            let at = legs + Int(speaker)
            if at.pointee.player != nil || at.pointee.digits != nil || at.pointee.mutesOutgoing || at.pointee.whisperedOut
                || at.pointee.snoop != nil
            {
                return (.tick, Leg.nobody)
            }
            let source = at.pointee.isEcho ? speaker : hearsBackground(at) ? Leg.nobody : at.pointee.peer
            guard source != Leg.nobody else { return (at.pointee.background == nil ? .silent : .tick, Leg.nobody) }
            let from = legs + Int(source)
            if from.pointee.kind == .mixer { return (.tick, Leg.nobody) }
            if from.pointee.mutesIncoming || from.pointee.whisperedIn { return (.tick, Leg.nobody) }
            if from.pointee.kind == .rtp { return routeFrom(from, source, to: leg) }
            guard from.pointee.partner != Leg.nobody else { return (.silent, Leg.nobody) }
            speaker = from.pointee.partner
        }
        return (.silent, Leg.nobody)
    }

    private func routeFrom(_ from: UnsafeMutablePointer<Leg>, _ source: Int32, to leg: UnsafeMutablePointer<Leg>) -> (
        Leg.Route, source: Int32
    ) {
        guard let theirs = from.pointee.stream, let ours = leg.pointee.stream, theirs.receives else { return (.silent, Leg.nobody) }
        let fits =
            from.pointee.receivedCodec == ours.codec && theirs.ptimeMs == ours.ptimeMs
            && theirs.countsEvents(like: ours)
        return fits ? (.forward, source) : (.tick, Leg.nobody)
    }

    /// Tells whether a leg hears its background although it has a peer: the peer is on hold.
    func hearsBackground(_ leg: UnsafeMutablePointer<Leg>) -> Bool {
        leg.pointee.background != nil && leg.pointee.peer != Leg.nobody && legs[Int(leg.pointee.peer)].isHeld
    }

    mutating func setRoute(of index: Int32, to route: Leg.Route, from source: Int32) {
        let leg = legs + Int(index)
        if leg.pointee.route != route || leg.pointee.forwardSource != source {
            if leg.pointee.route == .tick { flush(index) }
            if leg.pointee.forwardSource != Leg.nobody { removeForward(index, of: leg.pointee.forwardSource) }
            leg.pointee.route = route
            leg.pointee.forwardSource = source
            leg.pointee.mapping.reset()
            if source != Leg.nobody {
                leg.pointee.nextForward = legs[Int(source)].firstForward
                legs[Int(source)].firstForward = index
            }
        }
        updateActive(index)
    }

    private func removeForward(_ index: Int32, of source: Int32) {
        let following = legs[Int(index)].nextForward
        legs[Int(index)].nextForward = Leg.nobody
        if legs[Int(source)].firstForward == index {
            legs[Int(source)].firstForward = following
            return
        }
        var at = legs[Int(source)].firstForward
        while at != Leg.nobody, legs[Int(at)].nextForward != index { at = legs[Int(at)].nextForward }
        if at != Leg.nobody { legs[Int(at)].nextForward = following }
    }

    // MARK: Legs that the tick visits

    mutating func updateActive(_ index: Int32) {
        let leg = legs + Int(index)
        let plays = leg.pointee.player != nil || leg.pointee.digits != nil
        let listens = leg.pointee.talk != nil || leg.pointee.tones != nil || leg.pointee.taps != nil
        let passes = leg.pointee.kind == .pipe && leg.pointee.party != nil
        setActive(index, leg.pointee.kind != .free && (plays || listens || passes || leg.pointee.route == .tick))
    }

    mutating func setActive(_ index: Int32, _ wanted: Bool) {
        let leg = legs + Int(index)
        let position = Int(leg.pointee.activePosition)
        if wanted, position < 0 {
            leg.pointee.activePosition = Int32(truncatingIfNeeded: active.count)
            active.append(index)
        } else if !wanted, position >= 0 {
            leg.pointee.activePosition = Leg.nobody
            guard let last = active.popLast(), last != index, active.indices.contains(position) else { return }
            active[position] = last
            legs[Int(last)].activePosition = Int32(truncatingIfNeeded: position)
        }
    }
}
