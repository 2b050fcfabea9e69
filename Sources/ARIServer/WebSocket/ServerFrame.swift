import NIOCore
import NIOWebSocket

/// The close codes that are sent here (RFC 6455 section 7.4.1).
public enum WebSocketCloseCode: UInt16, Sendable {
    case normal = 1000
    case goingAway = 1001
    case protocolError = 1002
    case invalidData = 1007
    case policyViolation = 1008
    case tooBig = 1009
    case tryAgainLater = 1013
}

/// Whole frames as a server sends them, header and payload in one buffer.
///
/// They are not masked, so no encoder stands in the pipeline and a frame is written as it is (RFC 6455 section 5.2).
enum ServerFrame {
    static let headerLimit = 10

    static func writeHeader(_ opcode: WebSocketOpcode, length: Int, to buffer: inout ByteBuffer) {
        buffer.writeInteger(0x80 | UInt8(webSocketOpcode: opcode))
        if length < 126 {
            buffer.writeInteger(UInt8(truncatingIfNeeded: length))
        } else if length <= Int(UInt16.max) {
            buffer.writeInteger(UInt8(126))
            buffer.writeInteger(UInt16(truncatingIfNeeded: length))
        } else {
            buffer.writeInteger(UInt8(127))
            buffer.writeInteger(UInt64(length))
        }
    }

    static func encode(_ opcode: WebSocketOpcode, _ payload: some Collection<UInt8>, allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: payload.count + headerLimit)
        writeHeader(opcode, length: payload.count, to: &buffer)
        buffer.writeBytes(payload)
        return buffer
    }

    static func encodeClose(_ code: WebSocketCloseCode, reason: String = "", allocator: ByteBufferAllocator) -> ByteBuffer {
        let payload = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)] + Array(reason.utf8.prefix(123))
        return encode(.connectionClose, payload, allocator: allocator)
    }
}
