/// Runs a compiled regular expression over all possibilities at once, so that no text makes it go back.
struct RegexMatcher {
    /// One possibility: where it stands and what it has seen.
    private struct Thread {
        var position: Int
        var start: Int
        var groupStart: Int?
        var groupEnd: Int?
    }

    private let program: [RegexInstruction]
    private let text: [UInt8]
    /// The step at which an instruction was last reached, so that none is taken twice in one step.
    private var reached: [Int]
    private var best: (thread: Thread, end: Int)?

    init(program: [RegexInstruction], text: [UInt8]) {
        self.program = program
        self.text = text
        reached = Array(repeating: -1, count: program.count)
    }

    mutating func run(isAnchored: Bool) -> BoundedRegex.Match? {
        var threads: [Thread] = []
        for index in 0...text.count {
            var next: [Thread] = []
            for thread in threads { follow(thread, at: index, into: &next) }
            if best == nil, index == 0 || !isAnchored {
                follow(Thread(position: 0, start: index), at: index, into: &next)
            }
            if index == text.count || (next.isEmpty && (best != nil || isAnchored)) { break }
            let byte = text[index]
            threads = next.compactMap { thread in
                guard case .set(let set) = program[thread.position], set.contains(byte) else { return nil }
                var moved = thread
                moved.position += 1
                return moved
            }
        }
        return best.map { found in
            var group: Range<Int>?
            if let start = found.thread.groupStart, let end = found.thread.groupEnd, start <= end { group = start..<end }
            return BoundedRegex.Match(range: found.thread.start..<found.end, firstGroup: group)
        }
    }

    /// Follows all steps that take no byte; what waits for a byte goes to `waiting`, in order of preference.
    private mutating func follow(_ first: Thread, at index: Int, into waiting: inout [Thread]) {
        var stack = [first]
        while var thread = stack.popLast() {
            guard thread.position < program.count, reached[thread.position] != index else { continue }
            if let best, thread.start > best.thread.start { continue }
            reached[thread.position] = index
            switch program[thread.position] {
            case .set: waiting.append(thread)
            case .match: keep(thread, end: index)
            case .split(let preferred, let other):
                var second = thread
                second.position = other
                stack.append(second)
                thread.position = preferred
                stack.append(thread)
            case .jump(let target):
                thread.position = target
                stack.append(thread)
            case .groupStart:
                stack.append(
                    Self.moved(thread) {
                        $0.groupStart = index; $0.groupEnd = nil
                    })
            case .groupEnd: stack.append(Self.moved(thread) { $0.groupEnd = index })
            case .textStart: if index == 0 { stack.append(Self.moved(thread) { _ in }) }
            case .textEnd: if index == text.count { stack.append(Self.moved(thread) { _ in }) }
            }
        }
    }

    private static func moved(_ thread: Thread, _ change: (inout Thread) -> Void) -> Thread {
        var thread = thread
        thread.position += 1
        change(&thread)
        return thread
    }

    /// Prefers the leftmost match, then the longest, then the one reached first.
    private mutating func keep(_ thread: Thread, end: Int) {
        if let best, best.thread.start < thread.start || (best.thread.start == thread.start && best.end >= end) { return }
        best = (thread, end)
    }
}
