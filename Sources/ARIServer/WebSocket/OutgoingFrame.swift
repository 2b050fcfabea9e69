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

/// Whole frames, header and payload in one buffer.
///
/// A server's are not masked, so no encoder stands in the pipeline and a frame is written as it is (RFC 6455 section 5.2).
enum OutgoingFrame {
    static let headerLimit = 10

    /// Gives a frame as a client must send it: with a mask over its payload (RFC 6455 section 5.3).
    static func masked(_ frame: ByteBuffer, allocator: ByteBufferAllocator) -> ByteBuffer {
        let bytes = frame.readableBytesView
        guard bytes.count >= 2 else { return frame }
        let lengthBytes =
            switch bytes[bytes.startIndex + 1] {
            case 126: 2;
            case 127: 8;
            default: 0
            }
        let header = bytes.prefix(2 + lengthBytes)
        let mask = (0..<4).map { _ in UInt8.random(in: .min ... .max) }
        var result = allocator.buffer(capacity: bytes.count + 4)
        result.writeBytes(header)
        result.setInteger(bytes[bytes.startIndex + 1] | 0x80, at: result.readerIndex + 1)
        result.writeBytes(mask)
        result.writeBytes(bytes.dropFirst(header.count).enumerated().map { $0.element ^ mask[$0.offset & 3] })
        return result
    }

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
