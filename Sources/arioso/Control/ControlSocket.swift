import CallCore
import Foundation
import Logging
import NIOCore
import NIOPosix

/// Takes command lines over a socket in the file system, which only the owner of the process may open.
///
/// A client sends one line; it gets the status on a line of its own, then what the command printed, and the end of the connection. After
/// `core stop …` the connection ends with the process.
@CallActor
final class ControlSocket {
    nonisolated static let lineLimit = 4_096

    private let path: String
    private let commands: ControlCommands
    private var listener: (any NIOCore.Channel)?

    init(path: String, commands: ControlCommands) {
        self.path = path
        self.commands = commands
    }

    /// Opens the socket; one that a process left behind is replaced.
    func open() async throws {
        guard !ControlClient.isServed(path) else {
            throw ControlClient.Unreachable(description: "another server takes commands at \(path); stop it first")
        }
        try? FileManager.default.removeItem(atPath: path)
        let folder = try ShortFolder(of: path)
        defer { folder.close() }
        let channel = try await ServerBootstrap(group: CallActor.loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ControlConnection { line, channel in
                            CallActor.assumeIsolated { self.carryOut(line, channel) }
                        })
                }
            }
            .bind(unixDomainSocketPath: folder.path).get()
        listener = channel
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    private func carryOut(_ line: String, _ channel: any NIOCore.Channel) {
        let isStop = line.lowercased().hasPrefix("core stop")
        CallActor.run { [commands] in
            let output = await commands.run(line)
            let text = "\(output.status)\n" + output.lines.map { $0 + "\n" }.joined()
            try? await channel.writeAndFlush(ByteBuffer(string: text)).get()
            // The end of the process ends the connection, so that who asked knows.
            if !(isStop && output.succeeded) { try? await channel.close() }
        }
    }

    func close() async {
        try? await listener?.close()
        listener = nil
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Gathers one line.
private final class ControlConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let onLine: (String, any NIOCore.Channel) -> Void
    private var bytes: [UInt8] = []
    private var isDone = false

    init(onLine: @escaping (String, any NIOCore.Channel) -> Void) { self.onLine = onLine }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        bytes += unwrapInboundIn(data).readableBytesView
        guard bytes.count <= ControlSocket.lineLimit else { return context.close(promise: nil) }
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return }
        isDone = true
        onLine(String(decoding: bytes[..<end], as: UTF8.self).trimmingCharacters(in: .whitespaces), context.channel)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// A short way to a file whose path is too long for a socket's address (108 bytes).
struct ShortFolder {
    let path: String
    private let descriptor: CInt

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    init(of file: String) throws {
        guard file.utf8.count > 100 else {
            (path, descriptor) = (file, -1)
            return
        }
        let folder = (file as NSString).deletingLastPathComponent
        descriptor = Foundation.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(description: "can't open the folder \(folder)") }
        path = "/proc/self/fd/\(descriptor)/\((file as NSString).lastPathComponent)"
    }

    func close() { if descriptor >= 0 { _ = Foundation.close(descriptor) } }
}

/// Sends a command line to a running server.
enum ControlClient {
    struct Unreachable: Error, CustomStringConvertible {
        let description: String
    }

    /// - Returns: what the server printed, and the status.
    /// - Throws: ``Unreachable`` when no server listens there.
    static func send(_ line: String, to path: String) throws -> ControlOutput {
        let descriptor = try connect(path)
        defer { close(descriptor) }
        let request = Array((line.filter { !$0.isNewline } + "\n").utf8)
        guard write(descriptor, request, request.count) == request.count else {
            throw Unreachable(description: "\(path) does not take the command")
        }
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            answer += piece[..<count]
        }
        var lines = String(decoding: answer, as: UTF8.self).components(separatedBy: "\n")
        guard let status = lines.first.flatMap({ Int32($0) }) else { throw Unreachable(description: "\(path) gives no answer") }
        lines.removeFirst()
        if lines.last == "" { lines.removeLast() }
        return ControlOutput(lines, status: status)
    }

    /// Whether a server listens there.
    static func isServed(_ path: String) -> Bool {
        guard let descriptor = try? connect(path) else { return false }
        close(descriptor)
        return true
    }

    private static func connect(_ path: String) throws -> CInt {
        guard let folder = try? ShortFolder(of: path) else { throw Unreachable(description: "no server listens at \(path)") }
        defer { folder.close() }
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        let address = try SocketAddress(unixDomainSocketPath: folder.path)
        guard address.withSockAddr({ Foundation.connect(descriptor, $0, socklen_t($1)) }) == 0 else {
            close(descriptor)
            throw Unreachable(description: "no server listens at \(path)")
        }
        return descriptor
    }
}
