import ARIModel
import NIOCore

/// Writes answers as bytes.
struct HTTPResponseWriter: Sendable {
    var serverName: String

    /// Appends the whole answer to `buffer`, but for the body of a stream.
    ///
    /// - Parameters:
    ///   - date: The `Date` field's value.
    ///   - isHead: Whether the request was HEAD: the length is told but the body is left out.
    ///   - keepAlive: Nil leaves the `Connection` field out, true is for clients of HTTP/1.0.
    func write(_ response: HTTPResponse, date: String, isHead: Bool, keepAlive: Bool?, to buffer: inout ByteBuffer) {
        // Piece by piece: each answer comes here, and joining strings first costs more than the rest.
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(response.status))
        buffer.writeStaticString(" ")
        buffer.writeString(lineSafe(response.reason ?? reasonPhrase(response.status)))
        field("Server", serverName, to: &buffer)
        field("Date", date, to: &buffer)
        field("Cache-Control", "no-cache, no-store", to: &buffer)
        if let keepAlive { field("Connection", keepAlive ? "keep-alive" : "close", to: &buffer) }
        for one in response.fields { field(one.name, lineSafe(one.value), to: &buffer) }
        switch response.body {
        case .none:
            buffer.writeStaticString("\r\nContent-Length: 0\r\n\r\n")
        case .bytes(let bytes, let contentType):
            field("Content-type", contentType, to: &buffer)
            field("Content-Length", String(bytes.count), to: &buffer)
            buffer.writeStaticString("\r\n\r\n")
            if !isHead { buffer.writeBytes(bytes) }
        case .stream(let stream):
            field("Content-type", stream.contentType, to: &buffer)
            field("Content-Length", String(stream.byteCount), to: &buffer)
            buffer.writeStaticString("\r\n\r\n")
        }
    }

    /// Ends the line before and writes a field without the end of its own line.
    private func field(_ name: String, _ value: String, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("\r\n")
        buffer.writeString(name)
        buffer.writeStaticString(": ")
        buffer.writeString(value)
    }

    /// Keeps a value that came from elsewhere from ending its line.
    private func lineSafe(_ text: String) -> String {
        text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
            ? String(decoding: text.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self) : text
    }
}

/// Formats the `Date` field (RFC 9110 section 5.6.7), keeping the text for the current second.
struct HTTPDate {
    private var second: Int64 = -1
    private var text = ""

    mutating func string(epochMs: Int64) -> String {
        let now = epochMs / 1000
        if now != second {
            second = now
            text = HTTPDate.format(epochSeconds: now)
        }
        return text
    }

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func format(epochSeconds: Int64) -> String {
        // The time stamp of ARI has all the numbers: YYYY-MM-DDThh:mm:ss.
        let seconds = max(0, min(epochSeconds, 253_402_300_799))
        let stamp = Array(Timestamp(epochMs: seconds * 1000).description.utf8)
        func part(_ range: Range<Int>) -> String { String(decoding: stamp[range], as: UTF8.self) }
        let month = Int(part(5..<7)).map { months[($0 - 1) % 12] } ?? ""
        let day = days[Int(seconds / 86_400 % 7)]
        return "\(day), \(part(8..<10)) \(month) \(part(0..<4)) \(part(11..<19)) GMT"
    }
}
