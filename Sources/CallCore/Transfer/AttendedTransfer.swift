import ARIModel
import Dialplan

extension Channel {
    /// The far end asks that those whom it talks to on this call and those on another call of its talk to each other; `report` is called
    /// with how it goes.
    public func legAttendedTransfer(with second: Channel, report: @escaping @CallActor (TransferReport) -> Void) {
        guard !hangupRequested, !second.hangupRequested, second !== self else { return report(.failed(status: 481)) }
        report(.trying)
        if transferDialled(with: second, report) { return }
        guard let firstBridge = bridge, let secondBridge = second.bridge, firstBridge !== secondBridge, canLeaveToAnother,
            second.canLeaveToAnother
        else { return report(.failed(status: 501)) }
        do {
            let link = try core.makeTransferLink(for: self)
            let audience = [self, second] + firstBridge.channels + secondBridge.channels
            var told = beginAttended(with: second, link)
            link.second.state = .up
            second.leavePlace(to: link.second, in: secondBridge)
            link.first.takeIdentity()
            leavePlace(to: link.first, in: firstBridge)
            link.first.setState(.up)
            core.events.publish(about: [link.first]) { .dial(caller: nil, peer: link.first.snapshot, dialString: "", status: "ANSWER") }
            told.destination = .link(firstLeg: link.first.snapshot, secondLeg: link.second.snapshot)
            call?.note(.transferred, self, .text("with \(second.name)"))
            core.events.publish(about: audience) { .bridgeAttendedTransfer(told) }
        } catch {
            return report(.failed(status: 503))
        }
        report(.answered)
        second.requestHangup(cause: .normalClearing, by: .silent)
    }

    /// Whether somebody decides what becomes of a bridge in which another channel takes this one's place: its application, or Dial().
    private var canLeaveToAnother: Bool {
        bridge?.bridgeClass == "stasis" ? stasis != nil : dialledPartner != nil
    }

    /// Lets one half of the link take this channel's place in its bridge and, where it is in one, in its application.
    private func leavePlace(to link: Channel, in bridge: Bridge) {
        let isDialled = bridge.bridgeClass == Bridge.dialledClass
        if isDialled {
            endHold()
            bridge.handOn()
        } else if let stay = stasis {
            link.enter(stay.application, replacing: self)
        }
        bridge.replace(self, with: link) { link.setVariable("ATTENDEDTRANSFER", "") }
        guard isDialled else { return }
        bridge.endsWithFirst()
        inbox.put(.leftBridge)
    }

    /// Sets the variables; gives what there is to tell afterwards, with everything as it is now.
    private func beginAttended(with second: Channel, _ link: (first: Channel, second: Channel)) -> AttendedTransfer {
        let transferees = bridge?.channels.filter { $0 !== self } ?? []
        let targets = second.bridge?.channels.filter { $0 !== second } ?? []
        let told = AttendedTransfer(
            firstLeg: snapshot, secondLeg: second.snapshot, result: "Success", isExternal: false,
            destination: .link(firstLeg: link.first.snapshot, secondLeg: link.second.snapshot),
            transferee: transferees.count == 1 ? transferees[0].snapshot : nil,
            transferTarget: targets.count == 1 ? targets[0].snapshot : nil, firstLegBridge: bridge?.snapshot,
            secondLegBridge: second.bridge?.snapshot)
        for leg in [self, second] where leg.stasis != nil { leg.emit(.channelUnhold(channel: leg.snapshot)) }
        setVariable("ATTENDEDTRANSFER", transferees.map(\.name).joined(separator: ","))
        for other in transferees { other.setVariable("ATTENDEDTRANSFER", name) }
        return told
    }
}

extension CallCore {
    /// Makes two channels that hear each other, to join two bridges.
    fileprivate func makeTransferLink(for channel: Channel) throws(DialRefusal) -> (first: Channel, second: Channel) {
        guard channels.count < settings.channelLimit else { throw .channelLimit }
        return try LocalTechnology(core: self).makePair(
            DialplanLocation(context: "transfer", extension: "_attended", priority: 1), OutboundRequest(requesterID: channel.id))
    }
}
