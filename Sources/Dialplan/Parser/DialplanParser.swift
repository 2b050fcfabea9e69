/// Reads the extensions.conf language.
///
/// Does no I/O: files that `#include` names are asked for through a closure. Every bad line is told with file, line
/// and reason; with any error there is no dialplan, so what is in force stays in force.
public struct DialplanParser {
    private let applications: [String: String]
    private let warnsOfUnknownApplications: Bool
    private let limits: DialplanLimits
    private let load: (String) -> [DialplanSource]

    /// - Parameters:
    ///   - knownApplications: The registered names of the host's applications; others are warned about.
    ///     Nil knows all. What the interpreter itself runs is always known.
    ///   - load: Gives the files an `#include` names (several for a wildcard), none when it cannot.
    public init(
        knownApplications: [String]? = nil, limits: DialplanLimits = DialplanLimits(),
        load: @escaping (String) -> [DialplanSource] = { _ in [] }
    ) {
        var applications: [String: String] = [:]
        for name in (knownApplications ?? []) + FlowApplication.allCases.map(\.rawValue) {
            applications[name.asciiLowercased] = name
        }
        self.applications = applications
        warnsOfUnknownApplications = knownApplications != nil
        self.limits = limits
        self.load = load
    }

    /// Reads a file and all it includes.
    public func parse(_ source: DialplanSource) -> DialplanParseResult {
        var log = DiagnosticLog(limit: limits.maxDiagnostics)
        var lines = SourceLines(limits: limits, load: load)
        var reader = SectionReader(limits: limits, applications: applications)
        lines.read(source, log: &log) { line, place, log in reader.read(line, at: place, log: &log) }
        let dialplan = reader.dialplan
        DialplanReview(dialplan: dialplan, warnsOfUnknownApplications: warnsOfUnknownApplications).run(log: &log)
        return DialplanParseResult(dialplan: log.hasErrors ? nil : dialplan, diagnostics: log.diagnostics)
    }

    /// Reads one text without includes.
    public func parse(_ text: String, name: String = "extensions.conf") -> DialplanParseResult {
        parse(DialplanSource(name: name, text: text))
    }
}
