internal import Yams

/// Turns YAML text into a document.
enum YAMLReader {
    /// Reads the one document of a YAML text.
    ///
    /// - Throws: a problem with its position when the text is no YAML or is beyond a limit.
    static func document(_ text: String, fileName: String?) throws(ConfigurationErrors) -> DocumentNode {
        guard text.utf8.count <= ConfigurationLimits.fileBytes else {
            throw failure(
                "is larger than \(ConfigurationLimits.fileBytes) bytes", "Put the dialplan into files of its own.", fileName)
        }
        var text = text
        text.makeContiguousUTF8()
        do {
            // The basic resolver leaves scalars as texts, so that 0123 stays an extension.
            guard let root = try Yams.compose(yaml: text, .basic) else {
                throw failure("is empty", "Write at least one section.", fileName)
            }
            var budget = ConfigurationLimits.values
            return try convert(root, depth: 0, budget: &budget, fileName: fileName)
        } catch let error as ConfigurationErrors {
            throw error
        } catch {
            throw failure(describing: error, text: text, fileName)
        }
    }

    private static func convert(
        _ node: Node, depth: Int, budget: inout Int, fileName: String?
    ) throws(ConfigurationErrors) -> DocumentNode {
        let position = node.mark.map { DocumentPosition(line: $0.line, column: $0.column) }
        budget -= 1
        guard depth < ConfigurationLimits.nesting, budget > 0 else {
            throw failure("is nested too deeply or has too many values", "Write it more simply.", fileName, position)
        }
        switch node {
        case .scalar(let scalar):
            let nulls: Set = ["", "~", "null", "Null", "NULL"]
            let isNull = scalar.style != .singleQuoted && scalar.style != .doubleQuoted && nulls.contains(scalar.string)
            return DocumentNode(isNull ? .null : .text(scalar.string), position: position)
        case .sequence(let sequence):
            var items: [DocumentNode] = []
            for item in sequence {
                items.append(try convert(item, depth: depth + 1, budget: &budget, fileName: fileName))
            }
            return DocumentNode(.list(items), position: position)
        case .mapping(let mapping):
            var entries: [DocumentNode.Entry] = []
            for (key, value) in mapping {
                let keyPosition = key.mark.map { DocumentPosition(line: $0.line, column: $0.column) }
                guard let name = key.string else {
                    throw failure("has a key that is no text", "Write a plain name before the colon.", fileName, keyPosition)
                }
                let value = try convert(value, depth: depth + 1, budget: &budget, fileName: fileName)
                entries.append(DocumentNode.Entry(name, value, keyPosition: keyPosition))
            }
            return DocumentNode(.map(entries), position: position)
        case .alias:
            throw failure("has an alias that leads nowhere", "Write the values out.", fileName, position)
        }
    }

    private static func failure(
        _ message: String, _ advice: String, _ fileName: String?, _ position: DocumentPosition? = nil
    ) -> ConfigurationErrors {
        ConfigurationErrors([
            ConfigurationProblem(
                severity: .error, file: fileName, position: position, path: "", message: "the file \(message)", advice: advice)
        ])
    }

    private static func failure(describing error: any Error, text: String, _ fileName: String?) -> ConfigurationErrors {
        let advice = "Check quotes, brackets and colons here and in the line before, and indent with spaces."
        func at(_ mark: Mark) -> DocumentPosition { DocumentPosition(line: mark.line, column: mark.column) }
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            return failure("is not valid YAML: \(problem)", advice, fileName, at(mark))
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            let names = keys.sorted().joined(separator: ", ")
            return failure("has a key twice in one mapping: \(names)", "Keep one of them.", fileName, at(context.mark))
        case YamlError.reader(let problem, let offset, _, _):
            return failure(
                "has a character that YAML does not allow: \(problem)", "Remove it.", fileName,
                offset.map { position(ofCharacter: $0, in: text) })
        default:
            return failure("cannot be read as YAML", advice, fileName)
        }
    }

    private static func position(ofCharacter offset: Int, in text: String) -> DocumentPosition {
        let before = text.prefix(max(0, offset))
        let line = before.count(where: \.isNewline) + 1
        return DocumentPosition(line: line, column: before.reversed().prefix { !$0.isNewline }.count + 1)
    }
}
