import ARIModel
import Store

extension SettingsValue {
    var json: JSONValue {
        switch self {
        case .null: return .null
        case .text(let text): return .string(text)
        case .integer(let number): return .int(number)
        case .flag(let flag): return .bool(flag)
        case .list(let items): return .array(items.map(\.json))
        case .map(let members):
            var object = JSONObject()
            for member in members { object[member.key] = member.value.json }
            return .object(object)
        }
    }

    /// Reads JSON; null and fractions are told as wrong by whoever takes the value.
    init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let flag): self = .flag(flag)
        case .int(let number): self = .integer(number)
        case .double(let number): self = .text("\(number)")
        case .string(let text): self = .text(text)
        case .array(let elements): self = .list(elements.map(SettingsValue.init))
        case .object(let object): self = .map(object.members.map { Member($0.name, SettingsValue($0.value)) })
        }
    }
}

extension AdminError.Problem {
    init(_ problem: ConfigurationProblem) {
        self.init(path: problem.path, message: problem.message, advice: problem.advice, line: problem.position?.line)
    }
}

extension AdminError {
    init(_ error: SettingsEditError) {
        switch error {
        case .missing: self.init(404, "There is no such item.")
        case .unavailable(let reason): self.init(503, "The settings can't be stored: \(reason)")
        case .invalid(let problems):
            self = .wrong(problems.map(Problem.init))
        }
    }
}
