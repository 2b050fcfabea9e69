import Synchronization
import TestPhone

/// Makes calls at a steady rate, each with the same course.
struct CallLoad: Sendable {
    /// More failures than this part make the figure worthless.
    private static let maximumFailures = 0.01

    let phones: Phones
    let number: ReleaseServer.Number
    let perSecond: Int

    /// Makes `count` calls, and returns when the last one is over.
    ///
    /// - Throws: that too many failed, with the first reason.
    func run(_ count: Int, _ course: @escaping @Sendable (PhoneCall) async throws -> Void) async throws {
        let failures = Failures()
        let pace = Pace(perSecond: perSecond)
        try await withThrowingDiscardingTaskGroup { group in
            for turn in 0..<count {
                try await pace.wait(for: turn)
                group.addTask {
                    do {
                        try await course(phones.call(number, turn: turn))
                    } catch {
                        failures.add(error)
                    }
                }
            }
        }
        try failures.check(among: count, allowed: Int(Double(count) * Self.maximumFailures))
    }

    /// Waits for the answer and a second, and hangs up.
    static func answerWaitHangUp(_ call: PhoneCall) async throws {
        try await call.answered(withinMs: 10_000)
        try await Task.sleep(for: .seconds(1))
        try await call.hangUp()
        _ = try await call.ended(withinMs: 10_000)
    }

    /// Leaves everything to the other side, which answers and hangs up.
    static func beAnsweredAndEnded(_ call: PhoneCall) async throws {
        try await call.answered(withinMs: 10_000)
        _ = try await call.ended(withinMs: 10_000)
    }
}

/// How many calls failed, and why the first one did.
private final class Failures: Sendable {
    private let state = Mutex<(count: Int, first: (any Error)?)>((0, nil))

    func add(_ error: any Error) {
        state.withLock {
            $0.count += 1
            if $0.first == nil { $0.first = error }
        }
    }

    func check(among total: Int, allowed: Int) throws {
        let (count, first) = state.withLock { $0 }
        guard count > 0, let first else { return }
        progress("\(count) of \(total) calls failed, the first one: \(first)")
        if count > allowed { throw BenchmarkError("\(count) of \(total) calls failed, the first one: \(first)") }
    }
}
