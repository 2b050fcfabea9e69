import CallCore
import Dialplan
import Store

/// Turns the dialplan texts of a configuration into one dialplan.
enum DialplanLoading {
    /// Parses all parts as one text, so that a context may go on in another part.
    static func parse(_ configuration: Configuration) -> DialplanParseResult {
        let parts = configuration.compiledDialplan
        let parser = DialplanParser(knownApplications: CallCore.applicationNames) { name in
            parts.filter { $0.name == name }.map { DialplanSource(name: $0.name, text: $0.text) }
        }
        let root = parts.map { "#include \"\($0.name)\"" }.joined(separator: "\n")
        return parser.parse(DialplanSource(name: "dialplan", text: root))
    }

    /// What is wrong with the dialplan of a configuration, as problems of the configuration.
    static func problems(_ configuration: Configuration) -> [ConfigurationProblem] {
        parse(configuration).diagnostics.map { diagnostic in
            ConfigurationProblem(
                severity: diagnostic.severity == .error ? .error : .warning, file: diagnostic.file,
                position: DocumentPosition(line: diagnostic.line, column: 1), path: "dialplan", message: diagnostic.reason,
                advice: "")
        }
    }
}
