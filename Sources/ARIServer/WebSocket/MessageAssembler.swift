import NIOCore
import NIOWebSocket

/// What a client sent over a WebSocket, put together from its frames.
enum WebSocketMessage: Sendable, Hashable {
    case text(String)
    case binary([UInt8])
    case ping([UInt8])
    case pong
    /// The code is nil when the client gave none.
    case close(UInt16?)
}

/// Why a WebSocket must be closed.
struct WebSocketFault: Error, Sendable, Hashable {
    let code: WebSocketCloseCode
    let reason: String
}

/// Joins the frames of the far end to messages and checks what the frame decoder leaves open (RFC 6455 section 5).
struct MessageAssembler {
    /// Bytes of payload in one message, all fragments together.
    let messageLimit: Int
    /// Whether the far end is a client, which must mask its frames as a server must not.
    let isFromClient: Bool
    /// The kind and the payload so far of a message that comes in fragments.
    private var fragments: (opcode: WebSocketOpcode, payload: [UInt8])?

    init(messageLimit: Int, isFromClient: Bool = true) {
        self.messageLimit = messageLimit
        self.isFromClient = isFromClient
    }

    /// Takes a frame; returns the message that it completes, if any.
    mutating func take(_ frame: WebSocketFrame) throws(WebSocketFault) -> WebSocketMessage? {
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else { throw fault("reserved bits are set") }
        guard (frame.maskKey != nil) == isFromClient else { throw fault(isFromClient ? "frame is not masked" : "frame is masked") }
        let payload = Array(frame.unmaskedData.readableBytesView)
        switch frame.opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong
        case .connectionClose:
            guard payload.count != 1 else { throw fault("close frame with half a code") }
            return .close(payload.count < 2 ? nil : UInt16(payload[0]) << 8 | UInt16(payload[1]))
        case .text, .binary:
            guard fragments == nil else { throw fault("message within a fragmented one") }
            guard payload.count <= messageLimit else { throw tooBig }
            if frame.fin { return try message(frame.opcode, payload) }
            fragments = (frame.opcode, payload)
            return nil
        case .continuation: return try goOn(payload, isLast: frame.fin)
        default: throw fault("unknown opcode")
        }
    }

    private mutating func goOn(_ payload: [UInt8], isLast: Bool) throws(WebSocketFault) -> WebSocketMessage? {
        guard let opcode = fragments?.opcode, let received = fragments?.payload.count else { throw fault("continuation of nothing") }
        guard received + payload.count <= messageLimit else { throw tooBig }
        fragments?.payload.append(contentsOf: payload)
        guard isLast else { return nil }
        let whole = fragments?.payload ?? []
        fragments = nil
        return try message(opcode, whole)
    }

    private func message(_ opcode: WebSocketOpcode, _ payload: [UInt8]) throws(WebSocketFault) -> WebSocketMessage {
        guard opcode == .text else { return .binary(payload) }
        guard let text = String(validating: payload, as: UTF8.self) else {
            throw WebSocketFault(code: .invalidData, reason: "text is not UTF-8")
        }
        return .text(text)
    }

    private var tooBig: WebSocketFault { WebSocketFault(code: .tooBig, reason: "message is too big") }
    private func fault(_ reason: String) -> WebSocketFault { WebSocketFault(code: .protocolError, reason: reason) }
}
