internal import GRDB

/// What an edit came to.
public struct SettingsEdited: Sendable {
    public var changes: [ConfigurationChange]
    /// What is unwise about it.
    public var warnings: [ConfigurationProblem]
    /// The item or section as it is stored now; nil for one that was removed.
    public var value: SettingsValue?
}

extension Store {
    /// Reads a part of the configuration at a dotted path, every key with its value; nil when there is no such path.
    public func settings(at path: String) throws(StoreError) -> SettingsValue? {
        SettingsValue(try configuration().document(.everything)).at(path[...])
    }

    /// Changes the configuration, all or nothing.
    ///
    /// - Parameters:
    ///   - isTrial: only looks whether it could be done.
    ///   - check: a last look at the whole before anything changes, such as parsing the dialplan; gives errors.
    /// - Throws: why nothing changed.
    public func edit(
        _ edit: SettingsEdit, isTrial: Bool = false, check: (Configuration) -> [ConfigurationProblem] = { _ in [] }
    ) throws(SettingsEditError) -> SettingsEdited {
        var place = EditedPlace(base: "", list: nil)
        var warnings: [ConfigurationProblem] = []
        do {
            let changes = try transform { stored in
                let (document, edited) = try edit.applied(to: SettingsValue(stored.document(.everything)))
                place = edited
                var reader = DocumentReader()
                var new = Configuration()
                new.read(document.node, path: "", reader: &reader)
                let found = CrossCheck.problems(of: new, without: reader.problems)
                let errors = reader.problems + found.filter { $0.severity == .error }
                guard errors.isEmpty else { throw ConfigurationErrors(errors) }
                let more = check(new)
                warnings = (found + more).filter { $0.severity == .warning }
                let late = more.filter { $0.severity == .error }
                guard late.isEmpty else { throw ConfigurationErrors(late) }
                return isTrial ? stored : new
            }
            let value = place.base.isEmpty || isTrial ? nil : SettingsValue(try configuration().document(.everything)).item(at: place.base)
            return SettingsEdited(changes: changes, warnings: warnings.compactMap { place.own($0) }, value: value)
        } catch let error as SettingsEditError {
            throw error
        } catch let errors as ConfigurationErrors {
            throw .invalid(errors.problems.map { place.own($0) ?? $0 })
        } catch {
            throw .unavailable("\(error)")
        }
    }
}

/// Where an edit took place.
private struct EditedPlace {
    /// The path of the section or item, such as `ari.users[2]`.
    var base: String
    var list: SettingsList?

    /// A problem with its path inside of what was edited; nil when it lies elsewhere.
    func own(_ problem: ConfigurationProblem) -> ConfigurationProblem? {
        var problem = problem
        if problem.path.hasPrefix(base + ".") || problem.path.hasPrefix(base + "[") {
            problem.path = String(problem.path.dropFirst(base.count).drop { $0 == "." })
            return problem
        }
        // A name that another item has is told of the later one of both.
        if let list, problem.path.hasPrefix(list.rawValue + "["), problem.path.hasSuffix("].\(list.key)") {
            problem.path = list.key
            return problem
        }
        return problem.path == base || problem.path.hasPrefix("dialplan") && base.hasPrefix("dialplan") ? problem : nil
    }
}

extension SettingsEdit {
    /// The document with the edit, and where it took place.
    fileprivate func applied(to document: SettingsValue) throws(SettingsEditError) -> (SettingsValue, EditedPlace) {
        switch self {
        case .merge(let path, let value):
            guard let old = document.at(path[...]) else { throw .missing }
            return (document.replacing(path[...], with: old.merged(with: value)), EditedPlace(base: path))
        case .insert(let list, let value):
            let items = document.at(list.rawValue[...])?.items ?? []
            return (
                document.replacing(list.rawValue[...], with: .list(items + [value])),
                EditedPlace(base: "\(list.rawValue)[\(items.count)]", list: list)
            )
        case .update(let list, let name, let value):
            var (items, index) = try found(name, in: list, document)
            items[index] = items[index].merged(with: value)
            return (
                document.replacing(list.rawValue[...], with: .list(items)), EditedPlace(base: "\(list.rawValue)[\(index)]", list: list)
            )
        case .remove(let list, let name):
            var (items, index) = try found(name, in: list, document)
            items.remove(at: index)
            return (document.replacing(list.rawValue[...], with: .list(items)), EditedPlace(base: "", list: list))
        case .order(let list, let names):
            let items = document.at(list.rawValue[...])?.items ?? []
            let places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
            let sorted = items.enumerated().sorted { one, other in
                let (a, b) = (places[one.element.name(in: list)] ?? .max, places[other.element.name(in: list)] ?? .max)
                return (a, one.offset) < (b, other.offset)
            }
            return (document.replacing(list.rawValue[...], with: .list(sorted.map(\.element))), EditedPlace(base: "", list: list))
        }
    }

    private func found(
        _ name: String, in list: SettingsList, _ document: SettingsValue
    ) throws(SettingsEditError) -> (items: [SettingsValue], index: Int) {
        let items = document.at(list.rawValue[...])?.items ?? []
        guard let index = items.firstIndex(where: { $0.name(in: list) == name }) else { throw .missing }
        return (items, index)
    }
}

extension SettingsValue {
    fileprivate func name(in list: SettingsList) -> String { self[list.key]?.text ?? "" }

    /// The item or section at a path such as `ari.users[2]`.
    fileprivate func item(at path: String) -> SettingsValue? {
        guard let bracket = path.firstIndex(of: "["), let index = Int(path[path.index(after: bracket)...].dropLast()) else {
            return at(path[...])
        }
        let items = at(path[..<bracket])?.items ?? []
        return items.indices.contains(index) ? items[index] : nil
    }
}
