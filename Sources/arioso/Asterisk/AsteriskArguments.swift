/// The command line of the program `asterisk`, as automation calls it.
struct AsteriskArguments: Equatable {
    enum Mode: Equatable {
        case serve
        /// Sends a command line to the server that runs; nil for the command line's own prompt.
        case remote(command: String?)
        case version
        case help
    }

    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    var mode = Mode.serve
    var configurationFile = "/etc/asterisk/asterisk.conf"
    /// Whether the server stays the same process, as with -f, or with a console on the screen.
    var staysInForeground = false
    /// Words that mean something there and nothing here.
    private(set) var unused: [String] = []

    /// Letters without a value that change nothing here.
    private static let plain: Set<Character> = [
        "g", "q", "m", "n", "v", "d", "i", "I", "W", "B", "F", "p", "t", "T", "X",
    ]
    /// Letters with a value that changes nothing here.
    private static let withUnusedValue: Set<Character> = ["U", "G", "e", "s", "L", "M"]

    init(_ words: [String]) throws {
        var rest = words[...]
        var command: String?
        var isRemote = false
        while let word = rest.popFirst() {
            guard word.hasPrefix("-"), word.count > 1 else {
                unused.append(word)
                continue
            }
            guard !word.hasPrefix("--") else {
                try takeLong(word)
                continue
            }
            var letters = word.dropFirst()
            while let letter = letters.popFirst() {
                /// What follows the letter, or the next word.
                func value() throws -> String {
                    if !letters.isEmpty {
                        defer { letters = "" }
                        return String(letters)
                    }
                    guard let next = rest.popFirst() else { throw Problem(description: "-\(letter) needs a value") }
                    return next
                }
                switch letter {
                case "C": configurationFile = try value()
                case "x": command = try value()
                case "r", "R": isRemote = true
                case "f", "c": staysInForeground = true
                case "V": mode = .version
                case "h": mode = .help
                case _ where Self.withUnusedValue.contains(letter): unused.append("-\(letter) \(try value())")
                case _ where Self.plain.contains(letter): break
                default: throw Problem(description: "there is no option -\(letter)")
                }
            }
        }
        if mode == .serve, isRemote || command != nil { mode = .remote(command: command) }
    }

    private mutating func takeLong(_ word: String) throws {
        switch word {
        case "--version": mode = .version
        case "--help": mode = .help
        default: throw Problem(description: "there is no option \(word)")
        }
    }
}
