import Audio
import Synchronization
import Testing

@testable import Media

@Suite("Taps")
struct TapTests {
    /// Remembers how taps ended.
    final class Ends: Sendable {
        private let list = Mutex<[AudioTap.End]>([])
        var all: [AudioTap.End] { list.withLock { $0 } }
        func add(_ end: AudioTap.End) { list.withLock { $0.append(end) } }
    }

    private let ends = Ends()

    private func tap(_ part: AudioTap.Part, rate: Int = 8_000, limits: AudioTap.Limits = .init()) -> AudioTap {
        AudioTap(part, sampleRate: rate, limits: limits) { [ends] in ends.add($0) }
    }

    private func samples(_ tap: AudioTap) -> [Int16] {
        var all: [Int16] = []
        tap.read { all += $0 }
        return all
    }

    private func tellEnds(_ bench: Bench) {
        for ended in bench.graph.endedTaps { ended.tell() }
        bench.graph.endedTaps = []
    }

    private func expect(_ samples: some Collection<Int16>, around level: Int16, sourceLocation: SourceLocation = #_sourceLocation) {
        let mean = samples.reduce(0) { $0 + Int($1) } / max(1, samples.count)
        #expect(abs(mean - Int(level)) <= abs(Int(level)) / 20 + 2, "\(mean) instead of \(level)", sourceLocation: sourceLocation)
    }

    /// Lets phones say constant levels for some ticks.
    private func talk(_ bench: Bench, _ phones: inout [Bench.Phone], _ levels: [Int16], ticks: Int) {
        for _ in 0..<ticks {
            for index in phones.indices { bench.speak(&phones[index], muLaw(levels[index])) }
            bench.tick()
        }
    }

    @Test("A tap gets what the device says, or that and what it hears, or each on a side, while packets go on being forwarded")
    func parts() {
        let bench = Bench()
        var phones = [bench.openPhone(), bench.openPhone()]
        bench.connect(phones[0].id, phones[1].id)
        let taps = [tap(.said), tap(.both), tap(.sides), tap(.heard)]
        for tap in taps { bench.apply(.addTap(tap), phones[0].id) }
        talk(bench, &phones, [1_000, 4_000], ticks: 50)
        #expect(bench.route(phones[0]) == .forward && bench.route(phones[1]) == .forward)
        let heard = taps.map { samples($0) }
        #expect(heard.map(\.count) == [8_000, 8_000, 16_000, 8_000])
        expect(heard[3].suffix(4_000), around: 4_000)
        expect(heard[0].suffix(4_000), around: 1_000)
        expect(heard[1].suffix(4_000), around: 5_000)
        let sides = heard[2].suffix(8_000).enumerated()
        expect(sides.filter { $0.offset % 2 == 0 }.map(\.element), around: 1_000)
        expect(sides.filter { $0.offset % 2 == 1 }.map(\.element), around: 4_000)
        #expect(bench.heard(phones[1]).count == 50)
    }

    @Test("A tap of a mixer gets what all say, or each side its own")
    func mixer() {
        let bench = Bench()
        var phones = [bench.openPhone(), bench.openPhone(), bench.openPhone()]
        let mixer = bench.openMixer()
        for phone in phones { bench.apply(.connect(mixer), phone.id) }
        bench.apply(.side(.right), phones[2].id)
        let taps = [tap(.said), tap(.sides)]
        for tap in taps { bench.apply(.addTap(tap), mixer) }
        talk(bench, &phones, [500, 1_000, 3_000], ticks: 50)
        expect(samples(taps[0]).suffix(4_000), around: 4_500)
        let sides = samples(taps[1]).suffix(8_000).enumerated()
        expect(sides.filter { $0.offset % 2 == 0 }.map(\.element), around: 1_500)
        expect(sides.filter { $0.offset % 2 == 1 }.map(\.element), around: 3_000)
    }

    @Test("Another rate is met by resampling", arguments: [8_000, 16_000, 48_000])
    func resampling(rate: Int) {
        let bench = Bench()
        var phones = [bench.openPhone()]
        let tap = tap(.said, rate: rate)
        bench.apply(.addTap(tap), phones[0].id)
        talk(bench, &phones, [2_000], ticks: 100)
        let heard = samples(tap)
        #expect(heard.count == 2 * rate)
        expect(heard.suffix(rate), around: 2_000)
    }

    @Test("A phone that says nothing is silence that takes its time; a pause is left out, a mute is silence")
    func silencePauseMute() {
        let bench = Bench()
        var phones = [bench.openPhone()]
        let tap = tap(.said)
        bench.apply(.addTap(tap), phones[0].id)
        bench.tick(10)
        #expect(samples(tap) == [Int16](repeating: 0, count: 1_600))
        talk(bench, &phones, [3_000], ticks: 20)
        _ = samples(tap)
        tap.setPaused(true)
        talk(bench, &phones, [3_000], ticks: 20)
        #expect(samples(tap).isEmpty && tap.durationMs == 600)
        tap.setPaused(false)
        tap.setMuted(true)
        talk(bench, &phones, [3_000], ticks: 5)
        #expect(samples(tap) == [Int16](repeating: 0, count: 800))
        tap.setMuted(false)
        talk(bench, &phones, [3_000], ticks: 5)
        expect(samples(tap), around: 3_000)
        #expect(tap.durationMs == 800)
    }

    @Test("A tap ends once, for the reason that comes first: removal, the port's end, its duration or silence")
    func endings() {
        let bench = Bench()
        var phones = [bench.openPhone(), bench.openPhone()]
        let removed = tap(.said), long = tap(.said, limits: .init(durationMs: 400)), open = tap(.said)
        for tap in [removed, long, open] { bench.apply(.addTap(tap), phones[0].id) }
        talk(bench, &phones, [3_000, 3_000], ticks: 10)
        bench.apply(.removeTap(removed), phones[0].id)
        bench.apply(.removeTap(removed), phones[0].id)
        talk(bench, &phones, [3_000, 3_000], ticks: 20)
        tellEnds(bench)
        #expect(ends.all == [.removed, .maxDuration])
        #expect([removed.durationMs, long.durationMs, open.durationMs] == [200, 400, 600])
        _ = bench.graph.close(phones[0].id)
        let late = tap(.said)
        bench.apply(.addTap(late), phones[0].id)
        tellEnds(bench)
        #expect(ends.all.suffix(2) == [.portClosed, .portClosed])
        let quiet = tap(.said, limits: .init(silenceMs: 300))
        bench.apply(.addTap(quiet), phones[1].id)
        var second = [phones[1]]
        talk(bench, &second, [3_000], ticks: 20)
        bench.tick(40)
        tellEnds(bench)
        #expect(ends.all.last == .maxSilence)
        #expect(quiet.silenceMs >= 300 && quiet.durationMs - quiet.silenceMs >= 350)
    }

    @Test("What a late reader misses becomes silence, and what follows keeps its time")
    func lateReader() {
        let bench = Bench()
        var phones = [bench.openPhone()]
        let tap = tap(.said)
        bench.apply(.addTap(tap), phones[0].id)
        talk(bench, &phones, [3_000], ticks: 50 * AudioTap.roomSeconds)
        #expect(tap.lostSamples == 0)
        talk(bench, &phones, [3_000], ticks: 10)
        #expect(tap.lostSamples == 1_600)
        #expect(samples(tap).count == 8_000 * AudioTap.roomSeconds)
        talk(bench, &phones, [3_000], ticks: 10)
        let heard = samples(tap)
        #expect(heard.count == 3_200)
        #expect(heard.prefix(1_600).allSatisfy { $0 == 0 })
        expect(heard.suffix(1_600), around: 3_000)
    }
}
