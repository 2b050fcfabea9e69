import ARIModel
import Dialplan

extension Channel {
    /// The far end asks that those whom it talks to on this call and those on another call of its talk to each other; `report` is called
    /// with how it goes.
    public func legAttendedTransfer(with second: Channel, report: @escaping @CallActor (TransferReport) -> Void) {
        guard !hangupRequested, !second.hangupRequested, second !== self else { return report(.failed(status: 481)) }
        report(.trying)
        if transferDialled(with: second, report) { return }
        guard let firstBridge = bridge, let secondBridge = second.bridge, firstBridge !== secondBridge,
            let firstStay = stasis, let secondStay = second.stasis, [firstBridge, secondBridge].allSatisfy({ $0.bridgeClass == "stasis" })
        else {
            // One pair in an application, the other joined by Dial(): there is nobody to decide what becomes of them.
            return report(.failed(status: 501))
        }
        do {
            let link = try core.makeTransferLink(for: self)
            let audience = [self, second] + firstBridge.channels + secondBridge.channels
            var told = beginAttended(with: second, link)
            link.second.state = .up
            link.second.enter(secondStay.application, replacing: second)
            secondBridge.replace(second, with: link.second) { link.second.setVariable("ATTENDEDTRANSFER", "") }
            link.first.takeIdentity()
            link.first.enter(firstStay.application, replacing: self)
            firstBridge.replace(self, with: link.first) { link.first.setVariable("ATTENDEDTRANSFER", "") }
            link.first.setState(.up)
            core.events.publish(about: [link.first]) { .dial(caller: nil, peer: link.first.snapshot, dialString: "", status: "ANSWER") }
            told.destination = .link(firstLeg: link.first.snapshot, secondLeg: link.second.snapshot)
            core.events.publish(about: audience) { .bridgeAttendedTransfer(told) }
        } catch {
            return report(.failed(status: 503))
        }
        report(.answered)
        second.requestHangup(cause: .normalClearing, by: .silent)
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
        for leg in [self, second] { leg.emit(.channelUnhold(channel: leg.snapshot)) }
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
