import ARIModel
import CallCore
import NIOCore

/// A stream of server-sent events (WHATWG HTML, section 9.2) for one page: `ari` for each event of ARI, `live` for the state, about once
/// a second while it changes.
enum EventFeed {
    private static let stateIntervalMs = 1_000
    /// A page that reads too slowly loses the oldest ones, and is told so by the numbers of those that come.
    private static let bufferLimit = 1_000

    @CallActor
    static func open(_ core: CallCore, live: @escaping @CallActor @Sendable () -> JSONValue) -> AsyncStream<ByteBuffer> {
        let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self, bufferingPolicy: .bufferingNewest(bufferLimit))
        var number = 0
        let observation = core.events.observe { event in
            number += 1
            continuation.yield(message("ari", id: number, event.head + [UInt8(ascii: "}")]))
        }
        let states = Task { @CallActor in
            var last: [UInt8] = []
            while !Task.isCancelled {
                let state = live().encodedJSON()
                // A comment keeps the connection open while nothing changes.
                continuation.yield(state == last ? ByteBuffer(string: ":\n\n") : message("live", id: nil, state))
                last = state
                try? await Task.sleep(for: .milliseconds(stateIntervalMs))
            }
        }
        continuation.onTermination = { _ in
            states.cancel()
            Task { @CallActor in observation.end() }
        }
        return stream
    }

    private static func message(_ kind: String, id: Int?, _ json: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        if let id { buffer.writeString("id: \(id)\n") }
        buffer.writeString("event: \(kind)\ndata: ")
        buffer.writeBytes(json)
        buffer.writeString("\n\n")
        return buffer
    }
}
