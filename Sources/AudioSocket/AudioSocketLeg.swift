import Audio
import CallCore
import Media

/// The leg of an AudioSocket channel: it is answered when the program is connected and ends when either side hangs up.
@CallActor
final class AudioSocketLeg: ChannelLeg {
    /// How the connection comes about.
    enum Way {
        /// It is there already, or is opened when the channel is dialled.
        case toProgram(MediaAddress, AudioSocketConnection?)
        /// A program connects and names the UUID.
        case fromProgram(AudioSocketListener)
    }

    private weak var channel: CallCore.LiveChannel?
    private let session: AudioSocketSession
    private let way: Way
    private let uuid: [UInt8]
    private var isOver = false
    /// Whether the listener waits for this leg's program.
    private var isExpecting = false

    var port: (any MediaPort)? { session.audio.port }
    var sampleRate: Int { session.audio.codec.sampleRate }

    init(channel: CallCore.LiveChannel, audio: StreamedAudio, uuid: [UInt8], way: Way) {
        self.channel = channel
        self.uuid = uuid
        self.way = way
        session = AudioSocketSession(channel, audio) { [weak channel] in channel?.legFinished() }
    }

    func call() -> Bool {
        switch way {
        case .toProgram(_, let connection?):
            channel?.core.afterThisTurn { [weak self] in self?.connected(connection, uuid: self?.uuid) }
        case .toProgram(let service, nil):
            Task { @CallActor in
                do {
                    connected(try await AudioSocketConnection.open(host: service.host, port: service.port), uuid: uuid)
                } catch {
                    if !isOver { channel?.legEnded(cause: .failure) }
                }
            }
        case .fromProgram(let listener):
            isExpecting = listener.expect(uuid) { [weak self] connection in
                guard let self else { return connection.close() }
                self.isExpecting = false
                self.connected(connection, uuid: nil)
            }
            return isExpecting
        }
        return true
    }

    private func connected(_ connection: AudioSocketConnection, uuid: [UInt8]?) {
        guard !isOver else { return connection.close() }
        session.start(connection, uuid: uuid)
        channel?.legAnswered()
    }

    func answer() {}
    func indicate(_ indication: ChannelIndication) {}

    func hangUp(cause: HangupCause) {
        isOver = true
        switch way {
        case .toProgram(_, let connection): connection?.close()
        case .fromProgram(let listener): if isExpecting { listener.forget(uuid) }
        }
        session.end()
    }
}
