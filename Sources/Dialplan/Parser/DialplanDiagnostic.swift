/// Something wrong or doubtful in a dialplan file, and where.
public struct DialplanDiagnostic: Sendable, Hashable, CustomStringConvertible {
    public enum Severity: String, Sendable, Hashable {
        /// The dialplan is not usable.
        case error
        /// The dialplan works, perhaps not as meant.
        case warning
    }

    public let severity: Severity
    public let file: String
    /// Counts from 1; 0 when it is about the whole file.
    public let line: Int
    public let reason: String

    public var description: String { "\(file):\(line): \(severity.rawValue): \(reason)" }
}

/// What parsing gives: a dialplan, or the reasons why there is none.
public struct DialplanParseResult: Sendable {
    /// Nil when there is any error, so that the caller keeps what it had.
    public let dialplan: Dialplan?
    /// In the order found; at most ``DialplanLimits/maxDiagnostics``.
    public let diagnostics: [DialplanDiagnostic]

    public var errors: [DialplanDiagnostic] { diagnostics.filter { $0.severity == .error } }
    public var warnings: [DialplanDiagnostic] { diagnostics.filter { $0.severity == .warning } }
}

/// A place in a file.
struct SourcePlace: Sendable {
    let file: String
    let line: Int
}

/// Collects diagnostics up to the limit; remembers whether any was an error.
struct DiagnosticLog {
    private(set) var diagnostics: [DialplanDiagnostic] = []
    private(set) var hasErrors = false
    let limit: Int

    init(limit: Int) { self.limit = limit }

    mutating func add(_ severity: DialplanDiagnostic.Severity, _ reason: String, at place: SourcePlace) {
        if severity == .error { hasErrors = true }
        guard diagnostics.count < limit else { return }
        diagnostics.append(DialplanDiagnostic(severity: severity, file: place.file, line: place.line, reason: reason))
    }
}
