import ARIModel
import Dialplan
import Media

/// What a snoop channel is to hear, and where it goes (ARI operation `snoopChannel`).
public struct SnoopRequest: Sendable {
    /// Whose audio, as seen from the target: `in` is what it says, `out` what it hears.
    public enum Direction: String, Sendable {
        case none
        case `in`
        case out
        case both

        var hasIn: Bool { self == .in || self == .both }
        var hasOut: Bool { self == .out || self == .both }
    }

    public var id: String?
    public var spy: Direction
    public var whisper: Direction
    public var application: String
    public var arguments: [String]
    /// The application and its arguments as the dialplan would show them.
    public var data: String

    public init(id: String?, spy: Direction, whisper: Direction, application: String, arguments: [String], data: String) {
        self.id = id
        self.spy = spy
        self.whisper = whisper
        self.application = application
        self.arguments = arguments
        self.data = data
    }

    var directions: SnoopDirections {
        SnoopDirections(spiesIn: spy.hasIn, spiesOut: spy.hasOut, whispersIn: whisper.hasIn, whispersOut: whisper.hasOut)
    }
}

/// The leg of a snoop channel: it says what is spied on the target, and what it hears is whispered to it. It ends with the target.
@CallActor
final class SnoopLeg: ChannelLeg {
    weak var channel: Channel?
    let port: (any MediaPort)?
    private let ear: Eavesdropper
    var sampleRate: Int { ear.target?.leg?.sampleRate ?? 8_000 }

    init(channel: Channel, target: Channel, directions: SnoopDirections) throws {
        self.channel = channel
        let ports = try channel.core.media.openPipe(
            first: { [weak channel] event in CallActor.assumeIsolated { channel?.legMediaEvent(event) } }, second: { _ in })
        port = ports.first
        ear = Eavesdropper(on: target, through: ports.second, directions) { [weak channel] in
            channel?.requestHangup(cause: .normalClearing, by: .silent)
        }
    }

    func call() -> Bool { false }
    func answer() {}
    func indicate(_ indication: ChannelIndication) {}

    func hangUp(cause: HangupCause) {
        port?.close()
        ear.end()
    }
}

extension CallCore {
    /// Makes a channel that listens in on another one and hands it to an application.
    ///
    /// - Throws: ``DialRefusal`` when there are too many channels or no media ports.
    public func snoop(on target: Channel, _ request: SnoopRequest) throws(DialRefusal) -> Channel {
        guard channels.count < settings.channelLimit else { throw .channelLimit }
        let channel = makeChannel(
            id: request.id, name: "Snoop/\(target.id)-\(nextNameSerial())", technology: "Snoop",
            setup: ChannelSetup(
                state: .up, isOutbound: false, language: target.language, location: DialplanLocation(context: "default", extension: "s"),
                requesterID: target.id))
        do {
            attach(try SnoopLeg(channel: channel, target: target, directions: request.directions), to: channel)
        } catch {
            channel.requestHangup(cause: .congestion, by: .silent)
            throw .noMedia("\(error)")
        }
        channel.applications.insert(request.application)
        channel.publish()
        afterThisTurn { [weak channel] in
            guard let channel, !channel.isGone else { return }
            channel.enter(.application(name: request.application, arguments: request.arguments, data: request.data))
        }
        return channel
    }
}
