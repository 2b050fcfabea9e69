import ARIModel
import Audio
public import CallCore
import Dialplan
import Media

/// Channels whose audio goes to a program over TCP: `AudioSocket/host:port/uuid[/c(format)]`, host numeric, format linear.
@CallActor
public final class AudioSocketTechnology: ChannelTechnology {
    public let name = "AudioSocket"
    private unowned let core: CallCore
    /// Connections opened for a channel that is about to be made.
    private var prepared: [String: AudioSocketConnection] = [:]

    public init(core: CallCore) {
        self.core = core
    }

    /// What a destination says.
    private struct Destination {
        let service: MediaAddress
        let serviceText: String
        let uuidText: String
        let uuid: [UInt8]
        let codec: AudioCodec

        init(_ text: String, formats: [String]) throws(DialRefusal) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count >= 2, let service = MediaAddress(parts[0]), let uuid = uuidBytes(parts[1]) else {
                throw .unknownDestination(text)
            }
            let options = LetterOptions(parts.dropFirst(2).joined(separator: "/"))
            guard let codec = options.codec(formats: formats, default: .slin), codec.isLinear else { throw .noCommonCodec }
            self.service = service
            serviceText = parts[0]
            uuidText = parts[1]
            self.uuid = uuid
            self.codec = codec
        }
    }

    public func prepare(for destination: String) async -> Bool {
        guard let wanted = try? Destination(destination, formats: []) else { return false }
        guard let connection = try? await AudioSocketConnection.open(host: wanted.service.host, port: wanted.service.port) else {
            core.log.record(
                .notice, "no AudioSocket connection", channelID: nil, detail: "nothing takes connections at \(wanted.serviceText)")
            return false
        }
        prepared.updateValue(connection, forKey: destination)?.close()
        return true
    }

    public func makeChannel(for destination: String, request: OutboundRequest) throws(DialRefusal) -> CallCore.LiveChannel {
        let connection = prepared.removeValue(forKey: destination)
        let wanted = try Destination(destination, formats: request.formats)
        let channel = core.makeChannel(
            id: request.channelID, name: "AudioSocket/\(wanted.serviceText)-\(wanted.uuidText)", technology: name,
            setup: ChannelSetup(
                state: .down, isOutbound: true, location: DialplanLocation(context: "default", extension: "s"),
                requesterID: request.requesterID))
        do {
            // What a stalled program sends late is not heard late.
            let audio = try StreamedAudio(for: channel, codec: wanted.codec, roomMs: 10_000, standingLimitMs: 40)
            core.attach(
                AudioSocketLeg(channel: channel, audio: audio, service: wanted.service, uuid: wanted.uuid, connection: connection),
                to: channel)
        } catch {
            connection?.close()
            channel.requestHangup(cause: .congestion)
            throw .noMedia("\(error)")
        }
        channel.setVariable("AUDIOSOCKET_SERVICE", wanted.serviceText)
        channel.setVariable("AUDIOSOCKET_UUID", wanted.uuidText)
        channel.dialName = "AudioSocket/\(wanted.serviceText)/\(wanted.uuidText)"
        channel.publish()
        return channel
    }
}

/// Reads a UUID (RFC 9562 section 4); nil for anything else.
private func uuidBytes(_ text: String) -> [UInt8]? {
    let digits = text.filter { $0 != "-" }.compactMap(\.hexDigitValue)
    guard text.utf8.count == 36, digits.count == 32 else { return nil }
    return stride(from: 0, to: 32, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// The leg of an AudioSocket channel: it is answered when the program is connected and ends when either side hangs up.
@CallActor
private final class AudioSocketLeg: ChannelLeg {
    private weak var channel: CallCore.LiveChannel?
    private let audio: StreamedAudio
    private let service: MediaAddress
    private let uuid: [UInt8]
    private let audioKind: UInt8
    private var connection: AudioSocketConnection?
    private var isOver = false

    var port: (any MediaPort)? { audio.port }
    var sampleRate: Int { audio.codec.sampleRate }

    init(
        channel: CallCore.LiveChannel, audio: StreamedAudio, service: MediaAddress, uuid: [UInt8], connection: AudioSocketConnection?
    ) {
        self.channel = channel
        self.audio = audio
        self.service = service
        self.uuid = uuid
        self.connection = connection
        audioKind = AudioSocketMessage.Kind.audio(rate: audio.codec.sampleRate) ?? 0x10
    }

    func call() -> Bool {
        if let connection {
            channel?.core.afterThisTurn { [weak self] in self?.connected(connection) }
            return true
        }
        Task { @CallActor in
            do {
                connected(try await AudioSocketConnection.open(host: service.host, port: service.port))
            } catch {
                if !isOver { channel?.legEnded(cause: .failure) }
            }
        }
        return true
    }

    private func connected(_ connection: AudioSocketConnection) {
        guard !isOver else { return connection.close() }
        self.connection = connection
        connection.send(AudioSocketMessage(kind: AudioSocketMessage.Kind.uuid, payload: uuid))
        audio.onFrame = { [audioKind] frame in
            if connection.isWritable { connection.send(AudioSocketMessage(kind: audioKind, payload: frame)) }
        }
        audio.onDigit = { digit, _ in
            guard let code = digit.asciiValue else { return }
            connection.send(AudioSocketMessage(kind: AudioSocketMessage.Kind.digit, payload: [code]))
        }
        audio.start()
        channel?.legAnswered()
        connection.listen(
            onMessage: { [weak self] in self?.receive($0) }, onClose: { [weak self] in self?.channel?.legFinished() })
    }

    private func receive(_ message: AudioSocketMessage) {
        switch message.kind {
        case audioKind: _ = message.payload.withUnsafeBytes { audio.receive($0) }
        case AudioSocketMessage.Kind.hangup: channel?.legFinished()
        case AudioSocketMessage.Kind.digit:
            if let digit = message.payload.first.map({ Character(UnicodeScalar($0)) }) { audio.receiveDigit(digit) }
        case AudioSocketMessage.Kind.error:
            note("the program reported an error: \(message.payload.first.map(String.init) ?? "no code")")
            channel?.legFinished()
        case let kind where AudioSocketMessage.Kind.audioRates[kind] != nil:
            note("the program sent audio of another rate than the channel's, \(sampleRate) Hz")
            channel?.legFinished()
        default: note("the program sent a message of the unknown kind \(message.kind)")
        }
    }

    private func note(_ detail: String) {
        channel?.core.log.record(.notice, "AudioSocket", channelID: channel?.id, detail: detail)
    }

    func answer() {}
    func indicate(_ indication: ChannelIndication) {}

    func hangUp(cause: HangupCause) {
        isOver = true
        connection?.send(AudioSocketMessage(kind: AudioSocketMessage.Kind.hangup, payload: []))
        connection?.close()
        audio.close()
    }
}
