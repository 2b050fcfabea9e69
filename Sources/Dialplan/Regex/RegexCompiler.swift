/// Turns a regular expression's tree into instructions.
struct RegexCompiler {
    private(set) var program: [RegexInstruction] = []
    /// Nodes visited; bounds the time that nested repetitions of nothing could take.
    private var visited = 0

    mutating func append(_ instruction: RegexInstruction) throws(BoundedRegex.Failure) {
        guard program.count < DialplanLimits.maxRegexInstructions else { throw .tooLarge }
        program.append(instruction)
    }

    mutating func emit(_ node: RegexNode) throws(BoundedRegex.Failure) {
        visited += 1
        guard visited <= 4 * DialplanLimits.maxRegexInstructions else { throw .tooLarge }
        switch node {
        case .empty: break
        case .set(let set): try append(.set(set))
        case .textStart: try append(.textStart)
        case .textEnd: try append(.textEnd)
        case .sequence(let items): for item in items { try emit(item) }
        case .choice(let branches): try emitChoice(branches)
        case .group(let inner, let number):
            if number == 1 { try append(.groupStart) }
            try emit(inner)
            if number == 1 { try append(.groupEnd) }
        case .repeat(let inner, let minimum, let maximum): try emitRepeat(inner, minimum, maximum)
        }
    }

    private mutating func emitChoice(_ branches: [RegexNode]) throws(BoundedRegex.Failure) {
        var jumps: [Int] = []
        for (position, branch) in branches.enumerated() {
            guard position < branches.count - 1 else {
                try emit(branch)
                break
            }
            let split = program.count
            try append(.split(split + 1, split + 1))
            try emit(branch)
            jumps.append(program.count)
            try append(.jump(0))
            program[split] = .split(split + 1, program.count)
        }
        for jump in jumps { program[jump] = .jump(program.count) }
    }

    private mutating func emitRepeat(
        _ inner: RegexNode, _ minimum: Int, _ maximum: Int?
    ) throws(BoundedRegex.Failure) {
        for _ in 0..<minimum { try emit(inner) }
        guard let maximum else {
            let split = program.count
            try append(.split(split + 1, split + 1))
            try emit(inner)
            try append(.jump(split))
            program[split] = .split(split + 1, program.count)
            return
        }
        var splits: [Int] = []
        for _ in minimum..<maximum {
            splits.append(program.count)
            try append(.split(0, 0))
            try emit(inner)
        }
        for split in splits { program[split] = .split(split + 1, program.count) }
    }
}
