import Crypto
import Store
import Synchronization

/// The administrator's sessions in browsers. They live in memory: after a restart one logs in again.
final class AdminSessions: Sendable {
    struct Session: Sendable {
        /// What the browser keeps in a cookie that no script can read.
        let id: String
        /// What a page sends with every change, so that no other page can cause one.
        let csrfToken: String
        fileprivate let startedMs: Int64
        fileprivate var usedMs: Int64
    }

    static let idleMs: Int64 = 8 * 3_600_000
    static let longestMs: Int64 = 30 * 24 * 3_600_000
    private static let limit = 100

    private let sessions = Mutex<[String: Session]>([:])

    func start(nowMs: Int64) -> Session {
        var random = SystemRandomNumberGenerator()
        let session = Session(
            id: Secret.random(using: &random), csrfToken: Secret.random(using: &random), startedMs: nowMs, usedMs: nowMs)
        sessions.withLock { sessions in
            sessions = sessions.filter { Self.isAlive($0.value, nowMs) }
            if sessions.count >= Self.limit, let oldest = sessions.values.min(by: { $0.usedMs < $1.usedMs }) { sessions[oldest.id] = nil }
            sessions[session.id] = session
        }
        return session
    }

    /// The session with that id, which lives on by being used; nil when there is none, or it has ended.
    func session(_ id: String, nowMs: Int64) -> Session? {
        sessions.withLock { sessions in
            guard let session = sessions[id], Self.isAlive(session, nowMs) else { return nil }
            sessions[id]?.usedMs = nowMs
            return session
        }
    }

    func end(_ id: String) { sessions.withLock { $0[id] = nil } }

    /// Ends all but one, after the password changed.
    func endOthers(than id: String?) { sessions.withLock { sessions in sessions = sessions.filter { $0.key == id } } }

    private static func isAlive(_ session: Session, _ nowMs: Int64) -> Bool {
        nowMs - session.usedMs < idleMs && nowMs - session.startedMs < longestMs
    }
}
