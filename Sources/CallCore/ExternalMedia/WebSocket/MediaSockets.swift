import ARIModel
import Audio
import Dialplan
import Media

/// Channels whose audio goes over a WebSocket that a program opens to `/media/<connection id>`: `WebSocket/INCOMING[/options]`.
///
/// Options: `c(format)`; `n` not answered by the connection; `f(json)` control messages as JSON; `d(both|in|out)`.
@CallActor
public final class MediaSockets: ChannelTechnology {
    public let name = "WebSocket"
    private unowned let core: CallCore
    private var waiting: [String: MediaSocketLeg] = [:]

    init(core: CallCore) {
        self.core = core
    }

    public func makeChannel(for destination: String, request: OutboundRequest) throws(DialRefusal) -> Channel {
        let parts = destination.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts[0] == "INCOMING" else { throw .unknownDestination(destination) }
        let options = LetterOptions(parts.count > 1 ? parts[1] : "")
        guard let codec = options.codec(formats: request.formats, default: .pcmu) else { throw .noCommonCodec }
        let channel = core.makeChannel(
            id: request.channelID, name: "WebSocket/INCOMING/0x\(core.nextNameSerial())", technology: name,
            setup: ChannelSetup(
                state: .down, isOutbound: true, location: DialplanLocation(context: "default", extension: "s"),
                requesterID: request.requesterID))
        let leg: MediaSocketLeg
        do {
            leg = try MediaSocketLeg(channel: channel, connectionID: core.randomUUID(), codec: codec, options: options)
        } catch {
            channel.requestHangup(cause: .congestion, by: .silent)
            throw .noMedia("\(error)")
        }
        core.attach(leg, to: channel)
        waiting[leg.connectionID] = leg
        channel.setVariable("MEDIA_WEBSOCKET_CONNECTION_ID", leg.connectionID)
        channel.setVariable("MEDIA_WEBSOCKET_OPTIMAL_FRAME_SIZE", String(leg.frameBytes))
        channel.dialName = "WebSocket/INCOMING"
        channel.publish()
        return channel
    }

    /// Finds the channel that waits for a connection, and gives it to that; nil when none waits. Each connects once.
    public func accept(connectionID: String, _ transport: any MediaSocketTransport) -> MediaSocketLeg? {
        guard let leg = waiting[connectionID], !leg.isConnected else { return nil }
        leg.connected(transport)
        return leg
    }

    func remove(_ leg: MediaSocketLeg) { waiting[leg.connectionID] = nil }
}
