import NIOCore
import NIOHTTP1

/// A complete HTTP/1.x request.
struct HTTPRequest: Sendable {
    /// Bytes of the request line and of each header field.
    static let lineLimit = 4096
    /// Header fields of one request.
    static let fieldLimit = 100
    /// Bytes of a body, whether its length is told or it comes in chunks.
    static let bodyLimit = 40_960

    /// What the decoder itself refuses; the number of fields is above ``fieldLimit`` so that this one can be told apart.
    static var decoderLimits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = lineLimit
        limits.maxHeaderListSize = 64 * 1024
        limits.maxHeaderFieldCount = 2 * fieldLimit
        return limits
    }

    let head: HTTPRequestHead
    var body: [UInt8] = []

    init(_ head: HTTPRequestHead) {
        self.head = head
    }

    /// The method as written; methods are case-sensitive.
    var method: String { head.method.rawValue }

    /// The target without scheme and authority (RFC 9112 section 3.2).
    var target: String {
        guard let scheme = ["http://", "https://"].first(where: head.uri.hasPrefix) else { return head.uri }
        return head.uri.dropFirst(scheme.count).firstIndex(of: "/").map { String(head.uri[$0...]) } ?? "/"
    }

    /// Returns the value of the first header field of that name (written in any case), or nil.
    func field(_ name: String) -> String? {
        head.headers.first(name: name).map(trimmed)
    }

    /// Tells whether a comma-separated header field contains `token`, in any case.
    func field(_ name: String, contains token: String) -> Bool {
        head.headers[canonicalForm: name].contains { trimmed(String($0)).lowercased() == token }
    }

    /// Whether the client may speak another protocol after this request. The decoder stops reading HTTP behind such a one, so the
    /// connection either changes its protocol or ends.
    var asksForUpgrade: Bool {
        head.method == .CONNECT || head.headers.contains(name: "Upgrade") && field("Connection", contains: "upgrade")
    }

    /// The media type of the body in lower case, without parameters; nil when not told.
    var contentType: String? {
        field("Content-Type").map { mediaType($0) }
    }
}

/// Takes the parameters off a media type; the result is in lower case.
func mediaType(_ text: String) -> String {
    trimmed(String(text.prefix { $0 != ";" })).lowercased()
}

/// Returns `text` without blanks and tabs around it.
func trimmed(_ text: String) -> String {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    let utf8 = text.utf8
    guard let first = utf8.firstIndex(where: { !isBlank($0) }), let last = utf8.lastIndex(where: { !isBlank($0) }) else { return "" }
    return first == utf8.startIndex && utf8.index(after: last) == utf8.endIndex ? text : String(text[first...last])
}

/// Why a request can't be taken; the connection ends after the answer.
enum HTTPRequestFault: Error, Sendable, Hashable {
    case malformed
    case lineTooLong
    case tooManyFields
    case bodyTooLarge
    case unknownMethod
    case unknownTransferCoding
    case unsupportedVersion

    init(_ error: HTTPParserError) {
        self =
            switch error {
            case .headerOverflow: .lineTooLong
            case .invalidMethod: .unknownMethod
            case .invalidVersion: .unsupportedVersion
            default: .malformed
            }
    }

    /// Checks what the decoder lets through.
    static func check(_ head: HTTPRequestHead) -> HTTPRequestFault? {
        if head.headers.count > HTTPRequest.fieldLimit { return .tooManyFields }
        if head.uri.utf8.count > HTTPRequest.lineLimit { return .lineTooLong }
        if let coding = head.headers.first(name: "Transfer-Encoding"), trimmed(coding).lowercased() != "chunked" {
            return .unknownTransferCoding
        }
        if let length = head.headers.first(name: "Content-Length").flatMap({ Int($0) }), length > HTTPRequest.bodyLimit {
            return .bodyTooLarge
        }
        return nil
    }
}
