import Dialplan

/// What the members of a bridge are told of each other.
extension Bridge {
    /// Tells every member who else is inside, guests included, in the variables of the reference.
    func announcePeers() {
        guard !kind.isHolding, channels.count + guests.count >= 2 else { return }
        for channel in inOrderOfNews {
            let others = channels.filter { $0 !== channel }
            let names = (others.map(\.name) + guests.map(\.name)).sorted().joined(separator: ",")
            let isPair = others.count + guests.count == 1
            setPeer(of: channel, "BRIDGEPEER", names)
            setPeer(of: channel, "BRIDGEPVTCALLID", isPair ? others.first?.protocolID ?? "" : "")
        }
    }

    /// In the reference's order, read off its events: who came last is told first, but in a pair whose packets are looked into who came
    /// first.
    private var inOrderOfNews: [Channel] {
        channels.count == 2 && guests.isEmpty && technology != "native_rtp" ? channels : channels.reversed()
    }

    func forgetPeers(of channel: Channel) {
        setPeer(of: channel, "BRIDGEPEER", "")
        setPeer(of: channel, "BRIDGEPVTCALLID", "")
    }

    private func setPeer(of channel: Channel, _ variable: String, _ value: String) {
        guard channel.variable(variable)?.string ?? "" != value else { return }
        channel.setVariable(variable, value)
    }

    /// Two that are alone with each other see each other's identity.
    func exchangeConnectedLines() {
        guard !kind.isHolding, channels.count == 2, guests.isEmpty,
            !channels.contains(where: { options(of: $0).inhibitsConnectedLine })
        else { return }
        let (first, second) = (channels[0], channels[1])
        second.updateConnectedLine(first.identity)
        first.updateConnectedLine(second.identity)
    }

    /// Who is alone with somebody nobody knows no longer sees the one before.
    func forgetConnectedLine(with newcomer: Channel) {
        guard channels.count == 2, newcomer.identity.isEmpty, let other = channels.first(where: { $0 !== newcomer }),
            !other.connected.isEmpty
        else { return }
        other.connected = .empty
        other.publish()
    }

    /// A member's own identity changed: the others see it.
    func callerChanged(_ channel: Channel) {
        for other in channels where other !== channel { other.updateConnectedLine(channel.identity) }
    }
}

extension Channel {
    /// Takes over who the channel talks to, tells the subscribers and the far end.
    func updateConnectedLine(_ party: PartyID) {
        guard !party.isEmpty, party != connected else { return }
        connected = party
        publish()
        leg?.indicate(.connectedLine)
    }
}
