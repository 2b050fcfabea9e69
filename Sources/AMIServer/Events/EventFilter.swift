import AMI
import CallCore
import Dialplan

/// What a manager wants to hear of: a regular expression that the event's text has to match, or must not when it begins with `!`.
///
/// With `name(Hangup)`, `header(Channel)` and `action(exclude)` before it, as eventfilter of manager.conf may have, an event's name, or the
/// value of one header, is looked at.
struct EventFilter: Sendable {
    /// Filters of one manager, and bytes of one.
    static let limit = 100
    static let lengthLimit = 1_000
    /// Bytes of an event that are looked at.
    private static let textLimit = 16_384

    private enum Test {
        case text(BoundedRegex)
        case contains(String)
        case equals(String)
        case starts(String)
        case ends(String)
        case any
    }

    let isExclusion: Bool
    private let eventName: String?
    private let header: String?
    private let test: Test

    /// Nil when it can't be read.
    init?(_ text: String) {
        guard text.utf8.count <= Self.lengthLimit else { return nil }
        var rest = text.trimmingBlanks()
        var isExclusion = false
        if rest.hasPrefix("!") {
            isExclusion = true
            rest.removeFirst()
        }
        guard let regex = try? BoundedRegex(ExpandedText(rest)) else { return nil }
        self.init(isExclusion: isExclusion, eventName: nil, header: nil, test: .text(regex))
    }

    /// Reads `eventfilter(criteria) = expression`; the criteria are `action(…)`, `name(…)`, `header(…)` and `method(…)`.
    init?(criteria: String, expression: String) {
        guard criteria.utf8.count <= Self.lengthLimit, expression.utf8.count <= Self.lengthLimit else { return nil }
        var isExclusion = false
        var eventName: String?
        var header: String?
        var method = expression.isEmpty ? "none" : "regex"
        for part in criteria.matches(of: /([a-z]+)\(([^)]*)\)/) {
            let value = String(part.output.2)
            switch part.output.1 {
            case "action": isExclusion = value.lowercased() == "exclude"
            case "name": eventName = value
            case "header": header = value
            case "method": method = value.lowercased()
            default: return nil
            }
        }
        guard let test = Self.test(method, expression) else { return nil }
        self.init(isExclusion: isExclusion, eventName: eventName, header: header, test: test)
    }

    private static func test(_ method: String, _ expression: String) -> Test? {
        switch method {
        case "regex": (try? BoundedRegex(ExpandedText(expression))).map { .text($0) }
        case "exact": .equals(expression)
        case "starts_with": .starts(expression)
        case "ends_with": .ends(expression)
        case "contains": .contains(expression)
        case "none": .any
        default: nil
        }
    }

    private init(isExclusion: Bool, eventName: String?, header: String?, test: Test) {
        self.isExclusion = isExclusion
        self.eventName = eventName
        self.header = header
        self.test = test
    }

    @CallActor
    func matches(_ event: AMIEvent) -> Bool {
        if let eventName, eventName != event.name { return false }
        guard let header else { return passes(Self.text(event)) }
        return event.fields.contains { $0.name.lowercased() == header.lowercased() && passes($0.value) }
    }

    @CallActor
    private static func text(_ event: AMIEvent) -> String {
        var text = "Event: \(event.name)\r\nPrivilege: \(event.classes.privilege)\r\n"
        for field in event.fields where text.utf8.count < textLimit { text += "\(field.name): \(field.value.prefix(1_000))\r\n" }
        return text
    }

    private func passes(_ text: String) -> Bool {
        switch test {
        // One that would take too long matches nothing.
        case .text(let regex): (try? regex.matches(text)) ?? false
        case .contains(let part): text.contains(part)
        case .equals(let other): text == other
        case .starts(let start): text.hasPrefix(start)
        case .ends(let end): text.hasSuffix(end)
        case .any: true
        }
    }
}

extension [EventFilter] {
    /// With filters that include, an event has to pass one of them; with those that exclude, none.
    @CallActor
    func pass(_ event: AMIEvent) -> Bool {
        guard !isEmpty else { return true }
        let including = filter { !$0.isExclusion }
        guard including.isEmpty || including.contains(where: { $0.matches(event) }) else { return false }
        return !contains { $0.isExclusion && $0.matches(event) }
    }
}
