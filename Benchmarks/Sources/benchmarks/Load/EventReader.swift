import Foundation
import Synchronization

/// Reads the events of an application on a thread of its own, and only counts them.
final class EventReader: Sendable {
    private let count = Mutex(0)
    private let isOver = Mutex(false)

    /// Opens the WebSocket; `query` follows the name of the application.
    init(port: Int, query: String = "") throws {
        let opened = Mutex<(any Error)?>(nil)
        let ready = DispatchSemaphore(value: 0)
        Thread.detachNewThread { [self] in
            do {
                let socket = try WebSocketClient(port: port, path: "/ari/events?app=\(ReleaseServer.application)\(query)")
                ready.signal()
                while !isOver.withLock({ $0 }), socket.receive(waits: true) { count.withLock { $0 = socket.texts } }
            } catch {
                opened.withLock { $0 = error }
                ready.signal()
            }
        }
        ready.wait()
        if let error = opened.withLock({ $0 }) { throw error }
    }

    var events: Int { count.withLock { $0 } }

    func close() { isOver.withLock { $0 = true } }
}
