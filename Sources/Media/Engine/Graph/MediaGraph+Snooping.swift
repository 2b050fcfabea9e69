/// Listening in on a port, and whispering.
extension MediaGraph {
    /// Lets the end of a pipe snoop on another port, or no longer.
    mutating func snoop(_ index: Int32, on target: PortID?, _ directions: SnoopDirections) {
        endSnoop(index)
        guard legs[Int(index)].kind == .pipe, let target, leg(target) != nil, target.index != index else { return }
        let snoop = UnsafeMutablePointer<Snoop>.allocate(capacity: 1)
        snoop.initialize(to: Snoop(target: target.index, directions: directions))
        snoop.pointee.next = legs[Int(target.index)].firstSnoop
        legs[Int(target.index)].firstSnoop = index
        legs[Int(index)].snoop = snoop
        snoopsChanged(target.index)
        outgoingChanged(index)
    }

    /// Ends what a pipe end snoops.
    mutating func endSnoop(_ index: Int32) {
        guard let snoop = legs[Int(index)].snoop else { return }
        let (target, next) = (snoop.pointee.target, snoop.pointee.next)
        var at = legs[Int(target)].firstSnoop
        if at == index { legs[Int(target)].firstSnoop = next }
        while at != Leg.nobody, let one = legs[Int(at)].snoop {
            if one.pointee.next == index { one.pointee.next = next }
            at = one.pointee.next
        }
        legs[Int(index)].snoop = nil
        snoop.deinitialize(count: 1)
        snoop.deallocate()
        snoopsChanged(target)
        outgoingChanged(index)
    }

    /// Ends all that snoop on a port.
    mutating func endSnoops(on target: Int32) {
        while legs[Int(target)].firstSnoop != Leg.nobody { endSnoop(legs[Int(target)].firstSnoop) }
    }

    private mutating func snoopsChanged(_ target: Int32) {
        let leg = legs + Int(target)
        let before = (leg.pointee.whisperedIn, leg.pointee.whisperedOut)
        (leg.pointee.whisperedIn, leg.pointee.whisperedOut) = (false, false)
        eachSnoop(on: target) { _, snoop in
            if snoop.pointee.directions.whispersIn { leg.pointee.whisperedIn = true }
            if snoop.pointee.directions.whispersOut { leg.pointee.whisperedOut = true }
        }
        if leg.pointee.whisperedOut != before.1 { outgoingChanged(target) }
        if leg.pointee.whisperedIn != before.0 { incomingChanged(target) }
    }

    private func eachSnoop(on target: Int32, _ body: (Int32, UnsafeMutablePointer<Snoop>) -> Void) {
        var index = legs[Int(target)].firstSnoop
        while index != Leg.nobody, let snoop = legs[Int(index)].snoop {
            let next = snoop.pointee.next
            body(index, snoop)
            index = next
        }
    }

    /// Gives what a snoop hears in this tick.
    mutating func spied(by snoop: UnsafeMutablePointer<Snoop>) -> Frame? {
        let target = snoop.pointee.target
        if snoop.pointee.directions.spiesIn { _ = incoming(target) }
        if snoop.pointee.directions.spiesOut { _ = outgoing(target) }
        return snoop.pointee.spied(legs[Int(target)].spiedIncoming, legs[Int(target)].spiedOutgoing, &arena)
    }

    /// Adds what is whispered to those who hear a port (`isIncoming`), or to its device.
    mutating func withWhispers(_ frame: Frame?, at target: Int32, isIncoming: Bool) -> Frame? {
        var sum = frame
        var index = legs[Int(target)].firstSnoop
        while index != Leg.nobody, let snoop = legs[Int(index)].snoop {
            let directions = snoop.pointee.directions
            if isIncoming ? directions.whispersIn : directions.whispersOut {
                let whisper = incoming(index)
                sum = snoop.pointee.add(whisper, to: sum, isIncoming: isIncoming, &arena)
            }
            index = snoop.pointee.next
        }
        return sum
    }
}
