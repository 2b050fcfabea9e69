import Dialplan
import Media

extension DialplanApplication {
    /// Lets the caller talk to a program over AudioSocket until either ends: `AudioSocket(uuid,host:port[,c(format)])`.
    ///
    /// The dialplan goes on when the program ends the connection, or at once when there is none.
    static let audioSocket = DialplanApplication("AudioSocket") { channel, arguments in
        let arguments = Arguments(arguments)
        channel.answer()
        let options = arguments[2].isEmpty ? "" : "/\(arguments[2])"
        let destination = "\(arguments[1])/\(arguments[0])\(options)"
        let opened = await channel.core.connect(channel, over: "AudioSocket", to: destination) { [weak channel] in
            channel?.inbox.put(.programEnded)
        }
        guard let program = opened else { return channel.hangupRequested ? .hangup : .next }
        guard !channel.hangupRequested else {
            program.end()
            return .hangup
        }
        let port = channel.leg?.port
        port?.connect(to: program.audio.port)
        program.audio.port.connect(to: port)
        defer {
            port?.connect(to: nil)
            program.end()
        }
        while true {
            switch await channel.nextSignal() {
            case .hangup: return .hangup
            case .programEnded: return .next
            default: continue
            }
        }
    }
}

extension CallCore {
    /// Connects a channel's audio to a program; nil, with the reason in the log, when that can't be.
    fileprivate func connect(
        _ channel: Channel, over technology: String, to destination: String, onEnd: @escaping @CallActor () -> Void
    ) async -> (any ProgramConnection)? {
        await technologies[technology]?.connect(channel, to: destination, onEnd: onEnd)
    }
}
