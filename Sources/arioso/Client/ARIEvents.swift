import ARIModel
import NIOCore
import NIOWebSocket

/// The events of one application, in order.
struct ARIEvents: Sendable {
    let channel: any NIOCore.Channel
    let events: AsyncStream<JSONValue>

    /// Waits for the next event of a type; those between are skipped.
    ///
    /// - Throws: that it did not come in time, or that the WebSocket closed.
    func next(_ type: String, withinS: Int) async throws -> JSONValue {
        try await withThrowingTaskGroup(of: JSONValue.self) { group in
            group.addTask {
                for await event in events where event["type"]?.string == type { return event }
                throw ARIClientError("the WebSocket closed before \(type) came")
            }
            group.addTask {
                try await Task.sleep(for: .seconds(withinS))
                throw ARIClientError("no \(type) within \(withinS) seconds")
            }
            defer { group.cancelAll() }
            guard let event = try await group.next() else { throw ARIClientError("no \(type)") }
            return event
        }
    }

    func close() async {
        try? await channel.close()
    }
}

/// Takes events from the WebSocket to whoever waits for them.
struct EventReader: Sendable {
    let events: AsyncStream<JSONValue>
    private let arrival: AsyncStream<JSONValue>.Continuation

    private let tell: @Sendable (String, String) -> Void

    init(tell: @escaping @Sendable (String, String) -> Void) {
        self.tell = tell
        (events, arrival) = AsyncStream.makeStream()
    }

    func take(_ text: [UInt8]) {
        guard let event = try? JSONParser.parse(text) else { return tell("event", "something that is no JSON") }
        tell("event", Self.summary(event))
        arrival.yield(event)
    }

    func finish() { arrival.finish() }

    /// The type and the fields that tell the story.
    private static func summary(_ event: JSONValue) -> String {
        var parts = [event["type"]?.string ?? "without a type"]
        if let channel = event["channel"] {
            parts.append("channel \(channel["name"]?.string ?? "?") (\(channel["id"]?.string ?? "?"), \(channel["state"]?.string ?? "?"))")
        }
        if let playback = event["playback"] {
            parts.append("playback \(playback["media_uri"]?.string ?? "?") (\(playback["state"]?.string ?? "?"))")
        }
        if let cause = event["cause"]?.int { parts.append("cause \(cause)") }
        return parts.joined(separator: ", ")
    }
}

/// Reads text messages from a WebSocket, and answers pings and closing.
final class WebSocketReader: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let reader: EventReader

    init(_ reader: EventReader) {
        self.reader = reader
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        switch frame.opcode {
        case .text: reader.take([UInt8](frame.unmaskedData.readableBytesView))
        case .ping: send(.pong, frame.unmaskedData, context)
        case .connectionClose:
            send(.connectionClose, frame.unmaskedData, context)
            context.close(promise: nil)
        default: break
        }
    }

    private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
        // What a client sends must be masked (RFC 6455 section 5.3).
        context.writeAndFlush(Self.wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        reader.finish()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
