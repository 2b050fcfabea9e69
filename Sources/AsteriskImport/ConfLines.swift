/// Reads a file line by line: comments taken out, blank lines left out, includes followed.
struct ConfLines {
    let load: (String) -> [ImportFile]
    private(set) var faults: [ImportRemark] = []
    private var fileCount = 0
    private var lineCount = 0
    /// The files that are being read, each included by the one before.
    private var trail: [String] = []

    init(load: @escaping (String) -> [ImportFile]) { self.load = load }

    /// - Parameter keepsComments: hands on lines as they are, blank ones too; only includes are followed.
    mutating func read(_ file: ImportFile, keepsComments: Bool = false, _ body: (Substring, ConfPlace) -> Void) {
        fileCount += 1
        trail.append(file.name)
        defer { trail.removeLast() }
        guard file.text.utf8.count <= ConfLimits.fileBytes else {
            return fault("", ConfPlace(file: file.name, line: 0), "the file is larger than \(ConfLimits.fileBytes >> 20) MiB")
        }
        var depth = 0
        for (index, whole) in file.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let place = ConfPlace(file: file.name, line: index + 1)
            lineCount += 1
            guard lineCount <= ConfLimits.lines else { return fault("", place, "there are too many lines") }
            guard whole.utf8.count <= ConfLimits.lineBytes else {
                fault(whole.prefix(60), place, "is too long")
                continue
            }
            let line = Self.strip(whole, depth: &depth).trimmed
            if line.hasPrefix("#") {
                follow(line, at: place, keepsComments: keepsComments, body)
            } else if keepsComments {
                body(whole, place)
            } else if !line.isEmpty {
                body(line, place)
            }
        }
    }

    /// Takes out `; comments` and `;-- block comments --;`; `\;` is a semicolon.
    private static func strip(_ line: Substring, depth: inout Int) -> Substring {
        var kept = ""
        var rest = line
        while let character = rest.first {
            if depth > 0, rest.hasPrefix("--;") {
                depth -= 1
                rest = rest.dropFirst(3)
            } else if depth == 0, rest.hasPrefix("\\;") {
                kept.append(";")
                rest = rest.dropFirst(2)
            } else if character == ";" {
                if rest.hasPrefix(";--"), !rest.hasPrefix(";---") {
                    depth += 1
                    rest = rest.dropFirst(3)
                } else if depth == 0 {
                    break
                } else {
                    rest = rest.dropFirst()
                }
            } else {
                if depth == 0 { kept.append(character) }
                rest = rest.dropFirst()
            }
        }
        return Substring(kept)
    }

    private mutating func follow(_ line: Substring, at place: ConfPlace, keepsComments: Bool, _ body: (Substring, ConfPlace) -> Void) {
        let word = line.prefix { $0 != " " && $0 != "\t" }
        let isOptional = word.lowercased() == "#tryinclude"
        guard isOptional || word.lowercased() == "#include" else {
            return fault(line, place, word.lowercased() == "#exec" ? "no programs are run" : "is not a known directive")
        }
        let name = String(line[word.endIndex...].trimmed.filter { !"\"<>".contains($0) })
        guard trail.count < ConfLimits.includeDepth else { return fault(line, place, "nests too deep") }
        let files = load(name)
        if files.isEmpty, !isOptional { fault(line, place, "names a file that can't be read") }
        for file in files {
            guard fileCount < ConfLimits.files else { return fault(line, place, "there are too many files") }
            guard !trail.contains(file.name) else {
                fault(line, place, "includes itself")
                continue
            }
            read(file, keepsComments: keepsComments, body)
        }
    }

    private mutating func fault(_ line: Substring, _ place: ConfPlace, _ reason: String) {
        faults.append(ImportRemark(place: place, text: String(line), reason: reason))
    }
}
