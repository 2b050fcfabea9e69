import Foundation
import Synchronization

/// CPU time of audio over many WebSockets, in both directions, two by two in bridges.
struct MediaSocketBenchmark: Benchmark {
    private static let sockets = 500
    private static let window = Duration.seconds(8)

    let meanings = [Goal.mediaSockets]

    func measure(with installation: Installation) async throws -> [Figure] {
        try await ReleaseServer.with(installation) { server in
            let events = try EventReader(port: server.httpPort)
            defer { events.close() }
            let client = ARIClient(port: server.httpPort)
            var channels: [String] = []
            var paths: [String] = []
            for _ in 0..<Self.sockets {
                let made = try JSONDecoder().decode(Made.self, from: try await client.ask("POST", "/channels/externalMedia", Self.wish))
                channels.append(made.id)
                paths.append("/media/\(made.channelvars.MEDIA_WEBSOCKET_CONNECTION_ID)")
            }
            let load = try MediaSocketLoad(port: server.httpPort, paths: paths)
            defer { load.stop() }
            try await client.bridge(channels, parties: 2)
            try await Task.sleep(for: .seconds(2))
            let value = try await medianOfThree(Goal.mediaSockets.name) {
                let before = load.received
                let start = ContinuousClock.now
                let (ns, _) = try await server.usage.cpuNs { try await Task.sleep(for: Self.window) }
                let elapsed = Double((ContinuousClock.now - start) / .nanoseconds(1))
                let expected = Double(Self.sockets) * elapsed / 20_000_000
                progress("\(Goal.mediaSockets.name): \(load.received - before) messages came of \(Int(expected))")
                guard Double(load.received - before) > 0.9 * expected else { throw BenchmarkError("messages are missing") }
                return ns / elapsed
            }
            return [Figure(meaning: .mediaSockets, value: value)]
        }
    }

    private static let wish = [
        "app": ReleaseServer.application, "external_host": "INCOMING", "encapsulation": "none", "transport": "websocket",
        "connection_type": "server", "format": "ulaw",
    ]

    private struct Made: Decodable {
        struct Variables: Decodable { let MEDIA_WEBSOCKET_CONNECTION_ID: String }
        let id: String
        let channelvars: Variables
    }
}

/// Sends 20 ms of audio over each WebSocket every 20 ms, and counts what comes back.
private final class MediaSocketLoad: Sendable {
    private let state = Mutex((received: 0, isOver: false))

    init(port: Int, paths: [String]) throws {
        let failure = Mutex<(any Error)?>(nil)
        let ready = DispatchSemaphore(value: 0)
        Thread.detachNewThread { [self] in
            do {
                let sockets = try paths.map { try WebSocketClient(port: port, path: $0, subprotocol: "media") }
                ready.signal()
                try run(sockets)
            } catch {
                failure.withLock { $0 = error }
                ready.signal()
            }
        }
        ready.wait()
        if let error = failure.withLock({ $0 }) { throw error }
    }

    var received: Int { state.withLock { $0.received } }

    func stop() { state.withLock { $0.isOver = true } }

    private func run(_ sockets: [WebSocketClient]) throws {
        let frame = WebSocketClient.frame((0..<160).map { $0 % 8 < 4 ? 0x9f : 0x1f })
        var due = DispatchTime.now().uptimeNanoseconds
        while !state.withLock({ $0.isOver }) {
            for socket in sockets {
                try socket.send(frame: frame)
                guard socket.receive(waits: false) else { throw BenchmarkError("the server closed a media WebSocket") }
            }
            let count = sockets.reduce(0) { $0 + $1.binaries }
            state.withLock { $0.received = count }
            due += 20_000_000
            let now = DispatchTime.now().uptimeNanoseconds
            if due > now { usleep(UInt32((due - now) / 1_000)) }
        }
    }
}
