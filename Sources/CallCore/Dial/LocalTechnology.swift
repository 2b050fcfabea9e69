import ARIModel
import Dialplan
import Media

/// Channels that lead into the dialplan: `Local/extension@context`. The first half is given to who dials, the second runs the dialplan.
@CallActor
final class LocalTechnology: ChannelTechnology {
    let name = "Local"
    private unowned let core: CallCore

    init(core: CallCore) {
        self.core = core
    }

    func makeChannel(for destination: String, request: OutboundRequest) throws(DialRefusal) -> Channel {
        let target = destination.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)[0]
        let parts = target.split(separator: "@", maxSplits: 1).map(String.init)
        guard let number = parts.first, !number.isEmpty else { throw .unknownDestination(destination) }
        let place = DialplanLocation(context: parts.count > 1 ? parts[1] : "default", extension: number, priority: 1)
        let (first, _) = try makePair(place, request)
        first.dialName = "Local/\(destination)"
        return first
    }

    /// Makes both halves, which hear each other; the second runs nothing yet.
    func makePair(_ place: DialplanLocation, _ request: OutboundRequest) throws(DialRefusal) -> (first: Channel, second: Channel) {
        let number = place.extension
        let firstID = request.channelID ?? core.freshChannelID()
        let secondID = request.otherChannelID ?? (request.channelID.map { "\($0);2" } ?? core.freshChannelID())
        let base = "Local/\(number)@\(place.context)-\(core.nextNameSerial())"
        let first = core.makeChannel(
            id: firstID, name: "\(base);1", technology: name,
            setup: ChannelSetup(state: .down, isOutbound: true, location: place, requesterID: request.requesterID))
        let second = core.makeChannel(
            id: secondID, name: "\(base);2", technology: name,
            setup: ChannelSetup(state: .ring, isOutbound: false, location: place, requesterID: first.id))
        do {
            try connect(first, second)
        } catch {
            first.requestHangup(cause: .congestion, by: .silent)
            second.requestHangup(cause: .congestion, by: .silent)
            throw .noMedia("\(error)")
        }
        first.publish()
        second.publish()
        return (first, second)
    }

    private func connect(_ first: Channel, _ second: Channel) throws {
        let ports = try core.media.openPipe(
            first: { [weak first] event in CallActor.assumeIsolated { first?.legMediaEvent(event) } },
            second: { [weak second] event in CallActor.assumeIsolated { second?.legMediaEvent(event) } })
        first.leg = LocalLeg(channel: first, other: second, port: ports.first, isFirst: true)
        second.leg = LocalLeg(channel: second, other: first, port: ports.second, isFirst: false)
        first.localPeer = second
        second.localPeer = first
    }
}

/// One half of a Local channel: what it is told reaches the other half as if it came from a far end.
@CallActor
final class LocalLeg: ChannelLeg {
    private weak var channel: Channel?
    private weak var other: Channel?
    let port: (any MediaPort)?
    let sampleRate = 8_000
    private let isFirst: Bool

    init(channel: Channel, other: Channel, port: any MediaPort, isFirst: Bool) {
        self.channel = channel
        self.other = other
        self.port = port
        self.isFirst = isFirst
    }

    /// Starts the dialplan on the second half.
    func call() -> Bool {
        guard isFirst, let channel, let other else { return false }
        guard channel.core.dialplan.exists(other.location, callerNumber: channel.connected.number) else {
            part()
            (other.leg as? LocalLeg)?.part()
            other.requestHangup(cause: .unknown, by: .silent)
            return false
        }
        other.variables.merge(channel.variables.inherited())
        other.language = channel.language
        other.accountCode = channel.accountCode
        other.musicClass = channel.musicClass
        other.redirectingNumber = channel.redirectingNumber
        other.caller = channel.connected
        other.connected = channel.caller
        other.publish()
        channel.core.events.note(.localBridge(first: channel, second: other))
        other.startPBX(at: other.location)
        return true
    }

    /// Forgets the other half: what happens to one no longer reaches the other.
    private func part() {
        other = nil
    }

    func answer() {
        channel?.legAnswered()
        if !isFirst { other?.legAnswered() }
    }

    func indicate(_ indication: ChannelIndication) {
        guard let other, !other.hangupRequested else { return }
        switch indication {
        case .ringing: other.legRinging()
        case .progress: other.legProgress()
        case .proceeding: other.legProceeding()
        case .hold: other.legHeld()
        case .unhold: other.legUnheld()
        case .connectedLine: passConnectedLine(to: other)
        case .busy: other.legEnded(cause: .userBusy)
        case .congestion: other.legEnded(cause: .congestion)
        case .stopTone: break
        }
    }

    /// Who one half talks to is who the other half is.
    private func passConnectedLine(to other: Channel) {
        guard let party = channel?.connected, party != other.identity else { return }
        other.newIdentity = party
        other.bridge?.callerChanged(other)
    }

    func hangUp(cause: HangupCause) {
        port?.close()
        guard let channel, let other, !other.isGone else { return }
        if !isFirst, let status = channel.variable("DIALSTATUS")?.string, !status.isEmpty {
            other.setVariable("CHANLOCALSTATUS", status)
        }
        other.legEnded(cause: cause)
    }
}
