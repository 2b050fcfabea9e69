import ARIModel
public import Dialplan

/// A transfer that asks first: one of two who talk calls a third, while the other one hears music. When who asked hangs up, the other two are
/// joined; when the third one does not answer or goes, the first two talk again.
@CallActor
private final class Consultation {
    private let transferer: Channel
    private let transferee: Channel
    private let target: Channel
    private let firstBridge: Bridge
    private let secondBridge: Bridge
    private let attempt: DialAttempt
    private var isOver = false

    /// Milliseconds until a third one who does not answer is given up.
    private static let answerLimitMs = 15_000

    init?(_ transferer: Channel, _ transferee: Channel, _ firstBridge: Bridge, to place: DialplanLocation) {
        let core = transferer.core
        guard
            let target = try? core.makeChannel(
                endpoint: "Local/\(place.extension)@\(place.context)", outbound: OutboundRequest(requesterID: transferer.id)),
            let bridge = core.bridges.make(id: nil, name: "", kind: .mixing, bridgeClass: Bridge.dialledClass, creator: "")
        else { return nil }
        (self.transferer, self.transferee, self.target) = (transferer, transferee, target)
        (self.firstBridge, secondBridge) = (firstBridge, bridge)
        target.adoptQuietly(from: transferer)
        target.connected = transferer.caller
        target.publish()
        attempt = DialAttempt(peer: target, caller: transferer, dialString: "\(place.extension)@\(place.context)", style: .dialplan)
    }

    func start() {
        firstBridge.handOn()
        transferee.startMusic(class: nil)
        secondBridge.add(transferer)
        _ = transferer.startTone("ring")
        firstBridge.onLeave = { [self] channel in if channel === transferee { transfereeLeft() } }
        secondBridge.onLeave = { [self] channel in if channel === transferer { complete() } else { giveUp() } }
        attempt.onResult = { [self] result in
            if result == .answered { answered() } else { giveUp() }
        }
        attempt.start(timeoutMs: Self.answerLimitMs)
    }

    private func answered() {
        guard !isOver else { return target.hangupRequested ? () : firstBridge.add(target) }
        transferer.stopBackground()
        secondBridge.add(target)
    }

    /// The first two talk again.
    private func giveUp() {
        guard !isOver else { return endWithoutTarget() }
        isOver = true
        secondBridge.onLeave = nil
        transferer.stopBackground()
        transferee.stopBackground()
        if transferer.hangupRequested { return endWithoutTarget() }
        firstBridge.add(transferer)
        firstBridge.endsWithFirst()
        secondBridge.destroy()
        if !target.hangupRequested { target.requestHangup(cause: .normalClearing) }
    }

    /// Who was to be transferred waited for somebody who did not come.
    private func endWithoutTarget() {
        if !transferee.hangupRequested { transferee.requestHangup(cause: .normalClearing) }
    }

    /// Who asked has hung up: the others talk, at once or when the third one answers.
    private func complete() {
        guard !isOver else { return }
        isOver = true
        secondBridge.onLeave = nil
        let core = transferer.core
        transferee.stopBackground()
        let told = AttendedTransfer(
            firstLeg: transferer.snapshot, secondLeg: transferer.snapshot, result: "Success", isExternal: false,
            destination: .bridge(id: firstBridge.id), transferee: transferee.snapshot, transferTarget: target.snapshot,
            firstLegBridge: firstBridge.snapshot, secondLegBridge: secondBridge.snapshot)
        if target.state == .up { firstBridge.add(target) } else { _ = transferee.startTone("ring") }
        firstBridge.endsWithFirst()
        secondBridge.destroy()
        transferer.call?.note(.transferred, transferer, .text("\(transferee.name) to \(target.name)"))
        core.events.publish(about: [transferer, transferee, target]) { .bridgeAttendedTransfer(told) }
    }

    /// Nobody is left to be transferred: the other two go on alone.
    private func transfereeLeft() {
        guard !isOver else { return }
        isOver = true
        secondBridge.onLeave = nil
        secondBridge.endsWithFirst()
        firstBridge.destroy()
    }
}

extension Channel {
    /// Asks somebody in the dialplan before whoever this channel talks to is sent there.
    /// - Returns: false when it does not talk to one other, or there is no such place.
    public func consult(_ place: DialplanLocation) -> Bool {
        guard !hangupRequested, let partner = dialledPartner, let bridge, core.dialplan.exists(place, callerNumber: caller.number),
            let consultation = Consultation(self, partner, bridge, to: place)
        else { return false }
        consultation.start()
        return true
    }
}
