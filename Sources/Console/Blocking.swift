import Dispatch
import Store

/// Runs what blocks for files or computes for long off the event loops, one after another.
struct Blocking: Sendable {
    private let queue = DispatchQueue(label: "arioso.console")

    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }

    func check(_ hash: PasswordHash, _ password: String) async -> Bool {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: hash.matches(password)) }
        }
    }
}
