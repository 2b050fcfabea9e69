import Media

/// Who hears whom in a bridge.
extension Bridge {
    /// Connects what is inside as its number and their roles want it: nobody, two directly, or all to a mixer.
    func connectAudio() {
        if needsMixer {
            connectToMixer()
        } else if !kind.isHolding, channels.count == 2 {
            connectDirectly(channels[0].leg?.port, channels[1].leg?.port)
            closeMixer()
        } else {
            for channel in channels { channel.leg?.port?.connect(to: nil) }
            closeMixer()
        }
    }

    private var needsMixer: Bool {
        if kind.isHolding { return !guests.isEmpty || channels.contains { options(of: $0).isAnnouncer } }
        return !guests.isEmpty || channels.count > 2
    }

    private func connectDirectly(_ first: (any MediaPort)?, _ second: (any MediaPort)?) {
        first?.setPart(speaks: true, hears: true)
        second?.setPart(speaks: true, hears: true)
        first?.connect(to: second)
        second?.connect(to: first)
    }

    private func connectToMixer() {
        guard let mixer = openMixer() else { return }
        for channel in channels {
            guard let port = channel.leg?.port else { continue }
            let isAnnouncer = options(of: channel).isAnnouncer
            port.setPart(speaks: !kind.isHolding || isAnnouncer, hears: !kind.isHolding || !isAnnouncer)
            port.setSide(side(of: channel))
            port.connect(to: mixer)
        }
    }

    /// The port of the bridge itself; nil when the media engine has no room for one.
    private func openMixer() -> (any MediaPort)? {
        if let mixer { return mixer }
        do {
            mixer = try core.media.openMixer { [weak self] event in
                CallActor.assumeIsolated { self?.mixerEvent(event) }
            }
        } catch {
            core.log.notice("no mixer for a bridge", channel: nil, detail: "\(id): \(error)")
        }
        return mixer
    }

    private func mixerEvent(_ event: MediaEvent) {
        if case .playbackFinished(let token, _) = event { announcer?.queue.portFinished(token: token) }
    }

    func closeMixer() {
        mixer?.close()
        mixer = nil
    }

    /// A leg inside has other audio than before.
    func mediaChanged(_ channel: Channel) {
        connectAudio()
    }

    /// A member's far end put the call on hold: the others hear music meanwhile.
    func held(_ channel: Channel, _ onHold: Bool) {
        for other in channels where other !== channel {
            if onHold { other.startMusic(class: channel.musicClass) } else { other.stopBackground() }
        }
    }
}
