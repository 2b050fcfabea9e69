import ARIModel
import Dialplan

/// What a far end asks for that wants its call to go on with somebody else.
public struct TransferRequest: Sendable {
    /// The number to call.
    public var destination: String
    /// The dialplan context in which it is looked for.
    public var context: String

    public init(destination: String, context: String) {
        self.destination = destination
        self.context = context
    }
}

/// How a transfer goes, for the one who asked for it.
public enum TransferReport: Sendable, Equatable {
    case trying
    case progress
    case answered
    /// It will not come about; the SIP status that says why.
    case failed(status: Int)
}

/// Who decides about transfers that a channel's far end asks for: PJSIP_TRANSFER_HANDLING().
enum TransferHandling: String {
    /// The server carries them out.
    case core = "notify-only"
    /// The application gets ChannelTransfer and does it itself.
    case application = "ari-only"
}

/// A transfer that an application carries out.
struct PendingTransfer {
    let destination: String
    let report: @CallActor (TransferReport) -> Void
}

extension Channel {
    /// The far end asks for a blind transfer; `report` is called with how it goes, at last with an answer or a failure.
    public func legTransfer(_ request: TransferRequest, report: @escaping @CallActor (TransferReport) -> Void) {
        guard !hangupRequested else { return report(.failed(status: 481)) }
        report(.trying)
        if transferHandling == .application {
            pendingTransfer = PendingTransfer(destination: request.destination, report: report)
            tellTransfer(state: nil, to: request.destination)
        } else {
            transferBlindly(request, report)
        }
    }

    /// Transfers whoever this channel talks to, as the server decides, whatever the channel's own handling is.
    /// - Returns: why it can't be begun; nil when it has.
    public func transfer(_ request: TransferRequest) -> TransferReport? {
        guard !hangupRequested else { return .failed(status: 481) }
        var failure: TransferReport?
        transferBlindly(request) { report in
            if case .failed = report, failure == nil { failure = report }
        }
        return failure
    }

    // MARK: - By the application

    /// How far an application says that a transfer is (ARI operation `transfer_progress`).
    public enum TransferState: String, Sendable {
        case progress = "channel_progress"
        case answered = "channel_answered"
        case unavailable = "channel_unavailable"
        case declined = "channel_declined"

        var report: TransferReport {
            switch self {
            case .progress: .progress
            case .answered: .answered
            case .unavailable: .failed(status: 503)
            case .declined: .failed(status: 603)
            }
        }
    }

    /// Tells the far end how the transfer goes that it asked for.
    /// - Returns: false when it asked for none, or was told the end of it.
    public func reportTransfer(_ state: TransferState) -> Bool {
        guard let pending = pendingTransfer else { return false }
        if state != .progress { pendingTransfer = nil }
        pending.report(state.report)
        tellTransfer(state: state.rawValue, to: pending.destination)
        return true
    }

    private func tellTransfer(state: String?, to destination: String) {
        let others = bridge?.channels.filter { $0 !== self } ?? []
        let connected = others.count == 1 ? others.first : nil
        emit(
            .channelTransfer(
                state: state, referTo: ReferTo(requestedDestination: RequiredDestination(destination: destination)),
                referredBy: ReferredBy(sourceChannel: snapshot, connectedChannel: connected?.snapshot, bridge: bridge?.snapshot)))
    }

    // MARK: - By the server

    /// Puts a call to the number in the place of this channel in its bridge, for whoever else is there.
    private func transferBlindly(_ request: TransferRequest, _ report: @escaping @CallActor (TransferReport) -> Void) {
        let place = DialplanLocation(context: request.context, extension: request.destination)
        guard core.dialplan.exists(place, callerNumber: caller.number) else { return report(.failed(status: 404)) }
        if transferDialled(to: place, report) { return }
        guard let bridge, bridge.bridgeClass == "stasis", let session = stasis, bridge.channels.count > 1 else {
            return report(.failed(status: 501))
        }
        let newcomer: Channel
        do {
            newcomer = try core.makeChannel(
                endpoint: "Local/\(request.destination)@\(request.context)", outbound: OutboundRequest(requesterID: id))
        } catch {
            return report(.failed(status: 503))
        }
        let others = bridge.channels.filter { $0 !== self }
        emit(.channelUnhold(channel: snapshot))
        setVariable("BLINDTRANSFER", others.map(\.name).joined(separator: ","))
        for other in others { other.setVariable("BLINDTRANSFER", name) }
        let told = BlindTransfer(
            channel: snapshot, exten: request.destination, context: request.context, result: "Success", isExternal: true,
            transferee: others.count == 1 ? others[0].snapshot : nil, replaceChannel: newcomer.snapshot, bridge: bridge.snapshot)
        newcomer.enter(session.application, replacing: self)
        bridge.replace(self, with: newcomer) { newcomer.setVariable("BLINDTRANSFER", "") }
        call?.note(.transferred, self, .text("to \(request.destination)"))
        core.events.publish(about: [self] + others) { .bridgeBlindTransfer(told) }
        let attempt = DialAttempt(peer: newcomer, caller: nil, dialString: "", style: .transfer)
        attempt.onResult = { result in
            switch result {
            case .answered: report(.answered)
            case .failed, .timedOut: report(.failed(status: 480))
            }
        }
        attempt.start(timeoutMs: nil)
    }

    /// Comes into an application in the place of another channel.
    func enter(_ application: StasisApplication, replacing other: Channel) {
        applicationName = "Stasis"
        applicationData = application.name
        markPublished()
        applicationAfterStasis = ("", "")
        stasis = StasisSession(application: application, arguments: [])
        applications.insert(application.name)
        application.subscribe(self)
        call?.enters(application.name, self)
        // The new one takes the other's place there, too.
        application.unsubscribe(other)
        core.events.publish(
            to: application, about: .channel(self), .stasisStart(channel: snapshot, args: [], replaceChannel: other.snapshot))
    }
}
