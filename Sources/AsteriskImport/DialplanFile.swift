import Dialplan
import Store

// extensions.conf: the dialplan is the same language, so it stays text; what can't be used of it becomes a comment.
extension AsteriskImport {
    /// Rounds of taking out lines that can't be used: one line can hide the faults of another.
    private static let rounds = 50

    mutating func importDialplan(_ file: ImportFile) {
        var reader = ConfLines(load: loadFiles)
        var lines: [(text: String, place: ConfPlace)] = []
        reader.read(file, keepsComments: true) { lines.append((String($0), $1)) }
        addFaults(reader.faults)
        var warnings: [DialplanDiagnostic] = []
        for _ in 0..<Self.rounds {
            let text = lines.map(\.text).joined(separator: "\n") + "\n"
            let parsed = DialplanParser(knownApplications: knownApplications.sorted()).parse(DialplanSource(name: file.name, text: text))
            warnings = parsed.warnings
            let wrong = parsed.errors.filter { lines.indices.contains($0.line - 1) && !lines[$0.line - 1].text.hasPrefix(";") }
            guard !wrong.isEmpty else { break }
            for fault in wrong where !lines[fault.line - 1].text.hasPrefix("; not taken over") {
                let line = lines[fault.line - 1]
                addFaults([
                    ImportRemark(
                        place: line.place, text: line.text.split(separator: ";").first.map(String.init) ?? "", reason: fault.reason)
                ])
                lines[fault.line - 1].text = "; not taken over: \(line.text)"
            }
        }
        for warning in warnings where lines.indices.contains(warning.line - 1) {
            addFaults([ImportRemark(place: lines[warning.line - 1].place, text: "", reason: warning.reason)])
        }
        configuration.dialplan = [Configuration.DialplanFile(name: file.name, text: lines.map(\.text).joined(separator: "\n") + "\n")]
    }
}
