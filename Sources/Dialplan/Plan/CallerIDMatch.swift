/// What follows the slash of `exten => 100/5551,…`: the callers this extension is for.
enum CallerIDMatch: Sendable, Hashable {
    /// Empty: only callers without a number.
    case literal(String)
    case pattern(ExtensionPattern)

    init(_ text: String) throws(ExtensionPattern.Failure) {
        if text.utf8.first == ASCII.underscore {
            self = .pattern(try ExtensionPattern(text.utf8.dropFirst()))
        } else {
            self = .literal(dialedKey(text))
        }
    }

    func matches(_ number: String) -> Bool {
        switch self {
        case .literal(let expected): return expected == dialedKey(number)
        case .pattern(let pattern):
            return switch pattern.match(dialedKey(number).utf8) {
            case .exact, .open, .early: true
            case .none, .partial: false
            }
        }
    }
}
