import Audio
import Testing

struct AudioLevelTests {
    @Test(
        "Levels are counted from a square wave of full scale",
        arguments: [
            ([Int16](repeating: -32_768, count: 160), 0.0), ([Int16](repeating: 0, count: 160), -127),
            (sine(1000, amplitude: 32_767, count: 160, sampleRate: 8000), -3.01),
            (sine(1000, amplitude: 3276.7, count: 160, sampleRate: 8000), -23.01),
            ([], -127), ([1], -90.31),
        ] as [([Int16], Double)])
    func dBov(pcm: [Int16], level: Double) {
        #expect(abs(AudioLevel.dBov(pcm, pcm.count) - level) < 0.02)
    }

    @Test("The mean amplitude takes the smallest sample too")
    func meanAmplitude() {
        #expect(AudioLevel.meanAmplitude([100, -300], 2) == 200)
        #expect(AudioLevel.meanAmplitude([-32_768], 1) == 32_768)
        #expect(AudioLevel.meanAmplitude([], 0) == 0)
    }

    @Test("Goertzel finds a tone among others")
    func goertzel() {
        let mixed = zip(sine(700, amplitude: 5000, count: 800, sampleRate: 8000), sine(1300, amplitude: 2500, count: 800, sampleRate: 8000))
            .map { $0 + $1 }
        #expect(abs(amplitude(of: 700, in: mixed, sampleRate: 8000) - 5000) < 50)
        #expect(abs(amplitude(of: 1300, in: mixed, sampleRate: 8000) - 2500) < 50)
        #expect(amplitude(of: 1000, in: mixed, sampleRate: 8000) < 20)
        #expect(abs(share(of: 700, in: mixed, sampleRate: 8000) - 0.8) < 0.01)
        #expect(share(of: 700, in: [0, 0, 0], sampleRate: 8000) == 0)
    }
}

struct TalkDetectorTests {
    private static let talk = sine(470, amplitude: 6000, count: 160, sampleRate: 8000)
    private static let quiet = sine(470, amplitude: 100, count: 160, sampleRate: 8000)

    /// Runs frames of 20 ms; `T` talks, `.` is quiet, `-` brings nothing. Gives the changes with the frame's number.
    private func run(_ script: String, threshold: Int = 128, silenceMs: Int = 400) -> [String] {
        var detector = TalkDetector(threshold: threshold, silenceMs: silenceMs)
        var changes: [String] = []
        for (index, step) in script.enumerated() {
            let nowMs = Int64(index + 1) * 20
            let change =
                switch step {
                case "T": detector.process(Self.talk, 160, frameMs: 20, at: nowMs)
                case ".": detector.process(Self.quiet, 160, frameMs: 20, at: nowMs)
                default: detector.idle(at: nowMs)
                }
            switch change {
            case .started: changes.append("\(index) started")
            case .finished(let durationMs): changes.append("\(index) finished \(durationMs)")
            case nil: break
            }
        }
        return changes
    }

    private func frames(_ parts: (Character, Int)...) -> String {
        parts.map { String(repeating: $0.0, count: $0.1) }.joined()
    }

    @Test("Talk starts with its first frame and ends after the silence, which is not counted")
    func startAndEnd() {
        #expect(run(frames((".", 30), ("T", 40), (".", 30))) == ["30 started", "89 finished 800"])
    }

    @Test("Pauses shorter than the silence belong to the talk")
    func pauses() {
        #expect(run(frames(("T", 10), (".", 19), ("T", 10), (".", 25))) == ["0 started", "58 finished 780"])
    }

    @Test("Frames that don't come are silence")
    func missingFrames() {
        #expect(run(frames(("T", 10), ("-", 25), ("T", 5))) == ["0 started", "29 finished 200", "35 started"])
    }

    @Test("A threshold above the talk's amplitude hears nothing, one below the noise hears everything")
    func thresholds() {
        #expect(run(frames(("T", 50)), threshold: 5000).isEmpty)
        #expect(run(frames((".", 50)), threshold: 40) == ["0 started"])
    }

    @Test("Stopping ends the talk at once")
    func stop() {
        var detector = TalkDetector()
        _ = detector.process(Self.talk, 160, frameMs: 20, at: 20)
        #expect(detector.stop() == .finished(durationMs: 20))
        #expect(detector.stop() == nil)
    }
}
