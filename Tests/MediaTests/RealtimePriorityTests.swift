import Testing

@testable import Media

struct RealtimePriorityTests {
    /// Runs ticks of so many nanoseconds of lateness, a second apart, and gives what was applied at each.
    private func applied(_ lateness: [UInt64]) -> [Bool?] {
        final class Calls { var last: Bool? }
        let calls = Calls()
        var priority = RealtimePriority { calls.last = $0 }
        return lateness.enumerated().map { second, lateNs in
            calls.last = nil
            priority.ticked(lateByNs: lateNs, nowNs: UInt64(second) * 1_000_000_000)
            return calls.last
        }
    }

    @Test func `Priority is asked for once when a tick is later than the limit`() {
        let limit = RealtimePriority.latenessLimitNs
        #expect(applied([0, limit, limit + 1, 0, limit + 1]) == [nil, nil, true, nil, nil])
    }

    @Test func `Priority is given back a minute after the last late tick`() {
        let late = RealtimePriority.latenessLimitNs + 1
        let ticks = [late] + Array(repeating: UInt64(0), count: 29) + [late] + Array(repeating: 0, count: 62)
        let result = applied(ticks)
        #expect(result.firstIndex(of: false) == 90)
        #expect(result.count { $0 != nil } == 2)
    }
}
