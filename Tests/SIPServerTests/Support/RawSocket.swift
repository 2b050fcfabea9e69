import Foundation
import NIOCore
import Testing

/// A blocking socket of the test's own: the far end that the server has no influence on.
final class RawSocket {
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case udp, tcp

        var testDescription: String { rawValue }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let kind: Kind
    let host: String
    private var descriptor: CInt
    private var stream: [UInt8] = []

    private init(kind: Kind, host: String, descriptor: CInt) {
        self.kind = kind
        self.host = host
        self.descriptor = descriptor
    }

    deinit { close() }

    /// Opens a datagram socket, or connects to `port`.
    static func open(_ kind: Kind, host: String, port: Int) throws -> RawSocket {
        let family = host.contains(":") ? AF_INET6 : AF_INET
        let type = CInt((kind == .udp ? SOCK_DGRAM : SOCK_STREAM).rawValue)
        let descriptor = socket(family, type, 0)
        let made = RawSocket(kind: kind, host: host, descriptor: descriptor)
        if kind == .udp {
            let own = try SocketAddress(ipAddress: host, port: 0)
            guard own.withSockAddr({ bind(descriptor, $0, socklen_t($1)) }) == 0 else { throw Failure(description: "bind: \(errno)") }
        }
        let server = try SocketAddress(ipAddress: host, port: port)
        guard server.withSockAddr({ connect(descriptor, $0, socklen_t($1)) }) == 0 else { throw Failure(description: "connect: \(errno)") }
        return made
    }

    /// A port that nobody has at any address, over UDP and TCP, and that the system does not give to others by itself.
    static func freePort() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: 10_000...19_999)
            let addresses = try ["0.0.0.0", "::"].map { try SocketAddress(ipAddress: $0, port: port) }
            let isFree = [SOCK_DGRAM, SOCK_STREAM].allSatisfy { type in
                addresses.allSatisfy { address in
                    let descriptor = socket(address.protocol == .inet ? AF_INET : AF_INET6, CInt(type.rawValue), 0)
                    defer { _ = Foundation.close(descriptor) }
                    return address.withSockAddr { bind(descriptor, $0, socklen_t($1)) } == 0
                }
            }
            if isFree { return port }
        }
        throw Failure(description: "no port is free")
    }

    var port: Int {
        var address = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &size) }
        }
        // The port is at the same place in both kinds of address.
        return Int(UInt16(bigEndian: address.sin6_port))
    }

    func close() {
        if descriptor >= 0 { _ = Foundation.close(descriptor) }
        descriptor = -1
    }

    func send(_ bytes: [UInt8]) throws {
        guard Foundation.send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure(description: "send: \(errno)")
        }
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Gives the bytes that come within the time; empty when none do, nil when the connection was closed.
    func receiveBytes(withinMs limitMs: Int) -> [UInt8]? {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, CInt(limitMs)) > 0 else { return [] }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count == 0, kind == .tcp { return nil }
        guard count >= 0 else { return kind == .tcp ? nil : [] }
        return Array(buffer[..<count])
    }

    /// Gives the next message; nil when none comes within the time, or the connection is closed.
    func receive(withinMs limitMs: Int = 3_000) -> RawMessage? {
        let end = Date().addingTimeInterval(Double(limitMs) / 1_000)
        while true {
            if kind == .tcp, let message = takeFromStream() { return message }
            let left = Int(end.timeIntervalSinceNow * 1_000)
            guard left > 0 || limitMs == 0, let bytes = receiveBytes(withinMs: max(0, left)), !bytes.isEmpty else { return nil }
            if kind == .udp { return RawMessage(bytes) }
            stream += bytes
        }
    }

    private func takeFromStream() -> RawMessage? {
        while stream.starts(with: [13, 10]) { stream.removeFirst(2) }
        guard let head = RawMessage(stream), let end = Data(stream).range(of: Data([13, 10, 13, 10]))?.upperBound else { return nil }
        let total = end + (Int(head["content-length"] ?? "0") ?? 0)
        guard stream.count >= total else { return nil }
        let message = RawMessage(Array(stream[..<total]))
        stream.removeFirst(total)
        return message
    }
}
