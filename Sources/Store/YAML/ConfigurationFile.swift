/// A YAML file with settings, read and checked: some or all sections of a configuration.
///
/// A section that is present replaces the stored one, a section that is absent leaves it as it is.
public struct ConfigurationFile: Sendable {
    /// The sections that the file has, by their key.
    public let sections: Set<String>
    /// What the file should be looked at for although it can be used.
    public let warnings: [ConfigurationProblem]

    private let values: Configuration
    private let reader: DocumentReader

    /// Reads a file from disk; `file:` in it is relative to its folder.
    ///
    /// - Throws: every error of the file at once, in the order of its lines.
    public static func load(contentsOf path: String) throws(ConfigurationErrors) -> ConfigurationFile {
        let text: String
        do {
            text = try TextFile.read(path, maxBytes: ConfigurationLimits.fileBytes)
        } catch {
            throw ConfigurationErrors([
                ConfigurationProblem(
                    severity: .error, file: path, path: "", message: "the file cannot be read: \(error)",
                    advice: "Check the path and its permissions.")
            ])
        }
        return try load(text, name: path, folder: TextFile.folder(of: path))
    }

    /// Reads YAML text.
    ///
    /// - Parameters:
    ///   - name: shown in errors.
    ///   - folder: where `file:` is looked up; nil: such references are errors.
    /// - Throws: every error of the text at once, in the order of its lines.
    public static func load(
        _ yaml: String, name: String? = nil, folder: String? = nil
    ) throws(ConfigurationErrors) -> ConfigurationFile {
        let document = try YAMLReader.document(yaml, fileName: name)
        var reader = DocumentReader(fileName: name, readFile: folder.map(TextFile.reader(in:)))
        var values = Configuration()
        let sections = values.read(document, path: "", reader: &reader) ?? []
        let found = CrossCheck.problems(of: values, sections: sections, without: reader.problems).map { locate($0, reader) }
        let errors = reader.problems + found.filter { $0.severity == .error }
        guard errors.isEmpty else { throw ConfigurationErrors(errors) }
        return ConfigurationFile(
            sections: sections, warnings: found.filter { $0.severity == .warning }, values: values, reader: reader)
    }

    /// Puts the file's sections in place of those of a configuration.
    ///
    /// - Throws: errors that show only in the whole, such as a port that another section uses.
    public func merged(onto stored: Configuration) throws(ConfigurationErrors) -> Configuration {
        var result = stored
        for field in Configuration.fields where sections.contains(field.key) { field.copy(values, &result) }
        let errors = CrossCheck.problems(of: result).filter { $0.severity == .error }
        guard errors.isEmpty else { throw ConfigurationErrors(errors.map { Self.locate($0, reader) }) }
        return result
    }

    /// Writes a configuration as YAML: every section, and in it each key that differs from its default.
    ///
    /// Applying the text to any configuration gives the same configuration again. It contains the passwords.
    public static func export(_ configuration: Configuration) -> String {
        let entries = Configuration.fields.compactMap { field in
            field.encode(configuration, .changesOnly).map { DocumentNode.Entry(field.key, $0) }
        }
        return YAMLWriter.block(DocumentNode(.map(entries)))
    }

    private static func locate(_ problem: ConfigurationProblem, _ reader: DocumentReader) -> ConfigurationProblem {
        guard let position = reader.position(of: problem.path) else { return problem }
        var problem = problem
        problem.file = reader.fileName
        problem.position = position
        return problem
    }
}
