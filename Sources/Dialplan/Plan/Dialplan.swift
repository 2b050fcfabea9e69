/// A whole dialplan, immutable and ready for lookups.
///
/// Made by ``DialplanParser``; a changed file makes a new value that replaces the old one at a stroke.
public struct Dialplan: Sendable {
    /// The settings of `[general]`.
    public let general: [String: String]
    /// The variables of `[globals]` in order, already substituted.
    public let globals: [(name: String, value: String)]
    /// The registered spelling of each known application by its name in lower case.
    let applications: [String: String]
    let contexts: [String: DialplanContext]

    init(
        general: [String: String], globals: [(name: String, value: String)], applications: [String: String],
        contexts: [String: DialplanContext]
    ) {
        self.general = general
        self.globals = globals
        self.applications = applications
        self.contexts = contexts
    }

    /// A dialplan without contexts.
    public static let empty = Dialplan(general: [:], globals: [], applications: [:], contexts: [:])

    public var contextNames: [String] { contexts.keys.sorted() }

    public func hasContext(_ name: String) -> Bool { contexts[name] != nil }

    /// All hints of all contexts, by context and order in the file.
    public var hints: [DialplanHint] {
        contexts.values.sorted { $0.name < $1.name }.flatMap { $0.extensions.compactMap(\.hint) }
    }

    /// The extensions of one context as written, in the order of the file; includes left out.
    public func extensions(in context: String) -> [(exten: String, priorities: [DialplanPriority])] {
        (contexts[context]?.extensions ?? []).map { ($0.fullName, $0.priorities) }
    }

    /// Adds the contexts of `other`; those of the same name are replaced. Globals and settings stay.
    public func merging(_ other: Dialplan) -> Dialplan {
        Dialplan(
            general: general, globals: globals, applications: applications.merging(other.applications) { first, _ in first },
            contexts: contexts.merging(other.contexts) { _, new in new })
    }

    /// Leaves one context out.
    public func removing(context: String) -> Dialplan {
        var contexts = contexts
        contexts[context] = nil
        return Dialplan(general: general, globals: globals, applications: applications, contexts: contexts)
    }

    /// The registered spelling of an application, or the name as it is when unknown.
    func registeredName(ofApplication name: String) -> String {
        applications[name.asciiLowercased] ?? name
    }
}
