import Audio
import Testing

@testable import Media

@Suite("Feeds")
struct FeedTests {
    private func write(_ feed: AudioFeed, _ value: Int16, ms: Int) -> Int {
        let samples = [Int16](repeating: value, count: feed.sampleRate * ms / 1_000)
        return samples.withUnsafeBufferPointer { feed.write($0) } * 1_000 / feed.sampleRate
    }

    /// Takes frames; gives the mean of each, nil for none.
    private func take(_ feed: AudioFeed, _ count: Int) -> [Int?] {
        var arena = FrameArena()
        return (0..<count).map { _ in
            arena.reset()
            return feed.next(&arena).map { frame in (0..<frame.count).reduce(0) { $0 + Int(frame.samples[$1]) } / frame.count }
        }
    }

    @Test("What is handed over is played in order, nothing while nothing waits, and the last piece is filled up")
    func order() {
        let feed = AudioFeed(sampleRate: 8_000, roomMs: 1_000)
        #expect(take(feed, 2) == [nil, nil])
        #expect(write(feed, 100, ms: 40) == 40 && write(feed, 200, ms: 20) == 20 && write(feed, 400, ms: 10) == 10)
        #expect(feed.waitingMs == 70)
        #expect(take(feed, 5) == [100, 100, 200, 200, nil])
    }

    @Test("There is room for so much and no more, again and again around the ring")
    func room() {
        let feed = AudioFeed(sampleRate: 16_000, roomMs: 100)
        for round in 1...50 as ClosedRange<Int16> {
            #expect(write(feed, round, ms: 150) == 100)
            #expect(take(feed, 6) == [Int](repeating: Int(round), count: 5) + [nil])
        }
    }

    @Test("A flush throws away what waits, and what comes later is heard; a pause keeps it")
    func flushAndPause() {
        let feed = AudioFeed(sampleRate: 8_000, roomMs: 1_000)
        _ = write(feed, 100, ms: 500)
        #expect(take(feed, 1) == [100])
        feed.setPaused(true)
        #expect(take(feed, 2) == [nil, nil] && feed.waitingMs == 480)
        feed.flush()
        feed.setPaused(false)
        _ = write(feed, 300, ms: 20)
        #expect(feed.waitingMs == 20)
        #expect(take(feed, 2) == [300, nil])
    }

    @Test("A delay that stands is cut down within half a second; one that comes and goes is left alone; without a limit none is cut")
    func standingDelay() {
        let limited = AudioFeed(sampleRate: 8_000, roomMs: 10_000, standingLimitMs: 40)
        let open = AudioFeed(sampleRate: 8_000, roomMs: 10_000)
        for feed in [limited, open] {
            // A sender that was held up for five seconds and then keeps its pace.
            _ = write(feed, 1, ms: 5_000)
            for _ in 0..<50 {
                _ = write(feed, 1, ms: 20)
                _ = take(feed, 1)
            }
        }
        #expect(limited.waitingMs <= 60 && limited.skippedMs >= 4_900)
        #expect(open.waitingMs == 5_000 && open.skippedMs == 0)
        let bursts = AudioFeed(sampleRate: 8_000, roomMs: 10_000, standingLimitMs: 40)
        for _ in 0..<40 {
            _ = write(bursts, 1, ms: 200)
            #expect(!take(bursts, 10).contains(nil))
        }
        #expect(bursts.skippedMs == 0)
    }

    @Test("A phone hears a feed through a pipe, and a live tap on its far end gets what the phone says, and only that")
    func conversation() {
        let bench = Bench()
        var phones = [bench.openPhone()]
        let (near, far) = bench.openPipe()
        bench.connect(phones[0].id, near)
        let feed = AudioFeed(sampleRate: 16_000, roomMs: 2_000)
        let tap = AudioTap(.said, sampleRate: 16_000, isLive: true) { _ in }
        bench.apply(.addTap(tap), far)
        bench.apply(.play(.feed(feed), token: 0), far)
        bench.tick(10)
        #expect(tap.durationMs == 0 && !bench.events(far).contains(.audioTapped))
        _ = write(feed, 3_000, ms: 1_000)
        let heard = bench.converse(&phones, saying: [1_500], ticks: 40)
        #expect(isNear(heard[0], 3_000))
        #expect(bench.events(far).filter { $0 == .audioTapped }.count >= 35 && tap.durationMs >= 700)
        #expect(feed.waitingMs <= 240)
        var last: [Int16] = []
        tap.read { last = Array($0.suffix(320)) }
        #expect(isNear(last.reduce(0) { $0 + Int($1) } / 320, 1_500))
    }
}
