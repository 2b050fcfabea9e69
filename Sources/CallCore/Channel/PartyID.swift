/// A name and a number that stand for one party of a call.
public struct PartyID: Sendable, Hashable {
    public var name: String
    public var number: String
    public var presentation: Presentation

    public init(name: String = "", number: String = "", presentation: Presentation = .allowedNotScreened) {
        self.name = name
        self.number = number
        self.presentation = presentation
    }

    public static let empty = PartyID()

    public var isEmpty: Bool { name.isEmpty && number.isEmpty }

    /// Reads `Name <number>`, `"Name" <number>`, `<number>` or a bare number, as the `callerId` of an originate is written.
    public init(parsing text: String) {
        guard let open = text.lastIndex(of: "<"), let close = text.lastIndex(of: ">"), open < close else {
            let bare = text.trimmingBlanks()
            let isNumber = !bare.isEmpty && bare.allSatisfy { "0123456789*#+".contains($0) }
            self.init(name: isNumber ? "" : bare, number: isNumber ? bare : "")
            return
        }
        var name = text[..<open].trimmingBlanks()
        if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") { name = String(name.dropFirst().dropLast()) }
        self.init(name: name, number: text[text.index(after: open)..<close].trimmingBlanks())
    }

    /// Whether the party may be shown (RFC 3323), as ARI's `caller_presentation` and its text.
    public enum Presentation: Int, Sendable, Hashable {
        case allowedNotScreened = 0x00
        case allowedPassedScreen = 0x01
        case allowedFailedScreen = 0x02
        case allowed = 0x03
        case prohibitedNotScreened = 0x20
        case prohibitedPassedScreen = 0x21
        case prohibitedFailedScreen = 0x22
        case prohibited = 0x23
        case unavailable = 0x43

        public var text: String {
            switch self {
            case .allowedNotScreened: "Presentation Allowed, Not Screened"
            case .allowedPassedScreen: "Presentation Allowed, Passed Screen"
            case .allowedFailedScreen: "Presentation Allowed, Failed Screen"
            case .allowed: "Presentation Allowed, Network Number"
            case .prohibitedNotScreened: "Presentation Prohibited, Not Screened"
            case .prohibitedPassedScreen: "Presentation Prohibited, Passed Screen"
            case .prohibitedFailedScreen: "Presentation Prohibited, Failed Screen"
            case .prohibited: "Presentation Prohibited, Network Number"
            case .unavailable: "Number Unavailable"
            }
        }

        /// The word that CALLERID(pres) reads and writes.
        public var word: String {
            switch self {
            case .allowedNotScreened: "allowed_not_screened"
            case .allowedPassedScreen: "allowed_passed_screen"
            case .allowedFailedScreen: "allowed_failed_screen"
            case .allowed: "allowed"
            case .prohibitedNotScreened: "prohib_not_screened"
            case .prohibitedPassedScreen: "prohib_passed_screen"
            case .prohibitedFailedScreen: "prohib_failed_screen"
            case .prohibited: "prohib"
            case .unavailable: "unavailable"
            }
        }

        public init?(word: String) {
            guard let match = Self.all.first(where: { $0.word == word }) else { return nil }
            self = match
        }

        private static let all: [Presentation] = [
            .allowedNotScreened, .allowedPassedScreen, .allowedFailedScreen, .allowed, .prohibitedNotScreened,
            .prohibitedPassedScreen, .prohibitedFailedScreen, .prohibited, .unavailable,
        ]
    }
}

extension StringProtocol {
    /// The text without spaces and tabs at its ends.
    func trimmingBlanks() -> String {
        var part = Substring(self)
        while let first = part.first, first == " " || first == "\t" { part.removeFirst() }
        while let last = part.last, last == " " || last == "\t" { part.removeLast() }
        return String(part)
    }
}
