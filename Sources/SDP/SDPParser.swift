/// Reads a description line by line and gathers its parts.
struct SDPParser {
    private var hasVersion = false
    private var origin: SDPOrigin?
    private var sessionName: String?
    private var connection: SDPConnection?
    private var timing: String?
    private var attributes: [SDPAttribute] = []
    private var otherLines: [SDPLine] = []
    private var media: [MediaDescription] = []

    mutating func parse(_ bytes: [UInt8]) throws(SDPError) {
        guard bytes.count <= SDPLimits.bytes else { throw .tooLong(bytes: bytes.count) }
        var number = 0
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            number += 1
            guard number <= SDPLimits.lines else { throw .tooManyLines }
            var line = bytes[start..<end]
            if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
            guard line.count <= SDPLimits.lineBytes else { throw .lineTooLong(line: number) }
            try take(line, number)
            start = end + 1
        }
    }

    mutating func finish() throws(SDPError) -> SessionDescription {
        guard hasVersion else { throw .missingVersion }
        guard let origin else { throw .missingOrigin }
        for index in media.indices { media[index].otherLines = SDPLine.ordered(media[index].otherLines) }
        return SessionDescription(
            origin: origin, sessionName: sessionName ?? "-", connection: connection, timing: timing ?? "0 0",
            attributes: attributes, otherLines: SDPLine.ordered(otherLines), media: media)
    }

    private mutating func take(_ line: ArraySlice<UInt8>, _ number: Int) throws(SDPError) {
        if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == 0 }) { return }
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z"), capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard line.count >= 2, let letter = line.first, letters.contains(letter) || capitals.contains(letter),
            line[line.startIndex + 1] == UInt8(ascii: "=")
        else { throw .badLine(line: number) }
        // A NUL can stand in no line; it is left out so that no one who writes C strings is fooled.
        let value = String(decoding: line.dropFirst(2).filter { $0 != 0 && $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        switch letter {
        case UInt8(ascii: "m"): try takeMedia(value, number)
        case UInt8(ascii: "a"): try takeAttribute(value, number)
        case UInt8(ascii: "c"): try takeConnection(value, number)
        default:
            let kept = SDPLine(Character(Unicode.Scalar(letter)), value)
            if media.isEmpty { try takeSessionLine(kept, number) } else { media[media.count - 1].otherLines.append(kept) }
        }
    }

    private mutating func takeSessionLine(_ line: SDPLine, _ number: Int) throws(SDPError) {
        switch line.type {
        case "v":
            guard line.value.words == ["0"] else { throw .badVersion(line: number) }
            hasVersion = true
        case "o" where origin == nil:
            guard let parsed = SDPOrigin(parsing: line.value) else { throw .badOrigin(line: number) }
            origin = parsed
        case "s" where sessionName == nil: sessionName = line.value.isEmpty ? "-" : line.value
        case "t" where timing == nil: timing = line.value
        default: otherLines.append(line)
        }
    }

    private mutating func takeAttribute(_ value: String, _ number: Int) throws(SDPError) {
        let parts = value.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(decoding: parts[0], as: UTF8.self)
        let attribute = SDPAttribute(name, parts.count == 2 ? String(decoding: parts[1], as: UTF8.self) : nil)
        let count = media.last?.attributes.count ?? attributes.count
        guard count < SDPLimits.attributes else { throw .tooManyAttributes(line: number) }
        if media.isEmpty { attributes.append(attribute) } else { media[media.count - 1].attributes.append(attribute) }
    }

    private mutating func takeConnection(_ value: String, _ number: Int) throws(SDPError) {
        guard let parsed = SDPConnection(parsing: value) else { throw .badConnection(line: number) }
        if media.isEmpty {
            if connection == nil { connection = parsed } else { otherLines.append(SDPLine("c", value)) }
        } else if media[media.count - 1].connection == nil {
            media[media.count - 1].connection = parsed
        } else {
            media[media.count - 1].otherLines.append(SDPLine("c", value))
        }
    }

    private mutating func takeMedia(_ value: String, _ number: Int) throws(SDPError) {
        guard media.count < SDPLimits.mediaSections else { throw .tooManyMediaSections(line: number) }
        let words = value.words
        guard words.count >= 4 else { throw .badMedia(line: number) }
        guard words.count - 3 <= SDPLimits.formats else { throw .tooManyFormats(line: number) }
        let ports = words[1].utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard ports.count <= 2, let port = UInt16(String(decoding: ports[0], as: UTF8.self)) else { throw .badMedia(line: number) }
        var portCount: Int?
        if ports.count == 2 {
            guard let count = UInt16(String(decoding: ports[1], as: UTF8.self)) else { throw .badMedia(line: number) }
            portCount = Int(count)
        }
        media.append(
            MediaDescription(
                media: words[0], port: Int(port), portCount: portCount, transport: words[2],
                formats: Array(words.dropFirst(3))))
    }
}

extension String {
    /// The parts between spaces and tabs.
    var words: [String] {
        utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.map { String(decoding: $0, as: UTF8.self) }
    }
}

extension SDPConnection {
    init?(parsing text: String) {
        let words = text.words
        guard words.count == 3, words[0] == "IN", let type = SDPAddressType(rawValue: words[1]) else { return nil }
        let parts = words[2].utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        let address = String(decoding: parts[0], as: UTF8.self)
        guard !address.isEmpty else { return nil }
        self.init(type: type, address: address, suffix: parts.count == 2 ? String(decoding: parts[1], as: UTF8.self) : nil)
    }
}

extension SDPOrigin {
    /// Reads the value of an o= line; numbers beyond 64 bits, which some devices send, are cut to their last 18 digits.
    init?(parsing text: String) {
        let words = text.words
        guard words.count == 6, words[3] == "IN", let type = SDPAddressType(rawValue: words[4]),
            let id = Self.number(words[1]), let version = Self.number(words[2])
        else { return nil }
        self.init(username: words[0], sessionID: id, version: version, address: words[5])
        self.type = type
    }

    private static func number(_ text: String) -> UInt64? {
        if let value = UInt64(text), text.utf8.first != UInt8(ascii: "+") { return value }
        guard text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else { return nil }
        return UInt64(text.suffix(18))
    }
}

extension SDPLine {
    /// Where a session line belongs (RFC 4566 section 5); unknown letters come last.
    var rank: Int {
        switch type {
        case "i": 0
        case "u": 1
        case "e": 2
        case "p": 3
        case "c": 4
        case "b": 5
        case "t", "r": 6
        case "z": 7
        case "k": 8
        default: 9
        }
    }

    /// Returns lines in the order in which RFC 4566 wants them, those of one kind as they came.
    static func ordered(_ lines: [SDPLine]) -> [SDPLine] {
        lines.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element)
    }
}
