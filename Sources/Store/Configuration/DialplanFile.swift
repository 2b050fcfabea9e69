extension Configuration {
    /// A part of the dialplan, in the language of extensions.conf.
    public struct DialplanFile: Sendable, Equatable {
        /// Shown in errors about the text, such as `extensions.conf`.
        public var name = ""
        public var text = ""

        public init() {}

        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }
}

extension Configuration.DialplanFile: Record {
    static let fields: [Field<Self>] = [
        Field("name", \.name, .text(.word("dialplan file name", maxBytes: 100, also: "_.-"))),
        Field("text", \.text, .lines(maxBytes: ConfigurationLimits.dialplanFileBytes)),
        Field(alternative: "file", .text(.path)) { path, node, keyPath, file, reader in
            file.readText(from: path, node: node, keyPath: keyPath, reader: &reader)
        },
    ]

    /// Takes the text from a file; its name becomes the part's name unless one is given.
    private mutating func readText(from path: String, node: DocumentNode, keyPath: String, reader: inout DocumentReader) {
        guard let readFile = reader.readFile else {
            return reader.report(
                "refers to a file, which is not possible here", advice: "Give the dialplan as `text: |`.", at: keyPath,
                position: node.position)
        }
        guard text.isEmpty else {
            return reader.report(
                "stands beside `text`", advice: "Keep one of them.", at: keyPath, position: node.position)
        }
        do {
            let content = DocumentNode(.text(try readFile(path)), position: node.position)
            text = Shape.lines(maxBytes: ConfigurationLimits.dialplanFileBytes).decode(content, keyPath, &reader) ?? ""
        } catch {
            reader.report(
                "cannot be read: \(error)", advice: "Paths are relative to the folder of this YAML file.", at: keyPath,
                position: node.position)
        }
        if name.isEmpty { name = path.split(separator: "/").last.map(String.init) ?? "" }
    }
}

extension Shape where Value == String {
    /// Text of several lines; other line ends become `\n`.
    static func lines(maxBytes: Int) -> Shape {
        let rule = TextRule(
            name: "text", requirement: "Use at most \(maxBytes) bytes of printable characters, tabs and line ends.",
            maxBytes: maxBytes, allowsLines: true, accepts: { _ in true })
        let shape = Shape.text(rule)
        return Shape(
            typeName: "text of lines",
            decode: { node, path, reader in
                guard case .text(let text) = node.value else { return shape.decode(node, path, &reader) }
                let lines = text.utf8.contains(UInt8(ascii: "\r")) ? unixLines(text) : text
                return shape.decode(DocumentNode(.text(lines), position: node.position), path, &reader)
            },
            encode: shape.encode)
    }

    private static func unixLines(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var afterReturn = false
        for scalar in text.unicodeScalars {
            if scalar == "\r" {
                scalars.append("\n")
            } else if !(scalar == "\n" && afterReturn) {
                scalars.append(scalar)
            }
            afterReturn = scalar == "\r"
        }
        return String(scalars)
    }
}
