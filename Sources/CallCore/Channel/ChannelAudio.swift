import Audio
public import Media

extension Channel {
    /// Sets what the far end hears while nothing is played to it.
    func applyBackground() {
        guard let port = leg?.port else { return }
        switch background {
        case .none: port.setBackground(nil)
        case .silence: port.setBackground(.silence)
        case .tone(let text):
            if case .tone(let program) = MediaURI.tone(text, country: core.settings.indicationsCountry) {
                port.setBackground(.tone(program))
            }
        case .music(let name): loadMusic(name)
        }
    }

    private func loadMusic(_ name: String) {
        core.sounds.loadMusic(class: name, turn: Int(truncatingIfNeeded: serial), sampleRate: leg?.sampleRate ?? 8_000) {
            [weak self] result in
            guard let self, self.background == .music(class: name) else { return }
            switch result {
            case .success(let buffer): self.leg?.port?.setBackground(.audio(buffer, fromMs: 0, loop: true))
            case .failure(let problem): self.core.log.notice("no music on hold", channel: self, detail: problem.description)
            }
        }
    }

    /// Plays music on hold while nothing else is heard (ARI operation `startMoh`).
    public func startMusic(class name: String?) {
        let className = name.flatMap { $0.isEmpty ? nil : $0 } ?? musicClass
        background = .music(class: className)
        core.events.note(.musicStarted(self, className: className))
        applyBackground()
    }

    /// Sends silence while nothing else is heard (ARI operation `startSilence`).
    public func startSilence() {
        background = .silence
        applyBackground()
    }

    /// Plays a tone of the country's indications, or one written out, until ``stopBackground()``.
    func startTone(_ text: String) -> Bool {
        guard case .tone = MediaURI.tone(text, country: core.settings.indicationsCountry) else { return false }
        background = .tone(text)
        applyBackground()
        return true
    }

    /// Ends music, silence or a tone.
    public func stopBackground() {
        if case .music = background { core.events.note(.musicStopped(self)) }
        background = .none
        applyBackground()
    }

    /// Shows something to the far end (ARI operations `ring`, `ringStop`, `progress`).
    public func indicate(_ indication: ChannelIndication) {
        leg?.indicate(indication)
    }

    /// Sends the far end elsewhere (ARI operation `redirect`).
    /// - Returns: false when its protocol can't.
    public func redirect(to destination: String) -> Bool {
        leg?.transfer(to: destination) ?? false
    }

    /// What the RTP of the leg counted; nil for a channel without RTP.
    public var rtpStatistics: MediaStatistics? {
        (leg?.port as? any RTPPort)?.statistics
    }

    public enum MuteDirection: String, Sendable { case both, `in`, out }

    /// Keeps the far end from being heard (`in`) or from hearing (`out`) (ARI operations `mute` and `unmute`).
    public func setMuted(_ muted: Bool, _ direction: MuteDirection) {
        if direction != .out { mutedIncoming = muted }
        if direction != .in { mutedOutgoing = muted }
        leg?.port?.setMuted(incoming: mutedIncoming, outgoing: mutedOutgoing)
    }

    /// Puts the far end on hold or takes it back (ARI operations `hold` and `unhold`).
    public func setHold(_ hold: Bool) {
        guard holdsFarEnd != hold else { return }
        holdsFarEnd = hold
        leg?.indicate(hold ? .hold : .unhold)
        endpoint?.channelChanged(self)
    }

    /// Plays digits to the far end (ARI operation `sendDTMF`); `w` waits half a second, `W` one.
    public func sendDigits(_ text: String, beforeMs: Int = 0, betweenMs: Int = 100, durationMs: Int = 100, afterMs: Int = 0) {
        var digits: [DigitToSend] = [DigitToSend(" ", durationMs: max(100, min(beforeMs, 60_000)), gapAfterMs: 0)]
        for character in text.prefix(MediaLimits.maxDigitsQueued - 2) {
            switch character {
            case "0"..."9", "*", "#", "A"..."D", "a"..."d":
                let digit = Character(character.uppercased())
                core.events.note(.digit(self, digit, .sent, durationMs: durationMs > 0 ? durationMs : 100))
                digits.append(
                    DigitToSend(digit, durationMs: durationMs > 0 ? durationMs : 100, gapAfterMs: betweenMs > 0 ? betweenMs : 100))
            case "w", "W":
                digits.append(DigitToSend(" ", durationMs: character == "w" ? 500 : 1_000, gapAfterMs: 0))
            default:
                continue
            }
        }
        if afterMs > 0 { digits.append(DigitToSend(" ", durationMs: min(afterMs, 8_000), gapAfterMs: 0)) }
        guard let leg, !leg.sendDigits(digits) else { return }
        leg.port?.sendDigits(digits, token: 0)
    }
}
