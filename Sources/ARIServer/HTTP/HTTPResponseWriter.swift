import ARIModel
import NIOCore

/// Writes answers as bytes.
struct HTTPResponseWriter: Sendable {
    var serverName: String

    /// Appends the whole answer to `buffer`.
    ///
    /// - Parameters:
    ///   - date: The `Date` field's value.
    ///   - isHead: Whether the request was HEAD: the length is told but the body is left out.
    ///   - keepAlive: Nil leaves the `Connection` field out, true is for clients of HTTP/1.0.
    func write(_ response: HTTPResponse, date: String, isHead: Bool, keepAlive: Bool?, to buffer: inout ByteBuffer) {
        buffer.writeString(
            "HTTP/1.1 \(response.status) \(lineSafe(response.reason ?? reasonPhrase(response.status)))\r\nServer: \(serverName)\r\nDate: \(date)\r\nCache-Control: no-cache, no-store\r\n"
        )
        if let keepAlive { buffer.writeString(keepAlive ? "Connection: keep-alive\r\n" : "Connection: close\r\n") }
        for field in response.fields { buffer.writeString("\(field.name): \(lineSafe(field.value))\r\n") }
        switch response.body {
        case .none:
            buffer.writeString("Content-Length: 0\r\n\r\n")
        case .bytes(let bytes, let contentType):
            buffer.writeString("Content-type: \(contentType)\r\nContent-Length: \(bytes.count)\r\n\r\n")
            if !isHead { buffer.writeBytes(bytes) }
        }
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
