/// A place in a file of the reference, counted from 1.
public struct ConfPlace: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var file: String
    public var line: Int

    public static func < (one: ConfPlace, other: ConfPlace) -> Bool { (one.file, one.line) < (other.file, other.line) }

    public var description: String { "\(file):\(line)" }
}

/// One `key = value` or `key => value` line.
struct ConfEntry: Sendable, Equatable {
    /// In small letters.
    var key: String
    var value: String
    var place: ConfPlace
}

/// A `[name]` with its lines, those of its templates first.
struct ConfSection: Sendable {
    var name: String
    var place: ConfPlace
    var entries: [ConfEntry]

    /// The last value of a key, which is the one that counts.
    subscript(key: String) -> String? { entries.last { $0.key == key }?.value }
}

/// Bounds on what is read of files that somebody else wrote.
enum ConfLimits {
    static let fileBytes = 8 << 20
    static let files = 1_000
    static let includeDepth = 32
    static let lines = 1_000_000
    static let lineBytes = 8_192
    static let sections = 100_000
    /// Lines that templates add, all sections together.
    static let inheritedLines = 2_000_000
}

/// A file of sections as the reference reads it: comments taken out, includes followed, templates filled in.
struct ConfFile: Sendable {
    private(set) var sections: [ConfSection] = []
    /// Lines that can't be used, with the reason.
    private(set) var faults: [ImportRemark] = []
    private var templates: [String: Int] = [:]
    private var isTemplate: [Bool] = []
    private var current: Int?
    private var inheritedLines = 0

    /// - Parameter load: gives the files that an include names.
    init(_ name: String, text: String, load: @escaping (String) -> [ImportFile]) {
        var lines = ConfLines(load: load)
        lines.read(ImportFile(name: name, text: text)) { take($0, at: $1) }
        faults += lines.faults
        sections = zip(sections, isTemplate).filter { !$0.1 }.map(\.0)
    }

    private mutating func take(_ line: Substring, at place: ConfPlace) {
        if line.hasPrefix("[") { return open(line, at: place) }
        guard let current else { return fault(line, place, "stands before the first section") }
        guard let equals = line.firstIndex(of: "=") else { return fault(line, place, "is no `key = value`") }
        var value = line[line.index(after: equals)...]
        if value.first == ">" { value = value.dropFirst() }
        let key = line[..<equals].trimmed.lowercased()
        guard !key.isEmpty else { return fault(line, place, "is no `key = value`") }
        sections[current].entries.append(ConfEntry(key: key, value: String(value.trimmed), place: place))
    }

    /// `[name]`, `[name](!)`, `[name](template,other)`, `[name](+)`.
    private mutating func open(_ line: Substring, at place: ConfPlace) {
        current = nil
        guard let close = line.firstIndex(of: "]") else { return fault(line, place, "has no closing bracket") }
        let name = String(line[line.index(after: line.startIndex)..<close].trimmed)
        let rest = line[line.index(after: close)...].trimmed
        let options =
            rest.hasPrefix("(") && rest.hasSuffix(")") ? rest.dropFirst().dropLast().split(separator: ",").map { String($0.trimmed) } : []
        guard sections.count < ConfLimits.sections else { return fault(line, place, "is one section too many") }
        if options.contains("+"), let known = sections.lastIndex(where: { $0.name == name }) {
            current = known
            return
        }
        var section = ConfSection(name: name, place: place, entries: [])
        for option in options where option != "!" && option != "+" {
            guard let template = templates[option] else {
                fault(line, place, "names the template \(option), which is not there")
                continue
            }
            inheritedLines += sections[template].entries.count
            guard inheritedLines <= ConfLimits.inheritedLines else { return fault(line, place, "takes too much from templates") }
            section.entries += sections[template].entries
        }
        // Any section may serve as a template.
        templates[name] = sections.count
        current = sections.count
        sections.append(section)
        isTemplate.append(options.contains("!"))
    }

    private mutating func fault(_ line: Substring, _ place: ConfPlace, _ reason: String) {
        faults.append(ImportRemark(place: place, text: String(line), reason: reason))
    }
}

extension Substring {
    /// Without blanks at both ends.
    var trimmed: Substring {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }
        guard let start = firstIndex(where: { !isBlank($0) }), let end = lastIndex(where: { !isBlank($0) }) else { return "" }
        return self[start...end]
    }
}
