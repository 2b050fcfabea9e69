import Dialplan

extension DialplanApplication {
    /// Applications that play tones.
    static let tones: [DialplanApplication] = [
        DialplanApplication("Milliwatt") { channel, arguments in
            _ = channel.startTone(Arguments(arguments)[0].contains("o") ? "1000" : "1004")
            defer { channel.stopBackground() }
            while true { if await channel.nextSignal() == .hangup { return .hangup } }
        },
        DialplanApplication("Playtones") { channel, arguments in
            let text = arguments.map(\.string).joined(separator: ",")
            if !channel.startTone(text) {
                channel.core.log.warning("Playtones: no such tone", channel: channel, detail: text)
            }
            return .next
        },
        DialplanApplication("StopPlaytones") { channel, _ in
            channel.stopBackground()
            return .next
        },
    ]
}
