public import CallCore

/// The programs to which media WebSockets are opened, by name.
@CallActor
public final class OutboundPrograms: MediaSocketDialer {
    private let server: ARIServer
    private var targets: [String: WebSocketTarget] = [:]

    public init(server: ARIServer) {
        self.server = server
    }

    /// Takes other programs; connections that stand go on.
    public func apply(_ new: [WebSocketTarget]) {
        targets = Dictionary(new.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public func knows(_ name: String) -> Bool { targets[name] != nil }

    public func connect(_ leg: MediaSocketLeg, to name: String) async throws {
        guard let target = targets[name] else { throw OutboundWebSocketError(description: "there is no such program any more") }
        try await server.connect(leg, to: target)
    }
}
