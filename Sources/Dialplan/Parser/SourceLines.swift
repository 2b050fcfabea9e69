/// Reads files line by line: takes comments out and follows `#include`.
struct SourceLines {
    /// Gives the files that an `#include` names; none when there are none.
    let load: (String) -> [DialplanSource]
    let limits: DialplanLimits
    private var fileCount = 0
    /// The names of the files that are being read, each included by the one before.
    private var trail: [String] = []

    init(limits: DialplanLimits, load: @escaping (String) -> [DialplanSource]) {
        self.limits = limits
        self.load = load
    }

    /// Hands each line that is not blank to `body`, those of included files in their place.
    mutating func read(
        _ source: DialplanSource, log: inout DiagnosticLog,
        body: (ArraySlice<UInt8>, SourcePlace, inout DiagnosticLog) -> Void
    ) {
        fileCount += 1
        trail.append(source.name)
        defer { trail.removeLast() }
        guard source.text.utf8.count <= limits.maxFileBytes else {
            return log.add(
                .error, "the file is larger than \(limits.maxFileBytes) bytes", at: SourcePlace(file: source.name, line: 0))
        }
        var comments = CommentRemover()
        let bytes = Array(source.text.utf8)
        let lines = bytes.split(separator: ASCII.newline, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let place = SourcePlace(file: source.name, line: index + 1)
            guard line.count <= limits.maxLineBytes else {
                log.add(.error, "the line is longer than \(limits.maxLineBytes) bytes", at: place)
                continue
            }
            let bare = index == 0 && line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line
            let text = comments.strip(bare, line: index + 1).trimmed
            if text.isEmpty { continue }
            if text.first == ASCII.hash {
                follow(text, at: place, log: &log, body: body)
            } else {
                body(text, place, &log)
            }
        }
        if let start = comments.openLine {
            log.add(.error, "the block comment that starts here has no '--;'", at: SourcePlace(file: source.name, line: start))
        }
    }

    private mutating func follow(
        _ directive: ArraySlice<UInt8>, at place: SourcePlace, log: inout DiagnosticLog,
        body: (ArraySlice<UInt8>, SourcePlace, inout DiagnosticLog) -> Void
    ) {
        let word = directive.prefix { !$0.isBlank }
        switch word.lowercasedText {
        case "#include", "#tryinclude":
            let name = Self.unquoted(directive[word.endIndex...].trimmed).text
            guard !name.isEmpty else { return log.add(.error, "\(word.text) names no file", at: place) }
            guard trail.count <= limits.maxIncludeDepth else {
                return log.add(.error, "#include nests deeper than \(limits.maxIncludeDepth)", at: place)
            }
            let files = load(name)
            if files.isEmpty, word.count == "#include".utf8.count {
                log.add(.error, "the file '\(name)' cannot be read", at: place)
            }
            for file in files {
                guard fileCount < limits.maxFiles else {
                    return log.add(.error, "more than \(limits.maxFiles) files", at: place)
                }
                if let first = trail.firstIndex(of: file.name) {
                    let circle = (trail[first...] + [file.name]).joined(separator: "' → '")
                    log.add(.error, "the file includes itself: '\(circle)'", at: place)
                    continue
                }
                read(file, log: &log, body: body)
            }
        case "#exec": log.add(.error, "#exec is refused: a dialplan runs no programs", at: place)
        default: log.add(.error, "the directive \(word.text) is not known", at: place)
        }
    }

    private static func unquoted(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard name.count >= 2, let first = name.first, let last = name.last else { return name }
        let isQuoted = first == ASCII.quote && last == ASCII.quote || first == ASCII.less && last == ASCII.greater
        return isQuoted ? name.dropFirst().dropLast() : name
    }
}

/// Takes out `; comments` and `;-- block comments --;`, which nest, and turns `\;` into a semicolon.
struct CommentRemover {
    private var depth = 0
    /// The line where an unfinished block comment started.
    private(set) var openLine: Int?

    mutating func strip(_ line: ArraySlice<UInt8>, line number: Int) -> [UInt8] {
        var kept: [UInt8] = []
        let bytes = Array(line)
        var index = 0
        while index < bytes.count {
            if depth > 0, bytes[index...].starts(with: "--;".utf8) {
                depth -= 1
                if depth == 0 { openLine = nil }
                index += 3
            } else if bytes[index] == ASCII.semicolon {
                let isBlock = bytes[index...].starts(with: ";--".utf8) && !bytes[index...].starts(with: ";---".utf8)
                if depth == 0, kept.last == ASCII.backslash {
                    kept[kept.count - 1] = ASCII.semicolon
                    index += 1
                } else if isBlock {
                    if depth == 0 { openLine = number }
                    depth += 1
                    index += 3
                } else if depth == 0 {
                    break
                } else {
                    index += 1
                }
            } else {
                if depth == 0 { kept.append(bytes[index]) }
                index += 1
            }
        }
        return kept
    }
}
