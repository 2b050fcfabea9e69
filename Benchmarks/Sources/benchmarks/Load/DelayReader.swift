import Foundation
import Synchronization

/// Asks for an event of its own now and then, and notes how long each takes to come.
final class DelayReader: Sendable {
    private static let application = "probe"
    private static let periodUs: UInt32 = 10_000

    private let delaysUs = Mutex<[Double]>([])
    private let isOver = Mutex(false)

    init(port: Int) throws {
        let failure = Mutex<(any Error)?>(nil)
        let ready = DispatchSemaphore(value: 0)
        Thread.detachNewThread { [self] in
            do {
                let socket = try WebSocketClient(port: port, path: "/ari/events?app=\(Self.application)")
                socket.onText = { [self] text in note(text) }
                let descriptor = socket.descriptor
                Thread.detachNewThread { [self] in ask(descriptor) }
                ready.signal()
                while !isOver.withLock({ $0 }), socket.receive(waits: true) {}
            } catch {
                failure.withLock { $0 = error }
                ready.signal()
            }
        }
        ready.wait()
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// Sends requests whose events carry the time in their names.
    private func ask(_ descriptor: CInt) {
        while !isOver.withLock({ $0 }) {
            let time = DispatchTime.now().uptimeNanoseconds
            let uri = "events/user/t\(time)?application=\(Self.application)"
            let text = #"{"type":"RESTRequest","transaction_id":"","request_id":"","method":"POST","uri":"\#(uri)"}"#
            let frame = WebSocketClient.frame(Array(text.utf8), isText: true)
            guard Glibc.send(descriptor, frame, frame.count, CInt(MSG_NOSIGNAL)) == frame.count else { return }
            usleep(Self.periodUs)
        }
    }

    private func note(_ text: ArraySlice<UInt8>) {
        guard let found = text.firstRange(of: Array("\"eventname\":\"t".utf8)) else { return }
        let sent = text[found.upperBound...].prefix { 0x30...0x39 ~= $0 }.reduce(UInt64(0)) { $0 &* 10 &+ UInt64($1 - 0x30) }
        let delay = Double(DispatchTime.now().uptimeNanoseconds &- sent) / 1_000
        delaysUs.withLock { $0.append(delay) }
    }

    /// Gives the delays in microseconds so far and begins anew.
    func take() -> [Double] {
        delaysUs.withLock { list in
            defer { list = [] }
            return list
        }
    }

    func close() { isOver.withLock { $0 = true } }
}
