import ARIModel
import Dialplan

/// Transfers of calls that Dial() joined: nobody but the dialplan has a say in them.
extension Channel {
    /// The only other channel in a bridge that Dial() made; nil where there is none.
    var dialledPartner: Channel? {
        guard let bridge, bridge.bridgeClass == Bridge.dialledClass, bridge.channels.count == 2 else { return nil }
        return bridge.channels.first { $0 !== self }
    }

    /// Sends whoever this channel talks to into the dialplan at another place.
    /// - Returns: false when Dial() did not join them.
    func transferDialled(to place: DialplanLocation, _ report: @escaping @CallActor (TransferReport) -> Void) -> Bool {
        guard let partner = dialledPartner, let bridge else { return false }
        endHold()
        setVariable("BLINDTRANSFER", partner.name)
        partner.setVariable("BLINDTRANSFER", name)
        let told = BlindTransfer(
            channel: snapshot, exten: place.extension, context: place.context, result: "Success", isExternal: true,
            transferee: partner.snapshot, bridge: bridge.snapshot)
        partner.go(to: place)
        call?.note(.transferred, self, .text("\(partner.name) to \(place.extension)@\(place.context)"))
        core.events.publish(about: [self, partner]) { .bridgeBlindTransfer(told) }
        report(.answered)
        return true
    }

    /// Takes back the hold with which phones begin a transfer, and the music that it brought to the other one.
    func endHold() {
        if isOnHold { legUnheld() } else { emit(.channelUnhold(channel: snapshot)) }
    }

    /// Leaves what Dial() joined and goes on elsewhere in the dialplan.
    private func go(to place: DialplanLocation) {
        if pbx != nil { return inbox.put(.goAway(place)) }
        bridge?.release(self)
        startPBX(at: place)
    }

    /// Joins whoever this channel talks to with whoever another one talks to.
    /// - Returns: false when Dial() did not join both pairs.
    func transferDialled(with second: Channel, _ report: @escaping @CallActor (TransferReport) -> Void) -> Bool {
        guard let bridge, let transferee = dialledPartner, let secondBridge = second.bridge, let target = second.dialledPartner,
            transferee !== second
        else { return false }
        let told = AttendedTransfer(
            firstLeg: snapshot, secondLeg: second.snapshot, result: "Success", isExternal: true, destination: .bridge(id: bridge.id),
            transferee: transferee.snapshot, transferTarget: target.snapshot, firstLegBridge: bridge.snapshot,
            secondLegBridge: secondBridge.snapshot)
        endHold()
        second.endHold()
        setVariable("ATTENDEDTRANSFER", transferee.name)
        transferee.setVariable("ATTENDEDTRANSFER", name)
        bridge.merge(secondBridge, without: [self, second])
        call?.note(.transferred, self, .text("\(transferee.name) to \(target.name)"))
        core.events.publish(about: [self, second, transferee, target]) { .bridgeAttendedTransfer(told) }
        report(.answered)
        second.requestHangup(cause: .normalClearing, by: .silent)
        return true
    }
}

extension Bridge {
    /// The class of bridges that Dial() makes.
    static let dialledClass = "basic"

    /// Takes in everybody from another bridge, which ends, but for those who go from either.
    fileprivate func merge(_ other: Bridge, without leaving: [Channel]) {
        core.events.publish(about: self, merging: other) { .bridgeMerged(bridge: self.snapshot, from: other.snapshot) }
        handOn()
        other.handOn()
        for channel in leaving {
            channel.bridge?.release(channel)
            channel.inbox.put(.leftBridge)
        }
        for channel in other.channels { add(channel) }
        other.destroy()
        endsWithFirst()
    }

    /// Takes the bridge from the Dial() that made it.
    func handOn() {
        isHandedOn = true
        onLeave = nil
    }

    /// Lets the bridge end with the first who leaves it.
    func endsWithFirst() {
        onLeave = { [weak self] channel in
            guard let self else { return }
            // Of a bridge that somebody ends, each who leaves is told; otherwise the first takes the others along.
            if self.isGone { channel.callIsOver() } else { self.endDialled() }
        }
    }

    /// Ends what a transfer joined: with the first who leaves the other one's call is over, too.
    private func endDialled() {
        guard !isGone else { return }
        let rest = channels
        onLeave = nil
        destroy()
        for channel in rest { channel.callIsOver() }
    }
}

extension Channel {
    /// Whoever the channel talked to is gone: a dialplan goes on, without one the call ends.
    fileprivate func callIsOver() {
        if pbx == nil { requestHangup(cause: .normalClearing) } else { inbox.put(.leftBridge) }
    }
}
