import ARIModel
import Audio
import Media

/// Somebody in a bridge who is no channel: an announcer, music. Applications see it only as a peer of those inside.
struct BridgeGuest: Equatable {
    let name: String
}

/// Plays media to everybody in a bridge, one after another.
@CallActor
final class BridgeAnnouncer: PlayTarget {
    // Strong: playbacks end after the bridge is gone. Taken apart when the bridge is destroyed.
    private let bridge: Bridge
    private(set) lazy var queue = PlayQueue(target: self)
    private var guest: BridgeGuest?

    init(_ bridge: Bridge) {
        self.bridge = bridge
    }

    var core: CallCore { bridge.core }
    var mediaPort: (any MediaPort)? { bridge.mixer }
    var playRate: Int { bridge.channels.map { $0.leg?.sampleRate ?? 8_000 }.max() ?? 8_000 }
    var language: String { core.settings.defaultLanguage }
    var targetURI: String { "bridge:\(bridge.id)" }
    var applications: Set<String> { bridge.presentApplications }
    var isEnding: Bool { bridge.isGone }

    func playBegins() {
        guard guest == nil else { return }
        let guest = BridgeGuest(name: "Announcer/ARI-\(core.nextNameSerial());2")
        self.guest = guest
        bridge.admit(guest)
    }

    func playIsOver() {
        guard let guest else { return }
        self.guest = nil
        bridge.dismiss(guest)
    }

    func reportPlayProblem(_ reason: String) {
        core.log.notice("can't play to a bridge", channel: nil, detail: "\(bridge.id): \(reason)")
    }

    func emit(_ body: @autoclosure () -> EventBody) {
        core.events.publish(about: bridge, body)
    }
}

extension Bridge {
    /// Gives the bridge's announcer, made by whoever needs it first.
    func readyAnnouncer() -> BridgeAnnouncer {
        if let announcer { return announcer }
        let made = BridgeAnnouncer(self)
        announcer = made
        return made
    }

    /// Queues media for everybody inside (ARI operation `play`); nil when there is none, an empty item, or too much waits.
    public func play(_ request: PlayRequest) -> Playback? {
        let announcer = readyAnnouncer()
        return core.play(request, to: announcer, queue: announcer.queue)
    }

    /// Lets everybody inside hear music (ARI operation `startMoh`); a second call changes the class.
    public func startMusic(class name: String?) {
        let name = name ?? "default"
        if music == nil {
            let guest = BridgeGuest(name: "Announcer/ARI_MOH-\(core.nextNameSerial());2")
            music = (guest, name)
            admit(guest)
        } else {
            music?.className = name
        }
        loadMusic(name)
    }

    /// Ends the music (ARI operation `stopMoh`).
    /// - Returns: false when none plays.
    public func stopMusic() -> Bool {
        guard let playing = music else { return false }
        music = nil
        mixer?.setBackground(nil)
        dismiss(playing.guest)
        return true
    }

    private func loadMusic(_ name: String) {
        core.sounds.loadMusic(class: name, turn: Int(truncatingIfNeeded: serial), sampleRate: 8_000) { [weak self] result in
            guard let self, self.music?.className == name else { return }
            switch result {
            case .success(let buffer): self.mixer?.setBackground(.audio(buffer, fromMs: 0, loop: true))
            case .failure(let problem): self.core.log.notice("no music on hold", channel: nil, detail: problem.description)
            }
        }
    }
}
