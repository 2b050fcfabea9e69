import Foundation

/// A SIP message as the test peer sees it: lines of text, read without the code under test.
struct RawMessage: CustomStringConvertible {
    let startLine: String
    let headers: [(name: String, value: String)]
    let body: String

    init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        startLine = lines[0]
        headers = lines.dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (
                line[..<colon].trimmingCharacters(in: .whitespaces).lowercased(),
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            )
        }
        body = String(text[end.upperBound...])
    }

    subscript(name: String) -> String? { headers.first { $0.name == name.lowercased() }?.value }

    func all(_ name: String) -> [String] { headers.filter { $0.name == name.lowercased() }.map(\.value) }

    /// The status of a response; nil for a request.
    var status: Int? { startLine.hasPrefix("SIP/2.0 ") ? Int(startLine.dropFirst(8).prefix(3)) : nil }

    /// The method of a request, or that in the CSeq of a response.
    var method: String { status == nil ? String(startLine.prefix { $0 != " " }) : String(self["cseq"]?.split(separator: " ").last ?? "") }

    var target: String { startLine.components(separatedBy: " ").dropFirst().first ?? "" }

    var toTag: String? { self["to"].flatMap { Self.tag($0) } }
    var fromTag: String? { self["from"].flatMap { Self.tag($0) } }

    /// The URI inside a Contact.
    var contactURI: String? {
        guard let contact = self["contact"], let open = contact.firstIndex(of: "<"), let close = contact.firstIndex(of: ">") else {
            return nil
        }
        return String(contact[contact.index(after: open)..<close])
    }

    var audioPort: Int? {
        body.components(separatedBy: "\r\n").first { $0.hasPrefix("m=audio ") }.flatMap { Int($0.split(separator: " ")[1]) }
    }

    static func tag(_ value: String) -> String? {
        value.components(separatedBy: ";tag=").dropFirst().first.map { String($0.prefix { $0 != ";" }) }
    }

    var description: String { "\(startLine)\n\(headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n"))\n\n\(body)" }
}
