/// The functions that need nothing but their arguments, variables, clock and chance.
enum BuiltinFunctions<Scope: ValueScope> {
    typealias Call = FunctionCall<Scope>

    /// Gives the value of `${NAME(…)}`; nil when the name is none of these.
    static func read(_ call: Call) -> ExpandedText? {
        switch call.name {
        case "IF": choose(call)
        case "IFTIME": chooseByTime(call)
        case "EXISTS": ExpandedText(!call.arguments.isEmpty)
        case "ISNULL": ExpandedText(call.arguments.isEmpty)
        case "SET": set(call)
        case "LEN": ExpandedText(String(call.arguments.count))
        case "TOUPPER": call.arguments.mapBytes(\.uppercased)
        case "TOLOWER": call.arguments.mapBytes(\.lowercased)
        case "QUOTE": quote(call)
        case "FILTER": filter(call)
        case "REPLACE": replace(call)
        case "STRREPLACE": replaceText(call)
        case "REGEX": matchRegex(call)
        case "CUT": cut(call)
        case "FIELDQTY": countFields(call)
        case "SHIFT": take(call, fromEnd: false)
        case "POP": take(call, fromEnd: true)
        case "MATH": compute(call)
        case "INC": step(call, by: 1)
        case "DEC": step(call, by: -1)
        case "RAND": pickNumber(call)
        case "STRFTIME": formatTime(call)
        case "URIENCODE": encodeURI(call)
        case "URIDECODE": decodeURI(call)
        default: nil
        }
    }

    /// Does `Set(NAME(…)=value)`.
    /// - Returns: false when the name is none of these.
    static func write(_ call: Call, _ value: ExpandedText) -> Bool {
        switch call.name {
        case "ARRAY": setMany(call, value)
        case "PUSH": add(call, value, atEnd: true)
        case "UNSHIFT": add(call, value, atEnd: false)
        default: return false
        }
        return true
    }
}
