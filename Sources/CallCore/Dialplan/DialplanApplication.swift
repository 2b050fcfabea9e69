import Dialplan

/// What the dialplan does after an application.
enum ApplicationResult: Equatable {
    /// Goes on with the next priority.
    case next
    /// Ends the call.
    case hangup
    case goTo(DialplanLocation)
    /// Goes to this extension of the present context when it exists, else to `i`.
    case extensionDialled(String)
    /// Goes to `t` (or ends the call where there is none): nobody pressed a key.
    case timedOut
}

/// The applications that work on a channel. Those that only steer the dialplan (Goto, Set, While …) belong to the interpreter.
struct DialplanApplication: Sendable {
    let name: String
    let run: @CallActor @Sendable (Channel, [ExpandedText]) async -> ApplicationResult

    init(_ name: String, _ run: @escaping @CallActor @Sendable (Channel, [ExpandedText]) async -> ApplicationResult) {
        self.name = name
        self.run = run
    }

    private static let byName: [String: DialplanApplication] = {
        let all = callControl + playing + digits + tones + recording + [chanSpy, audioSocket, dial, stasis, stasisBroadcast, userEvent]
        return Dictionary(all.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    }()

    /// The application of this name, whatever its case.
    static func named(_ name: String) -> DialplanApplication? {
        byName[name.lowercased()]
    }

    /// The names of all applications that work on a channel, as they are usually spelt.
    static var names: [String] { byName.values.map(\.name).sorted() }
}

extension CallCore {
    /// The names of the applications that the dialplan may use besides those of the interpreter.
    public nonisolated static var applicationNames: [String] { DialplanApplication.names }
}

/// Reads an application's arguments by position.
struct Arguments {
    private let list: [ExpandedText]

    init(_ list: [ExpandedText]) {
        self.list = list
    }

    /// The argument as text without blanks around it; empty when it is not there.
    subscript(index: Int) -> String {
        index < list.count ? list[index].trimmed.string : ""
    }

    func expanded(_ index: Int) -> ExpandedText {
        index < list.count ? list[index].trimmed : ExpandedText()
    }

    var count: Int { list.count }

    /// Seconds, with a fraction, as milliseconds; nil when absent or no number. At most a day.
    func milliseconds(_ index: Int) -> Int? {
        guard let seconds = Double(self[index]), seconds.isFinite else { return nil }
        return Int((min(max(0, seconds), 86_400) * 1_000).rounded())
    }

    func integer(_ index: Int) -> Int? { Int(self[index]) }
}
