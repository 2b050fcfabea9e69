import ARIModel
import Dialplan

/// Transfers of calls that Dial() joined: nobody but the dialplan has a say in them.
extension Channel {
    /// The only other channel in a bridge that Dial() made; nil where there is none.
    private var dialledPartner: Channel? {
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
        core.events.publish(about: [self, partner]) { .bridgeBlindTransfer(told) }
        report(.answered)
        return true
    }

    /// Takes back the hold with which phones begin a transfer, and the music that it brought to the other one.
    private func endHold() {
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
        guard let transferee = dialledPartner, let target = second.dialledPartner, transferee !== second,
            let joined = core.bridges.make(id: nil, name: "", kind: .mixing, bridgeClass: Bridge.dialledClass, creator: "")
        else { return false }
        var told = AttendedTransfer(
            firstLeg: snapshot, secondLeg: second.snapshot, result: "Success", isExternal: true, destination: .bridge(id: joined.id),
            transferee: transferee.snapshot, transferTarget: target.snapshot, firstLegBridge: bridge?.snapshot,
            secondLegBridge: second.bridge?.snapshot)
        endHold()
        second.endHold()
        setVariable("ATTENDEDTRANSFER", transferee.name)
        transferee.setVariable("ATTENDEDTRANSFER", name)
        joined.onLeave = { [weak joined] _ in joined?.endDialled() }
        joined.add(transferee)
        joined.add(target)
        told.destination = .bridge(id: joined.id)
        core.events.publish(about: [self, second, transferee, target]) { .bridgeAttendedTransfer(told) }
        report(.answered)
        second.requestHangup(cause: .normalClearing, by: .silent)
        return true
    }
}

extension Bridge {
    /// The class of bridges that Dial() makes.
    static let dialledClass = "basic"

    /// Ends what a transfer joined: with the first who leaves the other one's call is over, too.
    fileprivate func endDialled() {
        guard !isGone else { return }
        let rest = channels
        destroy()
        for channel in rest {
            if channel.pbx == nil { channel.requestHangup(cause: .normalClearing) } else { channel.inbox.put(.leftBridge) }
        }
    }
}
