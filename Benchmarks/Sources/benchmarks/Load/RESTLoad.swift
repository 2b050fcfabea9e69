import Foundation
import NIOPosix

/// Sends the same GET over keep-alive connections, on each as soon as the response to the one before has come.
///
/// One thread with plain sockets, so that the client costs little beside the server.
struct RESTLoad: Sendable {
    private static let bufferBytes = 1 << 18
    private static let silenceLimitMs: CInt = 5_000

    let port: Int
    let path: String
    var connections = 16

    /// Gives the number of responses; with 0 ms, one for each connection.
    ///
    /// - Throws: that the server refuses, closes, falls silent, or answers with another status than 200.
    func run(forMs: Int) async throws -> Int {
        try await NIOThreadPool.singleton.runIfActive { try exchange(forMs: forMs) }
    }

    private var request: [UInt8] {
        let credentials = Data("\(ReleaseServer.user):\(ReleaseServer.password)".utf8).base64EncodedString()
        return Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Basic \(credentials)\r\n\r\n".utf8)
    }

    private func exchange(forMs: Int) throws -> Int {
        let request = request
        var polls: [pollfd] = []
        var responses: [HTTPResponseFrame] = []
        defer { for poll in polls { close(poll.fd) } }
        for _ in 0..<connections {
            polls.append(pollfd(fd: try connect(), events: Int16(POLLIN), revents: 0))
            responses.append(HTTPResponseFrame())
        }
        for poll in polls { try send(request, to: poll.fd) }
        let deadline = DispatchTime.now() + .milliseconds(forMs)
        var buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
        var count = 0
        var open = connections
        while open > 0 {
            guard poll(&polls, nfds_t(polls.count), Self.silenceLimitMs) > 0 else { throw BenchmarkError("\(path): no response") }
            let isOver = DispatchTime.now() >= deadline
            for index in polls.indices where polls[index].revents != 0 {
                let size = recv(polls[index].fd, &buffer, buffer.count, 0)
                guard size > 0 else { throw BenchmarkError("\(path): the server closed the connection") }
                guard try buffer.withUnsafeBytes({ try responses[index].take(UnsafeRawBufferPointer(rebasing: $0[..<size])) }) else {
                    continue
                }
                count += 1
                if isOver {
                    polls[index].events = 0
                    open -= 1
                } else {
                    try send(request, to: polls[index].fd)
                }
            }
        }
        return count
    }

    private func connect() throws -> CInt {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in(loopbackPort: port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard descriptor >= 0, address.withGeneral({ Glibc.connect(descriptor, $0, size) }) == 0 else {
            close(descriptor)
            throw BenchmarkError("cannot connect to 127.0.0.1:\(port)")
        }
        var on: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
        return descriptor
    }

    private func send(_ bytes: [UInt8], to descriptor: CInt) throws {
        guard Glibc.send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count else {
            throw BenchmarkError("\(path): the server does not take the request")
        }
    }
}
