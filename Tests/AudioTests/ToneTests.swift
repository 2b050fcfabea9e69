import Audio
import Glibc
import Testing

struct ToneProgramTests {
    @Test(
        "Descriptions of indications.conf are read",
        arguments: [
            ("425", [ToneSegment(frequencies: [425], durationMs: nil)], 0),
            (
                "440+480/2000,0/4000",
                [ToneSegment(frequencies: [440, 480], durationMs: 2000), ToneSegment(frequencies: [], durationMs: 4000)], 0
            ),
            (
                "!950/330,!1400/330,0",
                [
                    ToneSegment(frequencies: [950], durationMs: 330), ToneSegment(frequencies: [1400], durationMs: 330),
                    ToneSegment(frequencies: [], durationMs: nil),
                ], 2
            ),
            (
                "!350+440/100,!0/100",
                [ToneSegment(frequencies: [350, 440], durationMs: 100), ToneSegment(frequencies: [], durationMs: 100)], nil
            ),
            ("400*25/1000", [ToneSegment(frequencies: [400, 25], modulated: true, durationMs: 1000)], 0),
            (
                " 400 * 25 / 1000 | ! 0 / 5 ",
                [
                    ToneSegment(frequencies: [400, 25], modulated: true, durationMs: 1000),
                    ToneSegment(frequencies: [], durationMs: 5),
                ], 0
            ),
            ("1400+2060+2450+2600/100", [ToneSegment(frequencies: [1400, 2060, 2450, 2600], durationMs: 100)], 0),
            ("400/0", [ToneSegment(frequencies: [400], durationMs: nil)], 0),
            ("0+425/10", [ToneSegment(frequencies: [425], durationMs: 10)], 0),
            ("400*0/10", [ToneSegment(frequencies: [400], durationMs: 10)], 0),
        ] as [(String, [ToneSegment], Int?)])
    func parsing(text: String, segments: [ToneSegment], loopFrom: Int?) throws {
        let program = try ToneProgram(parsing: text)
        #expect(program.segments == segments)
        #expect(program.loopFrom == loopFrom)
    }

    @Test(
        "Wrong descriptions are refused with the segment that is wrong",
        arguments: [
            ("", ""), ("abc", "abc"), ("440,", ""), ("440/100,x/5", "x/5"), ("-440", "-440"), ("440/", "440/"), ("440+", "440+"),
            ("1+2+3+4+5", "1+2+3+4+5"), ("400*25*5", "400*25*5"), ("20001", "20001"), ("400/3600001", "400/3600001"),
            ("99999999999999999999", "99999999999999999999"), ("440 480", "440 480"), ("!!440", "!!440"),
        ])
    func refused(text: String, segment: String) {
        #expect(throws: ToneSyntaxError.badSegment(segment)) { try ToneProgram(parsing: text) }
    }

    @Test("Length and number of segments are bounded")
    func limits() throws {
        let most = Array(repeating: "1/1", count: ToneProgram.maximumSegments).joined(separator: ",")
        #expect(try ToneProgram(parsing: most).segments.count == ToneProgram.maximumSegments)
        #expect(throws: ToneSyntaxError.tooManySegments) { try ToneProgram(parsing: most + ",1/1") }
        let longest = "1" + String(repeating: " ", count: ToneProgram.maximumTextLength - 1)
        #expect(try ToneProgram(parsing: longest).segments.count == 1)
        #expect(throws: ToneSyntaxError.tooLong) { try ToneProgram(parsing: longest + " ") }
    }

    @Test(
        "Every zone has every tone", arguments: ["us", "uk", "de", "fr", "ru"],
        ["dial", "busy", "ring", "congestion", "callwaiting", "dialrecall", "record", "info", "stutter"])
    func indications(zone: String, name: String) throws {
        let tone = try #require(Indications.tone(name, zone: zone))
        #expect(tone.segments.contains { !$0.frequencies.isEmpty })
        #expect(Indications.tone(name.uppercased(), zone: zone.uppercased()) == tone)
    }

    @Test("Other names of tones and zones are understood, unknown ones are nil")
    func indicationNames() {
        #expect(Indications.tone("ringing", zone: "gb") == Indications.tone("ring", zone: "uk"))
        #expect(Indications.tone("ring")?.segments.first?.frequencies == [440, 480])
        #expect(Indications.tone("nonsense") == nil)
        #expect(Indications.tone("ring", zone: "xx") == nil)
        #expect(Indications.zones == ["de", "fr", "ru", "uk", "us"])
    }
}

struct ToneGeneratorTests {
    private func make(_ generator: inout ToneGenerator, _ count: Int) -> [Int16] {
        var pcm = [Int16](repeating: 1, count: count)
        generator.fill(&pcm, count)
        return pcm
    }

    @Test(
        "Each frequency sounds at its level", arguments: [[440.0], [350, 440], [697, 1209, 2000], [1400, 2060, 2450, 2600]],
        [8000, 16_000, 48_000])
    func levels(frequencies: [Double], sampleRate: Int) {
        var generator = ToneGenerator(frequencies: frequencies, levelDBm0: -10, sampleRate: sampleRate)
        let pcm = make(&generator, sampleRate)
        for frequency in frequencies {
            let expected = 32_767 * pow(10, (-10 - 3.14) / 20)
            #expect(abs(amplitude(of: frequency, in: pcm, sampleRate: sampleRate) - expected) < expected * 0.01)
        }
    }

    @Test("A tone made in frames is the tone made at once, and keeps its level for an hour")
    func frames() {
        var whole = ToneGenerator(frequencies: [440, 480], sampleRate: 8000), framed = whole
        let once = make(&whole, 1600)
        let pieces = (0..<10).flatMap { _ in make(&framed, 160) }
        #expect(zip(once, pieces).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
        for _ in 0..<180_000 { _ = make(&framed, 160) }
        let late = (0..<50).flatMap { _ in make(&framed, 160) }
        #expect(abs(amplitude(of: 440, in: late, sampleRate: 8000) - amplitude(of: 440, in: once, sampleRate: 8000)) < 100)
    }

    @Test("Modulation swings the loudness of the first frequency by 90 percent")
    func modulation() {
        var generator = ToneGenerator(frequencies: [1000, 20], modulated: true, levelDBm0: 3.14, sampleRate: 8000)
        let pcm = make(&generator, 800)
        let peaks = stride(from: 0, to: 800, by: 8).map { start in pcm[start..<start + 8].map { abs(Int($0)) }.max()! }
        #expect(peaks.max()! > 31_000)
        #expect(peaks.min()! < 4500)
        #expect(amplitude(of: 20, in: pcm, sampleRate: 8000) < 100)
    }

    @Test("Too loud sums are clipped, not wrapped")
    func clipping() {
        var generator = ToneGenerator(frequencies: [100, 100, 100, 100], levelDBm0: 99, sampleRate: 8000)
        let pcm = make(&generator, 80)
        #expect(pcm.max() == 32_767 && pcm.min() == -32_768)
        #expect(zip(pcm[1..<39], pcm[2..<40]).allSatisfy { $0 >= 0 && $1 >= 0 })
    }

    @Test("Silence and frequencies that the rate can't carry are zeros", arguments: [[], [4000.0], [9000], [-5], [.nan]])
    func silent(frequencies: [Double]) {
        var generator = ToneGenerator(frequencies: frequencies, sampleRate: 8000)
        #expect(generator.isSilent)
        #expect(make(&generator, 100).allSatisfy { $0 == 0 })
    }
}

struct TonePlayerTests {
    private func play(_ player: inout TonePlayer, _ count: Int) -> [Int16] {
        var pcm = [Int16](repeating: 0, count: count)
        let made = player.fill(&pcm, count)
        return Array(pcm.prefix(made))
    }

    private func isLoud(_ pcm: ArraySlice<Int16>) -> Bool { pcm.contains { abs(Int($0)) > 1000 } }

    @Test("A cadence goes on and off at its times, for ever")
    func cadence() throws {
        var player = TonePlayer(try ToneProgram(parsing: "400/100,0/200"), sampleRate: 8000)
        for _ in 0..<5 {
            let cycle = play(&player, 2400)
            #expect(cycle.count == 2400)
            #expect(isLoud(cycle[0..<800]) && !isLoud(cycle[800..<2400]))
        }
    }

    @Test("Segments marked with ! are played once")
    func once() throws {
        var player = TonePlayer(try ToneProgram(parsing: "!1000/10,400/10"), sampleRate: 8000)
        let pcm = play(&player, 800)
        #expect(amplitude(of: 1000, in: pcm[0..<80], sampleRate: 8000) > 5000)
        #expect(amplitude(of: 1000, in: pcm[80..<800], sampleRate: 8000) < 500)
    }

    @Test("A program without loop ends in the middle of a frame")
    func end() throws {
        var player = TonePlayer(try ToneProgram(parsing: "!400/50"), sampleRate: 8000)
        #expect(play(&player, 160).count == 160)
        #expect(play(&player, 160).count == 160)
        #expect(play(&player, 160).count == 80)
        #expect(player.isFinished)
        #expect(play(&player, 160).isEmpty)
    }

    @Test("A program without any length ends instead of looping for ever")
    func noLength() {
        let nothing = ToneProgram(segments: [ToneSegment(frequencies: [400], durationMs: 0)], loopFrom: 0)
        var player = TonePlayer(nothing, sampleRate: 8000)
        #expect(play(&player, 160).isEmpty)
        var empty = TonePlayer(ToneProgram(segments: [], loopFrom: nil), sampleRate: 8000)
        #expect(empty.isFinished && play(&empty, 160).isEmpty)
    }

    @Test("The length of a cycle is the sum of its segments")
    func cycle() throws {
        #expect(try ToneProgram(parsing: "440+480/2000,0/4000").cycleMs == 6000)
        #expect(try ToneProgram(parsing: "425").cycleMs == nil)
    }
}
