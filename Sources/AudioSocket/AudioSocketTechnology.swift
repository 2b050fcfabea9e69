import ARIModel
import Audio
public import CallCore
import Dialplan
import Media

/// Channels whose audio goes to a program over TCP: `AudioSocket/host:port/uuid[/c(format)]`, host numeric, format linear.
/// With `INCOMING` for host and port the program connects to us and names the UUID.
@CallActor
public final class AudioSocketTechnology: ChannelTechnology {
    public let name = "AudioSocket"
    private unowned let core: CallCore
    /// Connections opened for a channel that is about to be made.
    private var prepared: [String: AudioSocketConnection] = [:]

    private let listener: AudioSocketListener

    public init(core: CallCore) {
        self.core = core
        listener = AudioSocketListener(log: core.log, scheduler: core.scheduler)
    }

    /// What a destination says.
    private struct Destination {
        /// Nil when the program connects to us.
        let service: MediaAddress?
        let serviceText: String
        let uuidText: String
        let uuid: [UInt8]
        let codec: AudioCodec

        init(_ text: String, formats: [String]) throws(DialRefusal) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count >= 2, let uuid = uuidBytes(parts[1]) else { throw .unknownDestination(text) }
            service = MediaAddress(parts[0])
            guard service != nil || parts[0] == AudioSocketTechnology.incoming else { throw .unknownDestination(text) }
            let options = LetterOptions(parts.dropFirst(2).joined(separator: "/"))
            guard let codec = options.codec(formats: formats, default: .slin), codec.isLinear else { throw .noCommonCodec }
            serviceText = parts[0]
            uuidText = parts[1]
            self.uuid = uuid
            self.codec = codec
        }
    }

    /// The host of a destination where the program connects to us.
    private nonisolated static let incoming = "INCOMING"
    /// Milliseconds of what a program sends that may wait, and that may go on waiting: what a stalled program sends late is not heard late.
    private static let (roomMs, standingLimitMs) = (10_000, 40)

    // MARK: Programs that connect to us

    public var takesConnections: Bool { listener.isListening }

    /// Lets programs connect at a numeric address.
    /// - Returns: the port.
    public func listen(host: String, port: Int) async throws -> Int { try await listener.start(host: host, port: port) }

    /// Lets no more programs connect; connections that are used stay.
    public func stopListening() async { await listener.stop() }

    // MARK: Channels

    public func prepare(for destination: String) async -> Bool {
        guard let wanted = try? Destination(destination, formats: []) else { return false }
        guard let service = wanted.service else { return listener.isListening }
        guard let connection = await open(service, wanted.serviceText) else { return false }
        prepared.updateValue(connection, forKey: destination)?.close()
        return true
    }

    private func open(_ service: MediaAddress, _ text: String) async -> AudioSocketConnection? {
        if let connection = try? await AudioSocketConnection.open(host: service.host, port: service.port) { return connection }
        core.log.record(.notice, "no AudioSocket connection", channelID: nil, detail: "nothing takes connections at \(text)")
        return nil
    }

    public func makeChannel(for destination: String, request: OutboundRequest) throws(DialRefusal) -> CallCore.LiveChannel {
        let connection = prepared.removeValue(forKey: destination)
        let wanted: Destination
        do {
            wanted = try Destination(destination, formats: request.formats)
        } catch {
            connection?.close()
            throw error
        }
        let channel = core.makeChannel(
            id: request.channelID, name: "AudioSocket/\(wanted.serviceText)-\(wanted.uuidText)", technology: name,
            setup: ChannelSetup(
                state: .down, isOutbound: true, location: DialplanLocation(context: "default", extension: "s"),
                requesterID: request.requesterID))
        do {
            let audio = try StreamedAudio(
                for: channel, codec: wanted.codec, roomMs: Self.roomMs, standingLimitMs: Self.standingLimitMs)
            let way = wanted.service.map { AudioSocketLeg.Way.toProgram($0, connection) } ?? .fromProgram(listener)
            core.attach(AudioSocketLeg(channel: channel, audio: audio, uuid: wanted.uuid, way: way), to: channel)
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

    // MARK: The application of the dialplan

    public func connect(
        _ channel: CallCore.LiveChannel, to destination: String, onEnd: @escaping @CallActor () -> Void
    ) async -> (any ProgramConnection)? {
        do {
            let wanted = try Destination(destination, formats: [])
            guard let service = wanted.service, let connection = await open(service, wanted.serviceText) else { return nil }
            let audio: StreamedAudio
            do {
                audio = try StreamedAudio(
                    for: channel, codec: wanted.codec, roomMs: Self.roomMs, standingLimitMs: Self.standingLimitMs, isLeg: false)
            } catch {
                connection.close()
                throw error
            }
            let session = AudioSocketSession(channel, audio, onEnd: onEnd)
            session.start(connection, uuid: wanted.uuid)
            return session
        } catch {
            core.log.record(.notice, "no AudioSocket connection", channelID: channel.id, detail: "\(destination): \(error)")
            return nil
        }
    }
}

/// Reads a UUID (RFC 9562 section 4); nil for anything else.
private func uuidBytes(_ text: String) -> [UInt8]? {
    let digits = text.filter { $0 != "-" }.compactMap(\.hexDigitValue)
    guard text.utf8.count == 36, digits.count == 32 else { return nil }
    return stride(from: 0, to: 32, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
