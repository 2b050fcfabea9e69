/// Plays a tone program as a stream of frames.
public struct TonePlayer: Sendable {
    private let program: ToneProgram
    private let sampleRate: Int
    private var index: Int
    private var generator: ToneGenerator
    /// Samples left in the segment; nil when it lasts for ever.
    private var left: Int?
    /// Samples made since the last jump back, to stop a loop that has no length.
    private var madeInLoop = 0

    /// Starts `program` from its beginning at `sampleRate` Hz.
    public init(_ program: ToneProgram, sampleRate: Int) {
        self.program = program
        self.sampleRate = max(sampleRate, 1)
        index = 0
        generator = ToneGenerator(frequencies: [], sampleRate: max(sampleRate, 1))
        left = 0
        if !program.segments.isEmpty { begin(0) }
    }

    /// Tells whether the program has come to its end.
    public var isFinished: Bool { index >= program.segments.count }

    /// Writes up to `samples` samples to `pcm` and returns how many: fewer only when the program ends in this frame.
    public mutating func fill(_ pcm: UnsafeMutablePointer<Int16>, _ samples: Int) -> Int {
        var made = 0
        while made < samples, !isFinished {
            let count = min(samples - made, left ?? Int.max)
            generator.fill(pcm + made, count)
            made += count
            madeInLoop &+= count
            if let remaining = left {
                left = remaining - count
                if remaining == count { advance() }
            }
        }
        return made
    }

    private mutating func begin(_ next: Int) {
        index = next
        let segment = program.segments[next]
        generator = ToneGenerator(segment: segment, levelDBm0: program.levelDBm0, sampleRate: sampleRate)
        let durationMs = segment.durationMs.map { min(max($0, 0), ToneProgram.maximumDurationMs) }
        left = durationMs.map { $0 * sampleRate / 1000 }
    }

    private mutating func advance() {
        if index + 1 < program.segments.count {
            begin(index + 1)
        } else if let loopFrom = program.loopFrom, program.segments.indices.contains(loopFrom), madeInLoop > 0 {
            madeInLoop = 0
            begin(loopFrom)
        } else {
            index = program.segments.count
        }
    }
}
