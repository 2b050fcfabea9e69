import Audio
import CallCore
import Media

/// What goes on between a channel and a program that are connected.
@CallActor
final class AudioSocketSession: ProgramConnection {
    let audio: StreamedAudio
    private weak var channel: CallCore.LiveChannel?
    private let audioKind: UInt8
    private var connection: AudioSocketConnection?
    /// Called once when the program ends it.
    private var onEnd: (@CallActor () -> Void)?

    init(_ channel: CallCore.LiveChannel, _ audio: StreamedAudio, onEnd: @escaping @CallActor () -> Void) {
        self.channel = channel
        self.audio = audio
        self.onEnd = onEnd
        audioKind = AudioSocketMessage.Kind.audio(rate: audio.codec.sampleRate) ?? 0x10
    }

    /// Begins to carry audio and digits.
    ///
    /// - Parameter uuid: what the program is told first; nil for one that connected and said it itself.
    func start(_ connection: AudioSocketConnection, uuid: [UInt8]?) {
        self.connection = connection
        if let uuid { connection.send(AudioSocketMessage(kind: AudioSocketMessage.Kind.uuid, payload: uuid)) }
        audio.onFrame = { [audioKind] frame in
            if connection.isWritable { connection.send(AudioSocketMessage(kind: audioKind, payload: frame)) }
        }
        audio.onDigit = { digit, _ in
            guard let code = digit.asciiValue else { return }
            connection.send(AudioSocketMessage(kind: AudioSocketMessage.Kind.digit, payload: [code]))
        }
        audio.start()
        connection.listen(onMessage: { [weak self] in self?.receive($0) }, onClose: { [weak self] in self?.programEnded() })
    }

    private func receive(_ message: AudioSocketMessage) {
        switch message.kind {
        case audioKind: _ = message.payload.withUnsafeBytes { audio.receive($0) }
        case AudioSocketMessage.Kind.hangup: programEnded()
        case AudioSocketMessage.Kind.digit:
            if let digit = message.payload.first.map({ Character(UnicodeScalar($0)) }) { audio.receiveDigit(digit) }
        case AudioSocketMessage.Kind.error:
            note("the program reported an error: \(message.payload.first.map(String.init) ?? "no code")")
            programEnded()
        case let kind where AudioSocketMessage.Kind.audioRates[kind] != nil:
            note("the program sent audio of another rate than the channel's, \(audio.codec.sampleRate) Hz")
            programEnded()
        default: note("the program sent a message of the unknown kind \(message.kind)")
        }
    }

    private func programEnded() {
        let told = onEnd
        onEnd = nil
        told?()
    }

    private func note(_ detail: String) {
        channel?.core.log.record(.notice, "AudioSocket", channelID: channel?.id, detail: detail)
    }

    /// Ends it from our side, and says so.
    func end() {
        onEnd = nil
        connection?.send(AudioSocketMessage(kind: AudioSocketMessage.Kind.hangup, payload: []))
        connection?.close()
        audio.close()
    }
}
