internal import GRDB

/// Moves configurations between their type and the tables.
///
/// Single values lie in `settings` where they differ from the default, lists of texts in `setting_values`, music classes in
/// `music_classes`, and lists of mappings in tables of their own (`ListTable`).
enum ConfigurationTables {
    private static let music = "music"
    private static let valueLists = [
        "sounds", "rtp.localNetworks", "ari.allowedOrigins", "ari.channelVariables", "remoteMedia.hosts", "security.neverBlock",
        "sip.codecs", "rtp.iceServers",
    ]

    /// Reads the whole configuration.
    ///
    /// - Throws: `ConfigurationErrors` when rows hold values that cannot be used, `DatabaseError`.
    static func read(from db: Database) throws -> Configuration {
        let (configuration, wrong) = try readUsable(from: db)
        guard wrong.isEmpty else { throw ConfigurationErrors(wrong) }
        return configuration
    }

    /// Reads what can be used of the configuration, with the default for the rest, and the errors of the rest.
    static func readUsable(from db: Database) throws -> (Configuration, wrong: [ConfigurationProblem]) {
        var reader = DocumentReader()
        var configuration = Configuration()
        configuration.read(try document(from: db), path: "", reader: &reader)
        let checks = CrossCheck.problems(of: configuration, without: reader.problems).filter { $0.severity == .error }
        return (configuration, reader.problems + checks)
    }

    private static func document(from db: Database) throws -> DocumentNode {
        var tree = DocumentTree()
        for row in try Row.fetchAll(db, sql: "SELECT name, value FROM settings") {
            tree.insert(DocumentNode(database: row["value"]), at: row["name"] ?? "")
        }
        for name in valueLists {
            let values = try Row.fetchAll(
                db, sql: "SELECT value FROM setting_values WHERE name = ? ORDER BY position", arguments: [name])
            tree.insert(DocumentNode(.list(values.map { DocumentNode(database: $0["value"]) })), at: name)
        }
        let classes = try Row.fetchAll(db, sql: "SELECT name, folder FROM music_classes").map {
            DocumentNode.Entry($0["name"] ?? "", DocumentNode(database: $0["folder"]))
        }
        tree.insert(DocumentNode(.map(classes)), at: music)
        for table in ListTable.all { tree.insert(try table.read(from: db), at: table.path) }
        return tree.node
    }

    /// Replaces stored sections.
    ///
    /// - Parameters:
    ///   - sections: the keys of the sections; nil: all.
    ///   - version: the last migration that has been carried out.
    static func write(_ configuration: Configuration, sections: Set<String>?, to db: Database, version: Int = .max) throws {
        let everything = configuration.document(.everything)
        let changes = configuration.document(.changesOnly)
        for section in Configuration.fields.map(\.key) where sections?.contains(section) ?? true {
            try db.execute(
                sql: """
                    DELETE FROM settings WHERE name = :section OR name LIKE :section || '.%';
                    DELETE FROM setting_values WHERE name = :section OR name LIKE :section || '.%'
                    """, arguments: ["section": section])
            if let node = changes[section] { try writeSettings(node, name: section, to: db) }
            for name in valueLists where name == section || name.hasPrefix(section + ".") {
                try writeValues(everything.at(path: name)?.texts ?? [], name: name, to: db)
            }
            for table in ListTable.all
            where table.version <= version && (table.path == section || table.path.hasPrefix(section + ".")) {
                try table.write(everything.at(path: table.path), to: db, version: version)
            }
        }
        if sections?.contains(music) ?? true { try writeMusic(configuration.music, to: db) }
    }

    /// Writes single values; lists and the music classes have tables of their own.
    private static func writeSettings(_ node: DocumentNode, name: String, to db: Database) throws {
        switch node.value {
        case .map(let entries) where name != music:
            for entry in entries { try writeSettings(entry.value, name: "\(name).\(entry.key)", to: db) }
        case .text, .integer, .flag:
            try db.execute(sql: "INSERT INTO settings VALUES (?, ?)", arguments: [name, node.databaseValue])
        case .map, .list, .null: break
        }
    }

    private static func writeValues(_ values: [String], name: String, to db: Database) throws {
        for (position, value) in values.enumerated() {
            try db.execute(sql: "INSERT INTO setting_values VALUES (?, ?, ?)", arguments: [name, position + 1, value])
        }
    }

    private static func writeMusic(_ music: [String: String], to db: Database) throws {
        try db.execute(sql: "DELETE FROM music_classes")
        for (name, folder) in music.sorted(by: { $0.key < $1.key }) {
            try db.execute(sql: "INSERT INTO music_classes VALUES (?, ?)", arguments: [name, folder])
        }
    }
}

/// Builds a mapping from values at dotted paths.
struct DocumentTree {
    private var values: [(key: String, node: DocumentNode)] = []
    private var groups: [String: DocumentTree] = [:]

    /// Adds a value; deeper levels are made as needed. An absent value (null) adds nothing.
    mutating func insert(_ node: DocumentNode, at path: String) {
        if case .null = node.value { return }
        guard let dot = path.firstIndex(of: ".") else { return values.append((path, node)) }
        groups[String(path[..<dot]), default: DocumentTree()].insert(node, at: String(path[path.index(after: dot)...]))
    }

    var node: DocumentNode {
        let single = values.map { DocumentNode.Entry($0.key, $0.node) }
        let inner = groups.sorted { $0.key < $1.key }.map { DocumentNode.Entry($0.key, $0.value.node) }
        return DocumentNode(.map(single + inner))
    }
}

extension DocumentNode {
    /// Reads a column.
    init(database value: DatabaseValue) {
        switch value.storage {
        case .null: self.init(.null)
        case .int64(let number): self.init(.integer(Int(number)))
        case .double(let number): self.init(.text(String(number)))
        case .string(let text): self.init(.text(text))
        case .blob(let data): self.init(.text(String(decoding: data, as: UTF8.self)))
        }
    }

    /// The value for a column; null for lists and mappings.
    var databaseValue: DatabaseValue {
        switch value {
        case .text(let text): text.databaseValue
        case .integer(let number): number.databaseValue
        case .flag(let flag): flag.databaseValue
        case .null, .list, .map: .null
        }
    }

    /// The items of a list of single values as texts.
    var texts: [String] {
        guard case .list(let items) = value else { return [] }
        return items.compactMap(\.scalarText)
    }
}
