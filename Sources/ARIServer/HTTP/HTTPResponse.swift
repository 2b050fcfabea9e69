import ARIModel

/// An answer on its way to the client.
struct HTTPResponse: Sendable {
    enum Body: Sendable {
        case none
        case bytes([UInt8], contentType: String)
        case stream(ByteStream)
    }

    var status: Int
    /// The reason phrase; nil for the usual one of the status.
    var reason: String?
    /// Further header fields in the order in which they are written.
    var fields: [NamedValue] = []
    var body: Body = .none
    /// Whether the connection ends after this answer.
    var closes = false

    /// Makes a small HTML page, which is what the HTTP server itself answers outside of ARI.
    static func page(_ status: Int, _ text: String, fields: [NamedValue] = [], serverName: String, closes: Bool = false) -> HTTPResponse {
        let title = "\(status) \(reasonPhrase(status))"
        let html = """
            <!DOCTYPE html>
            <html><head><title>\(title)</title></head>
            <body><h1>\(title)</h1><p>\(htmlEscaped(text))</p><hr><address>\(htmlEscaped(serverName))</address></body></html>

            """
        return HTTPResponse(
            status: status, fields: fields, body: .bytes(Array(html.utf8), contentType: "text/html; charset=utf-8"), closes: closes)
    }
}

private func htmlEscaped(_ text: String) -> String {
    text.reduce(into: "") { output, character in
        switch character {
        case "&": output += "&amp;"
        case "<": output += "&lt;"
        case ">": output += "&gt;"
        default: output.append(character)
        }
    }
}

/// Returns the usual reason phrase of a status code.
func reasonPhrase(_ status: Int) -> String {
    switch status {
    case 101: "Switching Protocols"
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 406: "Not Acceptable"
    case 409: "Conflict"
    case 412: "Precondition Failed"
    case 413: "Request Entity Too Large"
    case 422: "Unprocessable Entity"
    case 426: "Upgrade Required"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    case 505: "HTTP Version Not Supported"
    default: "Status"
    }
}
