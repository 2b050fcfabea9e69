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
    private var stage = Stage.asking

    private enum Stage {
        /// Who asks talks to the third one, or waits for the answer.
        case asking
        /// Who asked has hung up: the other two belong together.
        case completed
        /// Who was to be transferred is gone: the other two go on alone.
        case deserted
        case over
    }

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
        transferer.isConsulting = true
        firstBridge.handOn()
        transferee.startMusic(class: nil)
        secondBridge.add(transferer)
        _ = transferer.startTone("ring")
        firstBridge.onLeave = { [self] channel in if channel === transferee { transfereeLeft() } }
        secondBridge.onLeave = { [self] channel in if channel === transferer { complete() } else { giveUp() } }
        attempt.onResult = { [self] result in
            // Each holds the other until it is known how the call comes out.
            attempt.onResult = nil
            if result == .answered { answered() } else { giveUp() }
        }
        attempt.start(timeoutMs: Self.answerLimitMs)
    }

    private func answered() {
        switch stage {
        case .asking, .deserted:
            transferer.stopBackground()
            join(target, in: secondBridge)
        case .completed:
            transferee.stopBackground()
            join(target, in: firstBridge)
            stage = .over
        case .over: target.requestHangup(cause: .normalClearing)
        }
    }

    /// Who waited may have gone meanwhile, and the bridge with them.
    private func join(_ target: Channel, in bridge: Bridge) {
        if bridge.channels.isEmpty { target.requestHangup(cause: .normalClearing) } else { bridge.add(target) }
    }

    /// The third one did not answer, or went: the first two talk again, or whoever waits for nobody is hung up.
    private func giveUp() {
        defer { stage = .over }
        switch stage {
        case .asking: talkAgain()
        case .completed: transferee.requestHangup(cause: .normalClearing)
        case .deserted: transferer.requestHangup(cause: .normalClearing)
        case .over: break
        }
    }

    private func talkAgain() {
        transferer.isConsulting = false
        secondBridge.onLeave = nil
        transferer.stopBackground()
        transferee.stopBackground()
        firstBridge.add(transferer)
        firstBridge.endsWithFirst()
        secondBridge.destroy()
        if !target.hangupRequested { target.requestHangup(cause: .normalClearing) }
    }

    /// Who asked has hung up: the others talk, at once or when the third one answers.
    private func complete() {
        guard stage == .asking else { return }
        let hasAnswered = target.state == .up
        stage = hasAnswered ? .over : .completed
        let told = AttendedTransfer(
            firstLeg: transferer.snapshot, secondLeg: transferer.snapshot, result: "Success", isExternal: false,
            destination: .bridge(id: firstBridge.id), transferee: transferee.snapshot, transferTarget: target.snapshot,
            firstLegBridge: firstBridge.snapshot, secondLegBridge: secondBridge.snapshot)
        secondBridge.onLeave = nil
        transferee.stopBackground()
        if hasAnswered { firstBridge.add(target) } else { _ = transferee.startTone("ring") }
        firstBridge.endsWithFirst()
        secondBridge.destroy()
        transferer.call?.note(.transferred, transferer, .text("\(transferee.name) to \(target.name)"))
        transferer.core.events.publish(about: [transferer, transferee, target]) { .bridgeAttendedTransfer(told) }
    }

    private func transfereeLeft() {
        guard stage == .asking else { return }
        stage = target.state == .up ? .over : .deserted
        (firstBridge.onLeave, secondBridge.onLeave) = (nil, nil)
        secondBridge.endsWithFirst()
        firstBridge.destroy()
    }
}

extension Channel {
    /// Asks somebody in the dialplan before whoever this channel talks to is sent there.
    /// - Returns: false when it does not talk to one other, or there is no such place.
    public func consult(_ place: DialplanLocation) -> Bool {
        guard !hangupRequested, !isConsulting, let partner = dialledPartner, let bridge,
            core.dialplan.exists(place, callerNumber: caller.number),
            let consultation = Consultation(self, partner, bridge, to: place)
        else { return false }
        consultation.start()
        return true
    }
}
