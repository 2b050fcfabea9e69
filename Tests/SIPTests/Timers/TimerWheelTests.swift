import Testing

@testable import SIP

@Suite("Timer wheel")
struct TimerWheelTests {
    private func instant(_ milliseconds: UInt64) -> SIPInstant { SIPInstant(milliseconds: milliseconds) }

    @Test(
        "A timer fires at its deadline, not before",
        arguments: [
            10, 20, 630, 640, 650, 40_950, 40_960, 40_970, 2_621_440, 167_772_160, 10_737_418_240,
        ] as [UInt64])
    func firesAtDeadline(deadlineMs: UInt64) {
        var wheel = TimerWheel<Int>()
        _ = wheel.schedule(7, at: instant(deadlineMs))
        #expect(wheel.advance(to: instant(deadlineMs - 1)).isEmpty)
        #expect(wheel.advance(to: instant(deadlineMs)) == [7])
        #expect(wheel.isEmpty && wheel.nextDeadline == nil)
    }

    @Test("A deadline between two ticks is rounded up, one in the past fires at the next advance")
    func roundsUp() {
        var wheel = TimerWheel<Int>(now: instant(1_000))
        _ = wheel.schedule(1, at: instant(1_001))
        _ = wheel.schedule(2, at: instant(3))
        #expect(wheel.advance(to: instant(1_000)) == [2])
        #expect(wheel.advance(to: instant(1_009)).isEmpty)
        #expect(wheel.advance(to: instant(1_010)) == [1])
    }

    @Test("A deadline at the end of time can be scheduled and cancelled")
    func endOfTime() {
        var wheel = TimerWheel<Int>()
        let id = wheel.schedule(1, at: SIPInstant(nanoseconds: .max))
        #expect(wheel.nextDeadline != nil)
        #expect(wheel.advance(to: instant(1_000_000_000)).isEmpty)
        #expect(wheel.cancel(id) == 1)
        #expect(wheel.isEmpty)
    }

    @Test("An identifier outlives its timer without touching the one that reuses its place")
    func staleIdentifiers() {
        var wheel = TimerWheel<String>()
        let first = wheel.schedule("first", at: instant(10))
        #expect(wheel.cancel(first) == "first")
        #expect(wheel.cancel(first) == nil)
        let second = wheel.schedule("second", at: instant(20))
        #expect(wheel.cancel(first) == nil)
        #expect(wheel.advance(to: instant(20)) == ["second"])
        #expect(wheel.cancel(second) == nil)
        #expect(wheel.count == 0)
    }

    @Test("The wheel agrees with a sorted list under random use", arguments: 0..<20 as Range<UInt64>)
    func agreesWithModel(seed: UInt64) {
        var random = SIPTokenSource(seed0: seed, seed1: 1)
        var wheel = TimerWheel<Int>()
        var model: [Int: (tick: UInt64, id: TimerID)] = [:]
        var nowMs: UInt64 = 0
        for token in 0..<3_000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6:
                let span: UInt64 = [100, 5_000, 400_000, 50_000_000].randomElement(using: &random) ?? 1
                let deadline = nowMs + UInt64.random(in: 0...span, using: &random)
                model[token] = ((deadline + 9) / 10, wheel.schedule(token, at: instant(deadline)))
            case 6..<8:
                guard let (victim, entry) = model.randomElement(using: &random) else { continue }
                #expect(wheel.cancel(entry.id) == victim)
                model[victim] = nil
            default:
                let earliest = model.values.map(\.tick).min()
                if let earliest, let next = wheel.nextDeadline {
                    #expect(next.nanoseconds <= max(earliest * 10, nowMs) * 1_000_000)
                }
                nowMs += UInt64.random(in: 0...[20, 3_000, 90_000].randomElement(using: &random)!, using: &random)
                let fired = wheel.advance(to: instant(nowMs))
                let due = model.filter { $0.value.tick <= nowMs / 10 }
                #expect(Set(fired) == Set(due.keys))
                #expect(fired.compactMap { model[$0]?.tick } == due.values.map(\.tick).sorted())
                for token in fired { model[token] = nil }
            }
            #expect(wheel.count == model.count)
        }
    }

    @Test("Places of timers are used again, so that the steady state allocates nothing")
    func reusesPlaces() {
        var wheel = TimerWheel<Int>()
        for round in 0..<1_000 as Range<UInt64> {
            let now = round * 500
            let ids = (0..<8).map { wheel.schedule($0, at: instant(now + 100 + UInt64($0) * 900)) }
            for id in ids.prefix(4) { wheel.cancel(id) }
            _ = wheel.advance(to: instant(now))
        }
        #expect(wheel.nodes.count <= 80)
    }

    @Test("Memory of a busy time is given back, pending timers stay, and names of old timers find nothing")
    func dropsSpareNodes() {
        var wheel = TimerWheel<Int>()
        let early = (0..<10).map { wheel.schedule($0, at: instant(5_000 + UInt64($0) * 10)) }
        let busy = (10..<5_000).map { wheel.schedule($0, at: instant(1_000)) }
        wheel.cancel(early[3])
        #expect(wheel.advance(to: instant(1_000)).count == 4_990)
        wheel.dropSpareNodes()
        #expect(wheel.nodes.count == 10)
        let fresh = (0..<20).map { wheel.schedule(100 + $0, at: instant(6_000)) }
        #expect(busy.allSatisfy { wheel.cancel($0) == nil })
        #expect(wheel.cancel(fresh[19]) == 119)
        #expect(wheel.advance(to: instant(7_000)) == [0, 1, 2, 4, 5, 6, 7, 8, 9] + (100..<119))
    }
}
