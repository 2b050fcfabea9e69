import Synchronization

/// The code that proves, on the first visit, that one can read the server's log. It is good once.
final class SetupCode: Sendable {
    // Without characters that look like others.
    private static let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
    private static let length = 8

    private let code: Mutex<String?>

    /// - Parameter isNeeded: false when a password is set already: then no code is right.
    init(isNeeded: Bool) {
        code = Mutex(isNeeded ? String((0..<Self.length).map { _ in Self.alphabet.randomElement() ?? "A" }) : nil)
    }

    /// The code as it is shown, `ABCD-EFGH`; nil when none is needed (any more).
    var text: String? {
        code.withLock { $0.map { "\($0.prefix(Self.length / 2))-\($0.suffix(Self.length / 2))" } }
    }

    /// Tells whether a text is the code, in any case, with or without dashes and blanks.
    func matches(_ text: String) -> Bool {
        let given = text.uppercased().filter { $0.isLetter || $0.isNumber }
        return code.withLock { $0 == given }
    }

    func use() { code.withLock { $0 = nil } }
}
