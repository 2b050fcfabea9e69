/// Collects what is found while a document is turned into values: every problem, and where each key path stands.
struct DocumentReader {
    private(set) var problems: [ConfigurationProblem] = []
    private(set) var positions: [String: DocumentPosition] = [:]

    /// The name shown in problems; nil when the values do not come from a file.
    let fileName: String?
    /// Reads a file that the document refers to; nil where references make no sense.
    let readFile: (@Sendable (String) throws -> String)?

    init(fileName: String? = nil, readFile: (@Sendable (String) throws -> String)? = nil) {
        self.fileName = fileName
        self.readFile = readFile
    }

    /// Remembers where the value at `path` stands.
    mutating func visit(_ node: DocumentNode, at path: String) {
        if let position = node.position { positions[path] = position }
    }

    /// Adds an error about `path`, shown at `position`.
    mutating func report(_ message: String, advice: String, at path: String, position: DocumentPosition?) {
        problems.append(
            ConfigurationProblem(
                severity: .error, file: fileName, position: position, path: path, message: message, advice: advice))
    }

    /// Finds where a path stands, or else the nearest thing around it.
    func position(of path: String) -> DocumentPosition? {
        var path = path[...]
        while !path.isEmpty {
            if let position = positions[String(path)] { return position }
            guard let cut = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { return nil }
            path = path[..<cut]
        }
        return nil
    }

    /// Joins a mapping's path and one of its keys.
    static func join(_ path: String, _ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }
}
