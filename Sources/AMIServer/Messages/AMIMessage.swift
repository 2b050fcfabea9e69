import AMI
import NIOCore

/// A message to a client: fields in order. What others chose can end no line: bytes below the blank are sent as blanks.
struct AMIMessage: Sendable, Equatable {
    /// Bytes of one value; more are cut off.
    static let valueLimit = 4_096

    var fields: [AMIRequest.Field]

    init(_ fields: [AMIRequest.Field] = []) { self.fields = fields }

    mutating func add(_ name: String, _ value: String) { fields.append(.init(name, value)) }

    mutating func add(_ more: [AMIRequest.Field]) { fields += more }

    func write(to buffer: inout ByteBuffer) {
        for field in fields {
            Self.write(field.name, to: &buffer)
            buffer.writeStaticString(": ")
            Self.write(field.value, to: &buffer)
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString("\r\n")
    }

    private static func write(_ text: String, to buffer: inout ByteBuffer) {
        var text = text
        text.withUTF8 { bytes in
            let bytes = bytes.prefix(valueLimit)
            if bytes.allSatisfy({ $0 >= 0x20 }) {
                buffer.writeBytes(bytes)
            } else {
                buffer.writeBytes(bytes.lazy.map { $0 < 0x20 ? 0x20 : $0 })
            }
        }
    }

    static func success(_ message: String? = nil, _ fields: [AMIRequest.Field] = []) -> AMIMessage {
        AMIMessage([.init("Response", "Success")] + (message.map { [.init("Message", $0)] } ?? []) + fields)
    }

    static func error(_ message: String) -> AMIMessage { AMIMessage([.init("Response", "Error"), .init("Message", message)]) }
}
