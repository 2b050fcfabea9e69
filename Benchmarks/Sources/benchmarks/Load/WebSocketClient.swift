import Foundation

/// A WebSocket without a library, so that the load generator costs little beside the server: it frames, counts, and looks at nothing.
final class WebSocketClient {
    let descriptor: CInt
    /// Messages of text and of bytes that came whole, and bytes in the latter.
    private(set) var texts = 0, binaries = 0, binaryBytes = 0
    /// Called with each message of text.
    var onText: ((ArraySlice<UInt8>) -> Void)?
    private var rest: [UInt8] = []
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)

    /// Connects and waits for the answer.
    init(port: Int, path: String, subprotocol: String? = nil) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in(loopbackPort: port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard descriptor >= 0, address.withGeneral({ connect(descriptor, $0, size) }) == 0 else {
            throw BenchmarkError("cannot connect to 127.0.0.1:\(port)")
        }
        var on: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
        let credentials = Data("\(ReleaseServer.user):\(ReleaseServer.password)".utf8).base64EncodedString()
        let request = """
            GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Basic \(credentials)\r\nUpgrade: websocket\r
            Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \(subprotocol.map { "Sec-WebSocket-Protocol: \($0)\r\n" } ?? "")\r\n
            """
        try write(Array(request.utf8))
        try skipAnswer(path)
    }

    deinit { close(descriptor) }

    private func skipAnswer(_ path: String) throws {
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { throw BenchmarkError("\(path): no answer") }
            rest += buffer[..<count]
            guard let end = rest.indices.dropLast(3).first(where: { rest[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }) else { continue }
            guard rest.starts(with: Array("HTTP/1.1 101".utf8)) else {
                throw BenchmarkError("\(path): \(String(decoding: rest.prefix(200), as: UTF8.self))")
            }
            rest.removeFirst(end + 4)
            return countFrames()
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        guard Glibc.send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count else {
            throw BenchmarkError("the server does not read")
        }
    }

    /// Gives a message as it goes over the wire; the mask is 0, so that the same bytes can be sent again and again.
    static func frame(_ payload: [UInt8], isText: Bool = false) -> [UInt8] {
        precondition(payload.count < 65_536, "longer messages are not needed")
        let length: [UInt8] =
            payload.count < 126
            ? [0x80 | UInt8(payload.count)] : [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        return [isText ? 0x81 : 0x82 as UInt8] + length + [0, 0, 0, 0] + payload
    }

    func send(frame: [UInt8]) throws { try write(frame) }

    /// Counts what has come, waiting for it when `waits`; false when the connection is over.
    func receive(waits: Bool) -> Bool {
        while true {
            let count = recv(descriptor, &buffer, buffer.count, waits ? 0 : CInt(MSG_DONTWAIT))
            if count < 0 { return errno == EAGAIN }
            if count == 0 { return false }
            rest += buffer[..<count]
            countFrames()
            if waits || count < buffer.count { return true }
        }
    }

    private func countFrames() {
        var start = 0
        while rest.count - start >= 2 {
            var length = Int(rest[start + 1] & 0x7f), head = 2
            if length == 126 {
                guard rest.count - start >= 4 else { break }
                (length, head) = (Int(rest[start + 2]) << 8 | Int(rest[start + 3]), 4)
            } else if length == 127 {
                guard rest.count - start >= 10 else { break }
                length = rest[start + 2..<start + 10].reduce(0) { $0 << 8 | Int($1) }
                head = 10
            }
            guard rest.count - start >= head + length else { break }
            if rest[start] & 0x0f == 1 {
                texts += 1
                onText?(rest[start + head..<start + head + length])
            } else if rest[start] & 0x0f == 2 {
                (binaries, binaryBytes) = (binaries + 1, binaryBytes + length)
            }
            start += head + length
        }
        if start > 0 { rest.removeFirst(start) }
    }
}
