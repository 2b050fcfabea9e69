import ARIModel
public import Dialplan

/// What takes a channel away from whatever it does, as another interface than the dialplan wants it.
enum ChannelDetour {
    case goTo(DialplanLocation)
    /// Talks in a bridge until that ends, and is hung up then.
    case bridge(Bridge)
}

extension Channel {
    /// Sends the channel to a place in the dialplan, out of the application, the bridge or the dialplan that has it now.
    /// - Returns: false when there is no such place, or the channel is about to end or has not been answered yet.
    public func redirect(to place: DialplanLocation) -> Bool {
        guard canDepart, core.dialplan.exists(place, callerNumber: caller.number) else { return false }
        depart(for: .goTo(place))
        return true
    }

    /// A channel that is being called by somebody has nothing to be taken away from.
    fileprivate var canDepart: Bool { !hangupRequested && (pbx != nil || state == .up) }

    /// Leaves everything and takes the detour; a dialplan that runs does so when its present application has ended.
    fileprivate func depart(for detour: ChannelDetour) {
        if hasPlayer { player.failAll() }
        if pbx != nil { self.detour = detour }
        bridge?.remove(self, because: .removed)
        endStasis()
        switch detour {
        // With a dialplan it enters when what it does now has cleaned up behind itself.
        case .bridge(let bridge): if pbx == nil { bridge.add(self) }
        case .goTo(let place): if pbx == nil { startPBX(at: place) }
        }
        if pbx != nil, self.detour != nil { inbox.put(.hangup) }
    }

    /// Takes the detour that was asked for, once.
    func takeDetour() -> ChannelDetour? {
        guard let detour, !hangupRequested else { return nil }
        self.detour = nil
        // The signal that ended the application is no end of the call.
        inbox.discardPending()
        return detour
    }

    /// Enters a bridge and waits until the channel is no longer in it.
    func talk(in bridge: Bridge) async {
        bridge.add(self)
        while self.bridge === bridge {
            if await nextSignal() == .hangup { return }
        }
    }
}

extension CallCore {
    /// Sends two channels to places in the dialplan, so that neither ends because the other one left.
    public func redirect(_ first: Channel, to place: DialplanLocation, and second: Channel, to other: DialplanLocation) -> Bool {
        guard first !== second, first.canDepart, second.canDepart, dialplan.exists(place, callerNumber: first.caller.number),
            dialplan.exists(other, callerNumber: second.caller.number)
        else { return false }
        let shared = sharedDialled(first, second)
        shared?.onLeave = nil
        first.depart(for: .goTo(place))
        second.depart(for: .goTo(other))
        shared?.destroy()
        return true
    }

    /// The bridge that joins just these two, whose end would take both along.
    private func sharedDialled(_ first: Channel, _ second: Channel) -> Bridge? {
        guard let bridge = first.bridge, bridge === second.bridge, bridge.bridgeClass == Bridge.dialledClass else { return nil }
        return bridge
    }

    /// Lets two channels talk to each other, wherever they are; with the first who leaves both calls are over.
    /// - Returns: false when one of them can't.
    public func join(_ first: Channel, _ second: Channel) -> Bool {
        guard first !== second, first.canDepart, second.canDepart,
            let bridge = bridges.make(id: nil, name: "", kind: .mixing, bridgeClass: Bridge.dialledClass, creator: "")
        else { return false }
        let shared = sharedDialled(first, second)
        shared?.onLeave = nil
        for channel in [first, second] { channel.depart(for: .bridge(bridge)) }
        shared?.destroy()
        bridge.endsWithFirst()
        return true
    }
}
