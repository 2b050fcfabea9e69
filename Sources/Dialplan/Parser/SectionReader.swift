/// Reads sections and the lines within them.
struct SectionReader {
    private enum Section {
        case none
        case general
        case globals
        case context(Int)
    }

    private let limits: DialplanLimits
    private let applications: [String: String]
    private var section = Section.none
    private var general: [String: String] = [:]
    private var globals = GlobalsDraft()
    private var contexts: [ContextDraft] = []
    private var contextPositions: [String: Int] = [:]
    private var priorityCount = 0
    /// The extension that `same` goes on with.
    private var lastExtension: ExtensionName?
    private var lastPriority: Int?

    init(limits: DialplanLimits, applications: [String: String]) {
        self.limits = limits
        self.applications = applications
    }

    var dialplan: Dialplan {
        Dialplan(
            general: general, globals: globals.list, applications: applications,
            contexts: Dictionary(contexts.map { ($0.name, $0.built) }) { first, _ in first })
    }

    mutating func read(_ line: ArraySlice<UInt8>, at place: SourcePlace, log: inout DiagnosticLog) {
        if line.first == ASCII.leftBracket { return open(line, at: place, log: &log) }
        guard let equals = line.firstIndex(of: ASCII.equals) else {
            return log.add(.error, "'\(line.text)' is neither a section nor 'name = value'", at: place)
        }
        let name = line[..<equals].trimmed
        var value = line[(equals + 1)...]
        if value.first == ASCII.greater { value = value.dropFirst() }
        let trimmedValue = value.trimmed
        guard !name.isEmpty else { return log.add(.error, "there is no name before '='", at: place) }
        switch section {
        case .none: log.add(.error, "the line stands before any [section]", at: place)
        case .general: general[name.lowercasedText] = trimmedValue.text
        case .globals: globals.add(name.text, trimmedValue) { log.add(.warning, $0, at: place) }
        case .context(let index): read(name.lowercasedText, trimmedValue, into: index, at: place, log: &log)
        }
    }

    private mutating func open(_ line: ArraySlice<UInt8>, at place: SourcePlace, log: inout DiagnosticLog) {
        lastExtension = nil
        lastPriority = nil
        guard let close = line.firstIndex(of: ASCII.rightBracket) else {
            return log.add(.error, "'[' has no ']'", at: place)
        }
        let options = line[(close + 1)...].trimmed
        if !options.isEmpty, options.text != "(+)" {
            log.add(.error, "'\(options.text)' after a section is not supported; write the lines out", at: place)
        }
        let name = line[(line.startIndex + 1)..<close].trimmed.text
        switch name {
        case "": log.add(.error, "the section has no name", at: place)
        case "general": section = .general
        case "globals": section = .globals
        default:
            if let index = contextPositions[name] {
                section = .context(index)
            } else if contexts.count < limits.maxContexts {
                contextPositions[name] = contexts.count
                section = .context(contexts.count)
                contexts.append(ContextDraft(name: name))
            } else {
                log.add(.error, "more than \(limits.maxContexts) contexts", at: place)
                section = .none
            }
        }
    }

    private mutating func read(
        _ keyword: String, _ value: ArraySlice<UInt8>, into context: Int, at place: SourcePlace, log: inout DiagnosticLog
    ) {
        switch keyword {
        case "exten": readExtension(value, into: context, at: place, log: &log)
        case "same":
            guard let lastExtension else {
                return log.add(.error, "'same' has no 'exten' before it in this context", at: place)
            }
            readPriority(value, of: lastExtension, into: context, at: place, log: &log)
        case "include": readInclude(value, into: context, at: place, log: &log)
        case "ignorepat": readIgnorePattern(value, into: context, at: place, log: &log)
        case "switch", "lswitch", "eswitch":
            log.add(.error, "'\(keyword)' is not supported; include a context instead", at: place)
        case "autohints": log.add(.warning, "'autohints' is not supported and ignored", at: place)
        default: log.add(.error, "'\(keyword)' is not known here ('exten', 'same', 'include', 'ignorepat' are)", at: place)
        }
    }

    private mutating func readExtension(
        _ value: ArraySlice<UInt8>, into context: Int, at place: SourcePlace, log: inout DiagnosticLog
    ) {
        lastExtension = nil
        guard let comma = value.firstIndex(of: ASCII.comma) else {
            return log.add(.error, "the extension has no priority and application", at: place)
        }
        let name = globals.expand(value[..<comma].trimmed) { log.add(.warning, $0, at: place) }
        do throws(ExtensionName.Failure) {
            let exten = try ExtensionName(name.trimmed.string, limits: limits)
            lastExtension = exten
            if exten.pattern?.hasUnreachableTail == true {
                log.add(.warning, "what follows '.' or '!' in '\(exten.plain)' is never looked at", at: place)
            }
            readPriority(value[(comma + 1)...], of: exten, into: context, at: place, log: &log)
        } catch {
            log.add(.error, error.sentence, at: place)
        }
    }

    private mutating func readPriority(
        _ value: ArraySlice<UInt8>, of exten: ExtensionName, into context: Int, at place: SourcePlace,
        log: inout DiagnosticLog
    ) {
        guard let comma = value.firstIndex(of: ASCII.comma) else {
            return log.add(.error, "the priority has no application", at: place)
        }
        let rest = value[(comma + 1)...].trimmed
        do throws(PriorityField.Failure) {
            let field = try PriorityField(value[..<comma], previous: lastPriority)
            switch field.kind {
            case .hint: addHint(rest, of: exten, into: context, at: place, log: &log)
            case .number(let number):
                lastPriority = number
                addPriority(number, field.label, rest, of: exten, into: context, at: place, log: &log)
            }
        } catch {
            log.add(.error, error.sentence, at: place)
        }
    }

    private mutating func addHint(
        _ devices: ArraySlice<UInt8>, of exten: ExtensionName, into context: Int, at place: SourcePlace,
        log: inout DiagnosticLog
    ) {
        guard !devices.isEmpty else { return log.add(.error, "the hint names no device", at: place) }
        let hint = DialplanHint(
            context: contexts[context].name, exten: exten.plain, devices: devices.text, file: place.file, line: place.line)
        contexts[context].change(exten) { draft in
            if draft.hint != nil {
                log.add(.warning, "'\(exten.full)' has a hint already; this one is ignored", at: place)
            } else {
                draft.hint = hint
            }
        }
    }

    private mutating func addPriority(
        _ number: Int, _ label: String?, _ text: ArraySlice<UInt8>, of exten: ExtensionName, into context: Int,
        at place: SourcePlace, log: inout DiagnosticLog
    ) {
        guard priorityCount < limits.maxPriorities else {
            return log.add(.error, "more than \(limits.maxPriorities) priorities", at: place)
        }
        guard let call = readCall(text, at: place, log: &log) else { return }
        priorityCount += 1
        let priority = DialplanPriority(
            number: number, label: label, application: applications[call.name.asciiLowercased] ?? call.name,
            argumentText: call.data.text, file: place.file, line: place.line,
            template: Template(call.data) { log.add(.warning, $0, at: place) })
        contexts[context].change(exten) { draft in
            if let taken = draft.priorities[number] {
                let reason = "'\(exten.full)' has a priority \(number) already (\(taken.file):\(taken.line)); this one is ignored"
                return log.add(.warning, reason, at: place)
            }
            if let label {
                if draft.labels[label] != nil {
                    log.add(.warning, "'\(exten.full)' has the label '\(label)' already; the first one counts", at: place)
                } else {
                    draft.labels[label] = number
                }
            }
            draft.priorities[number] = priority
        }
    }

    /// Reads `Application(data)`, `Application` or the older `Application,data`.
    private func readCall(
        _ text: ArraySlice<UInt8>, at place: SourcePlace, log: inout DiagnosticLog
    ) -> (name: String, data: ArraySlice<UInt8>)? {
        let open = text.firstIndex { $0 == ASCII.leftParen || $0 == ASCII.comma } ?? text.endIndex
        let name = text[..<open].trimmed
        guard !name.isEmpty, name.allSatisfy({ $0.isWord || $0 == ASCII.dash || $0 == ASCII.dot }) else {
            log.add(.error, name.isEmpty ? "there is no application" : "'\(name.text)' is no application's name", at: place)
            return nil
        }
        guard open < text.endIndex else { return (name.text, []) }
        if text[open] == ASCII.comma { return (name.text, text[(open + 1)...].trimmed) }
        guard let close = text.lastIndex(of: ASCII.rightParen), close > open else {
            log.add(.error, "\(name.text)( has no closing parenthesis", at: place)
            return nil
        }
        if !text[(close + 1)...].trimmed.isEmpty {
            log.add(.warning, "what follows the closing parenthesis of \(name.text)(…) is ignored", at: place)
        }
        return (name.text, text[(open + 1)..<close])
    }

    private mutating func readInclude(
        _ value: ArraySlice<UInt8>, into context: Int, at place: SourcePlace, log: inout DiagnosticLog
    ) {
        let text = globals.expand(value) { log.add(.warning, $0, at: place) }.string
        let parts = text.utf8.split(separator: ASCII.comma, maxSplits: 1, omittingEmptySubsequences: false)
        let name = (parts.first ?? text.utf8[...]).trimmed.text
        guard !name.isEmpty else { return log.add(.error, "the include names no context", at: place) }
        var times: TimeSpecification?
        if parts.count > 1 {
            guard let read = TimeSpecification(parts[1].text) else {
                return log.add(.error, "'\(parts[1].text)' is not times,weekdays,mdays,months", at: place)
            }
            if let zone = read.zone {
                log.add(.warning, "the time zone \(zone) of an include is ignored; local time is used", at: place)
            }
            times = read
        }
        contexts[context].includes.append(
            DialplanInclude(context: name, times: times, line: place.line, file: place.file))
    }

    private mutating func readIgnorePattern(
        _ value: ArraySlice<UInt8>, into context: Int, at place: SourcePlace, log: inout DiagnosticLog
    ) {
        guard !value.isEmpty else { return log.add(.error, "ignorepat has no pattern", at: place) }
        do throws(ExtensionPattern.Failure) {
            contexts[context].ignorePatterns.append(try CallerIDMatch(value.text))
        } catch {
            log.add(.error, ExtensionName.Failure.pattern(error).sentence, at: place)
        }
    }
}
