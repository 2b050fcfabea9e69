internal import Audio

/// Mixers: ports without a device whose listeners hear each other.
extension MediaGraph {
    /// Gives what a party hears: all others and what the mixer plays. Nil when nobody else is there.
    mutating func mixed(_ mixer: Int32, for party: Int32) -> Frame? {
        let leg = legs + Int(mixer)
        addUp(mixer)
        guard let mix = leg.pointee.mix, !isAlone(party, in: mixer) else { return nil }
        guard !mix.pointee.isSilent, legs[Int(party)].hears else { return arena.silentFrame(rate: mix.pointee.rate) }
        if let own = legs[Int(party)].party?.pointee.said { return mix.pointee.frame(without: own, &arena) }
        return common(of: mix)
    }

    /// Gives what all say and what the mixer plays; nil when nobody says anything.
    mutating func mixed(_ mixer: Int32) -> Frame? {
        addUp(mixer)
        guard let mix = legs[Int(mixer)].mix, !mix.pointee.isSilent else { return nil }
        return common(of: mix)
    }

    /// Gives what the ports of either side say; what the mixer plays is on both.
    mutating func sides(of mixer: Int32) -> (left: Frame?, right: Frame?) {
        addUp(mixer)
        guard let mix = legs[Int(mixer)].mix, !mix.pointee.isSilent else { return (nil, nil) }
        let played = legs[Int(mixer)].party?.pointee.said
        var sums = (FrameSum(rate: mix.pointee.rate), FrameSum(rate: mix.pointee.rate))
        sums.0.add(played, &arena)
        sums.1.add(played, &arena)
        eachParty(of: mixer) { graph, index, party in
            if graph.legs[Int(index)].side == .left {
                sums.0.add(party.pointee.said, &graph.arena)
            } else {
                sums.1.add(party.pointee.said, &graph.arena)
            }
        }
        return (sums.0.frame, sums.1.frame)
    }

    private mutating func common(of mix: UnsafeMutablePointer<Mix>) -> Frame {
        if let common = mix.pointee.common { return common }
        let common = mix.pointee.frame(without: nil, &arena)
        mix.pointee.common = common
        return common
    }

    private func isAlone(_ party: Int32, in mixer: Int32) -> Bool {
        let isOnly = legs[Int(mixer)].firstListener == party && legs[Int(party)].nextListener == Leg.nobody
        return isOnly && legs[Int(mixer)].party?.pointee.said == nil
    }

    /// Adds up what all parties say in this tick, once.
    private mutating func addUp(_ mixer: Int32) {
        let leg = legs + Int(mixer)
        guard let mix = leg.pointee.mix, mix.pointee.tick != tickNumber else { return }
        var rate = 8_000
        eachParty(of: mixer) { graph, index, party in
            let said = graph.said(by: index, party)
            rate = max(rate, said?.rate ?? 0, graph.legs[Int(index)].preferredRate)
        }
        mix.pointee.begin(tick: tickNumber, rate: rate)
        eachParty(of: mixer) { graph, index, party in
            party.pointee.say(graph.said(by: index, party), rate: mix.pointee.rate, &graph.arena)
            if let said = party.pointee.said { mix.pointee.add(said) }
        }
        if let party = leg.pointee.party {
            party.pointee.say(outgoing(mixer), rate: mix.pointee.rate, &arena)
            if let played = party.pointee.said { mix.pointee.add(played) }
        }
        mix.pointee.finish()
    }

    private mutating func eachParty(
        of mixer: Int32, _ body: (inout MediaGraph, Int32, UnsafeMutablePointer<MixParty>) -> Void
    ) {
        var index = legs[Int(mixer)].firstListener
        while index != Leg.nobody {
            if let party = legs[Int(index)].party { body(&self, index, party) }
            index = legs[Int(index)].nextListener
        }
    }

    private mutating func said(by index: Int32, _ party: UnsafeMutablePointer<MixParty>) -> Frame? {
        guard legs[Int(index)].speaks else { return nil }
        return legs[Int(index)].kind == .pipe ? party.pointee.passed(before: tickNumber) : incoming(index)
    }

    // MARK: Coming and going

    /// Gives a port what it needs as a mixer or as a mixer's party.
    func joinMixer(_ index: Int32, _ mixer: Int32) {
        let leg = legs + Int(index)
        dropParty(index)
        let party = UnsafeMutablePointer<MixParty>.allocate(capacity: 1)
        party.initialize(to: MixParty(isPipe: leg.pointee.kind == .pipe))
        leg.pointee.party = party
        legs[Int(mixer)].mix?.pointee.partiesChanged = true
    }

    func leaveMixer(_ index: Int32, _ mixer: Int32) {
        dropParty(index)
        legs[Int(mixer)].mix?.pointee.partiesChanged = true
    }

    /// Makes a new port a mixer.
    func becomeMixer(_ index: Int32) {
        let mix = UnsafeMutablePointer<Mix>.allocate(capacity: 1)
        mix.initialize(to: Mix())
        legs[Int(index)].mix = mix
        // What the mixer plays is one more party.
        joinMixer(index, index)
    }

    func dropMix(_ index: Int32) {
        dropParty(index)
        guard let mix = legs[Int(index)].mix else { return }
        legs[Int(index)].mix = nil
        mix.deinitialize(count: 1)
        mix.deallocate()
    }

    private func dropParty(_ index: Int32) {
        guard let party = legs[Int(index)].party else { return }
        legs[Int(index)].party = nil
        party.deinitialize(count: 1)
        party.deallocate()
    }
}
