import CallCore
import NIOCore
import NIOPosix

/// Takes connections of programs, each of which names by its first message the call that it is for.
@CallActor
final class AudioSocketListener {
    private let log: any CallLog
    private let scheduler: any CallScheduler
    private var listener: (any NIOCore.Channel)?
    /// Calls that wait for a program, by UUID.
    private var expected: [[UInt8]: (AudioSocketConnection) -> Void] = [:]
    /// Programs that have not said which call they are for.
    private var strangers: [ObjectIdentifier: AudioSocketConnection] = [:]

    /// Programs that may be connected without having said which call they are for, and how long.
    private static let strangerLimit = 256
    private static let introductionMs = 5_000

    init(log: any CallLog, scheduler: any CallScheduler) {
        self.log = log
        self.scheduler = scheduler
    }

    var isListening: Bool { listener != nil }

    /// Begins to listen at a numeric address; gives the port.
    func start(host: String, port: Int) async throws -> Int {
        let bootstrap = ServerBootstrap(group: CallActor.loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try CallActor.assumeIsolated { self.accept(try AudioSocketConnection.take(channel)) }
                }
            }
        let channel = try await bootstrap.bind(host: host, port: port).get()
        listener = channel
        return channel.localAddress?.port ?? port
    }

    func stop() async {
        try? await listener?.close()
        listener = nil
        for stranger in strangers.values { stranger.close() }
        strangers = [:]
    }

    /// Waits for the program of a call.
    /// - Returns: false when nobody can connect, or another call waits with that UUID.
    func expect(_ uuid: [UInt8], _ arrived: @escaping (AudioSocketConnection) -> Void) -> Bool {
        guard isListening, expected[uuid] == nil else { return false }
        expected[uuid] = arrived
        return true
    }

    func forget(_ uuid: [UInt8]) { expected[uuid] = nil }

    private func accept(_ connection: AudioSocketConnection) {
        guard strangers.count < Self.strangerLimit else { return connection.close() }
        let id = ObjectIdentifier(connection)
        strangers[id] = connection
        let timer = scheduler.schedule(afterMs: Self.introductionMs) { [weak self] in self?.dismiss(id, "a program did not name its call") }
        connection.introduce { [weak self] message in
            timer.cancel()
            self?.introduced(id, message)
        } onClose: { [weak self] in
            timer.cancel()
            self?.strangers[id] = nil
        }
    }

    private func introduced(_ id: ObjectIdentifier, _ message: AudioSocketMessage) {
        guard message.kind == AudioSocketMessage.Kind.uuid, let arrived = expected.removeValue(forKey: message.payload) else {
            return dismiss(id, "a program named a call that does not wait")
        }
        guard let connection = strangers.removeValue(forKey: id) else { return }
        arrived(connection)
    }

    private func dismiss(_ id: ObjectIdentifier, _ reason: String) {
        guard let connection = strangers.removeValue(forKey: id) else { return }
        log.record(.notice, "AudioSocket", channelID: nil, detail: "\(reason): \(connection.remoteAddress)")
        connection.close()
    }
}
