/// What the body of a message is to a session.
enum SessionBody: Sendable, Hashable {
    case none
    case description([UInt8])
    /// A body of another type that must not be ignored: 415.
    case unsupported

    static let contentType = "application/sdp"
    /// The most parts of a multipart body that are looked at.
    static let maximumParts = 16

    /// Finds the session description in a body, alone or as a part of a multipart one (RFC 5621).
    init(headers: SIPHeaders, body: [UInt8]) {
        guard !body.isEmpty else {
            self = .none
            return
        }
        if let coding = headers[.contentEncoding], !coding.isEqualIgnoringASCIICase(to: "identity") {
            self = .unsupported
            return
        }
        let type = headers[.contentType] ?? Self.contentType
        if Self.isType(type, Self.contentType) {
            self = .description(body)
        } else if type.asciiLowercased.hasPrefix("multipart/"), let boundary = Self.boundary(of: type) {
            self = Self.part(of: body, boundary: boundary).map { .description($0) } ?? .none
        } else {
            let disposition = headers["Content-Disposition"]?.asciiLowercased ?? ""
            self = disposition.contains("handling=optional") ? .none : .unsupported
        }
    }

    var description: [UInt8]? {
        if case .description(let bytes) = self { bytes } else { nil }
    }

    private static func isType(_ value: String, _ type: String) -> Bool {
        let bytes = value.utf8.span
        let end = bytes.find(.semicolon, from: 0, to: bytes.count) ?? bytes.count
        return bytes.equalsIgnoringCase(bytes.trimmed(0..<end), type)
    }

    private static func boundary(of type: String) -> String? {
        let bytes = type.utf8.span
        guard var position = bytes.find(.semicolon, from: 0, to: bytes.count),
            let parameters = SIPParameters(readingHeaderParameters: bytes, at: &position, end: bytes.count),
            let boundary = parameters["boundary"], !boundary.isEmpty
        else { return nil }
        return boundary
    }

    /// The content of the first application/sdp part.
    private static func part(of body: [UInt8], boundary: String) -> [UInt8]? {
        let text = body[...]
        let delimiter = Array("--\(boundary)".utf8)
        var starts: [Int] = []
        var position = text.startIndex
        while position <= text.endIndex - delimiter.count, starts.count <= maximumParts {
            if text[position...].starts(with: delimiter), position == 0 || text[position - 1] == .lineFeed {
                starts.append(position)
                position += delimiter.count
            } else {
                position += 1
            }
        }
        for (start, end) in zip(starts, starts.dropFirst()) {
            if let content = sdp(inPart: text[(start + delimiter.count)..<end]) { return content }
        }
        return nil
    }

    private static func sdp(inPart part: ArraySlice<UInt8>) -> [UInt8]? {
        let blank: [UInt8] = [.carriageReturn, .lineFeed, .carriageReturn, .lineFeed]
        guard let headerEnd = part.indices.first(where: { part[$0...].starts(with: blank) }) else { return nil }
        let lines = part[..<headerEnd].split { $0 == .lineFeed || $0 == .carriageReturn }
            .map { String(decoding: $0, as: UTF8.self).asciiLowercased }
        let isSDP = lines.contains { line in
            line.hasPrefix("content-type:") && isType(String(line.dropFirst("content-type:".count)), contentType)
        }
        guard isSDP else { return nil }
        // The line break before the next delimiter belongs to the delimiter.
        var content = part[(headerEnd + blank.count)...]
        if content.last == .lineFeed { content.removeLast() }
        if content.last == .carriageReturn { content.removeLast() }
        return Array(content)
    }
}
