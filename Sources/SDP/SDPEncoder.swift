extension SessionDescription {
    /// Writes the description with CRLF at the end of each line.
    ///
    /// Line breaks and NULs inside values are left out, so that no value can add a line. Parsing the result gives the description back.
    public func encode() -> [UInt8] {
        var encoder = SDPEncoder()
        encoder.line("v", "0")
        encoder.line("o", origin.text)
        encoder.line("s", sessionName.isEmpty ? "-" : sessionName)
        let lines = SDPLine.ordered(otherLines)
        for line in lines where line.rank < 4 { encoder.line(line) }
        if let connection { encoder.line("c", connection.text) }
        for line in lines where (4...5).contains(line.rank) { encoder.line(line) }
        encoder.line("t", timing)
        for line in lines where line.rank > 5 { encoder.line(line) }
        for attribute in attributes { encoder.line(attribute) }
        for section in media { encoder.section(section) }
        return encoder.bytes
    }

    /// Gives the description as text; see `encode()`.
    public var text: String { String(decoding: encode(), as: UTF8.self) }
}

private struct SDPEncoder {
    var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(512) }

    mutating func line(_ type: Character, _ value: String) {
        bytes += String(type).utf8
        bytes.append(UInt8(ascii: "="))
        bytes += value.utf8.lazy.filter { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") && $0 != 0 }
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
    }

    mutating func line(_ line: SDPLine) { self.line(line.type, line.value) }

    mutating func line(_ attribute: SDPAttribute) {
        line("a", attribute.value.map { "\(attribute.name):\($0)" } ?? attribute.name)
    }

    mutating func section(_ section: MediaDescription) {
        let port = section.portCount.map { "\(section.port)/\($0)" } ?? "\(section.port)"
        line("m", ([section.media, port, section.transport] + section.formats).joined(separator: " "))
        let lines = SDPLine.ordered(section.otherLines)
        for line in lines where line.rank < 4 { self.line(line) }
        if let connection = section.connection { line("c", connection.text) }
        for line in lines where line.rank >= 4 { self.line(line) }
        for attribute in section.attributes { line(attribute) }
    }
}
