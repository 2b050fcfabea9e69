import Foundation
import Synchronization

/// Managers that are logged in and take every event, on one thread that throws the bytes away.
final class ManagerCrowd: Sendable {
    private let descriptors: [CInt]
    private let isOver = Mutex(false)
    private let taken = Mutex(0)

    /// - Parameter events: what they want to hear of, in the words of Login.
    init(_ count: Int, port: Int, events: String) throws {
        descriptors = try (0..<count).map { _ in try Self.logIn(port: port, events: events) }
        let all = descriptors
        Thread.detachNewThread { [self] in
            var polled = all.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            while !isOver.withLock({ $0 }) {
                guard poll(&polled, nfds_t(polled.count), 100) > 0 else { continue }
                for one in polled where one.revents != 0 {
                    // MSG_TRUNC takes the bytes without copying them.
                    let size = recv(one.fd, nil, 1 << 20, CInt(MSG_TRUNC | MSG_DONTWAIT))
                    if size > 0 { taken.withLock { $0 += size } }
                }
            }
            for descriptor in all { close(descriptor) }
        }
    }

    /// Bytes that came so far, all together.
    var bytes: Int { taken.withLock { $0 } }

    func leave() { isOver.withLock { $0 = true } }

    private static func logIn(port: Int, events: String) throws -> CInt {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in(loopbackPort: port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard descriptor >= 0, address.withGeneral({ connect(descriptor, $0, size) }) == 0 else {
            throw BenchmarkError("cannot connect to 127.0.0.1:\(port)")
        }
        let request = Array(
            "Action: Login\r\nUsername: \(ReleaseServer.user)\r\nSecret: \(ReleaseServer.password)\r\nEvents: \(events)\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, CInt(MSG_NOSIGNAL)) == request.count else {
            throw BenchmarkError("the server does not take a log-in")
        }
        var said: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while !String(decoding: said, as: UTF8.self).contains("Authentication accepted") {
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { throw BenchmarkError("the server does not let a manager in") }
            said += piece[..<count]
        }
        return descriptor
    }
}
