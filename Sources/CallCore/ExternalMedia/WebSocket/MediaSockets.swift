import ARIModel
import Audio
import Dialplan
import Media

/// Opens media WebSockets to programs that are known by name.
@CallActor
public protocol MediaSocketDialer: AnyObject {
    func knows(_ name: String) -> Bool
    /// Connects a channel to a program: ``MediaSocketLeg/connected(_:)`` is called before this returns.
    func connect(_ leg: MediaSocketLeg, to name: String) async throws
}

/// Channels whose audio goes over a WebSocket: one that a program opens to `/media/<connection id>` (`WebSocket/INCOMING[/options]`), or one
/// that we open to a program known by name (`WebSocket/<name>[/options]`).
///
/// Options: `c(format)`; `n` not answered by the connection; `f(json)` control messages as JSON; `d(both|in|out)`.
@CallActor
public final class MediaSockets: ChannelTechnology {
    public let name = "WebSocket"
    private unowned let core: CallCore
    private var waiting: [String: MediaSocketLeg] = [:]
    /// Opens connections to programs, where that is possible.
    public weak var dialer: (any MediaSocketDialer)?
    private static let incoming = "INCOMING"

    init(core: CallCore) {
        self.core = core
    }

    public func makeChannel(for destination: String, request: OutboundRequest) throws(DialRefusal) -> Channel {
        let parts = destination.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let program = parts[0] == Self.incoming ? nil : parts[0]
        if let program, dialer?.knows(program) != true { throw .unknownDestination(destination) }
        let options = LetterOptions(parts.count > 1 ? parts[1] : "")
        guard let codec = options.codec(formats: request.formats, default: .pcmu) else { throw .noCommonCodec }
        let channel = core.makeChannel(
            id: request.channelID, name: "WebSocket/\(parts[0])/0x\(core.nextNameSerial())", technology: name,
            setup: ChannelSetup(
                state: .down, isOutbound: true, location: DialplanLocation(context: "default", extension: "s"),
                requesterID: request.requesterID))
        let leg: MediaSocketLeg
        do {
            leg = try MediaSocketLeg(channel: channel, connectionID: core.randomUUID(), codec: codec, options: options, program: program)
        } catch {
            channel.requestHangup(cause: .congestion, by: .silent)
            throw .noMedia("\(error)")
        }
        core.attach(leg, to: channel)
        if program == nil { waiting[leg.connectionID] = leg }
        channel.setVariable("MEDIA_WEBSOCKET_CONNECTION_ID", leg.connectionID)
        channel.setVariable("MEDIA_WEBSOCKET_OPTIMAL_FRAME_SIZE", String(leg.frameBytes))
        channel.dialName = "WebSocket/\(parts[0])"
        channel.publish()
        return channel
    }

    /// Finds the channel that waits for a connection, and gives it to that; nil when none waits. Each connects once.
    public func accept(connectionID: String, _ transport: any MediaSocketTransport) -> MediaSocketLeg? {
        guard let leg = waiting[connectionID], !leg.isConnected else { return nil }
        leg.connected(transport)
        return leg
    }

    /// Whether there is a program of that name to connect to.
    public func knows(_ name: String) -> Bool { dialer?.knows(name) ?? false }

    func remove(_ leg: MediaSocketLeg) { waiting[leg.connectionID] = nil }
}
