/// One routine that was called with Gosub, or the call itself.
struct CallFrame {
    /// Where Return goes; nil for the call itself.
    let returnTo: DialplanLocation?
    var locals: [String: ExpandedText] = [:]
    /// The While priorities that are running, the innermost last.
    var loops: [DialplanLocation] = []
}

/// The routines that are running, the innermost last.
struct CallFrames {
    private var frames = [CallFrame(returnTo: nil)]
    /// Return never goes below: the frames that a hangup found are only looked into.
    private var floor = 1

    var depth: Int { frames.count - 1 }
    var canReturn: Bool { frames.count > floor }

    /// Enters a routine with ARGC and ARG1….
    mutating func push(returnTo: DialplanLocation, arguments: [ExpandedText]) {
        var frame = CallFrame(returnTo: returnTo)
        frame.locals["ARGC"] = ExpandedText(String(arguments.count))
        for (index, argument) in arguments.enumerated() { frame.locals["ARG\(index + 1)"] = argument }
        frames.append(frame)
    }

    /// Leaves a routine.
    /// - Returns: where it was called from; nil when there is none to leave.
    mutating func pop() -> DialplanLocation? {
        canReturn ? frames.popLast()?.returnTo : nil
    }

    /// Starts anew for the hangup extension; locals stay readable.
    mutating func startHangup() {
        floor = frames.count
        frames[frames.count - 1].loops = []
    }

    /// The innermost local of a name; arguments are those of the innermost routine alone.
    func local(_ name: String) -> ExpandedText? {
        if depth > 0, Self.isArgument(name) { return frames.last?.locals[name] ?? ExpandedText() }
        return frames.last { $0.locals[name] != nil }?.locals[name]
    }

    /// Changes the innermost local of a name.
    /// - Returns: false when there is none.
    mutating func setLocal(_ name: String, _ value: ExpandedText) -> Bool {
        guard let index = frames.lastIndex(where: { $0.locals[name] != nil }) else { return false }
        frames[index].locals[name] = value
        return true
    }

    /// Makes a local of the innermost routine.
    /// - Returns: false outside routines and when there are too many.
    mutating func addLocal(_ name: String, _ value: ExpandedText) -> Bool {
        guard depth > 0 else { return false }
        let index = frames.count - 1
        guard frames[index].locals[name] != nil || frames[index].locals.count < DialplanLimits.maxLocals else { return false }
        frames[index].locals[name] = value
        return true
    }

    /// The loops of the innermost routine.
    var loops: [DialplanLocation] {
        get { frames.last?.loops ?? [] }
        set { frames[frames.count - 1].loops = newValue }
    }

    private static func isArgument(_ name: String) -> Bool {
        let text = name.utf8
        return text.starts(with: "ARG".utf8) && text.count > 3 && text.dropFirst(3).allSatisfy(\.isDigit)
    }
}
