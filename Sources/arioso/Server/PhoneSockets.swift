import ARIServer
import CallCore
import SIP
import SIPServer
import Softphone

extension ARIServer {
    /// Serves the softphone at `/phone/`.
    func addSoftphone() {
        addPages(at: "/phone/", SoftphoneFiles.all.map { PageFile(name: $0.name, bytes: $0.bytes, type: $0.type) })
    }

    /// Lets browsers speak SIP over WebSocket (RFC 7118) at `/ws` and `/asterisk/ws`.
    func addPhoneSockets(_ sip: SIPServer) {
        for path in ["/ws", "/asterisk/ws"] {
            addWebSocketRoute(
                path: path, subprotocol: "sip", isSubprotocolRequired: true, refusal: (503, "There is no room for another phone.")
            ) { [weak sip] request, socket in
                PhoneSocket(socket, request, sip)
            }
        }
    }
}

/// Ties a WebSocket to the SIP flow that it carries.
@CallActor
private final class PhoneSocket: WebSocketDelegate, SIPWebSocket {
    private let socket: WebSocketConnection
    private var flow: WebSocketFlow?

    /// - Returns: nil when the SIP side takes no more connections.
    init?(_ socket: WebSocketConnection, _ request: WebSocketRequest, _ sip: SIPServer?) {
        self.socket = socket
        let transport = request.isEncrypted ? SIPTransportKind.wss : .ws
        func address(_ end: WebSocketRequest.End) -> SIPTransportAddress {
            SIPTransportAddress(transport: transport, host: end.host, port: end.port)
        }
        flow = sip?.accept(self, local: address(request.local), remote: address(request.remote))
        if flow == nil { return nil }
    }

    func send(text: String) { socket.send(text: text) }
    func send(binary: [UInt8]) { socket.send(binary: binary) }
    func ping() { socket.ping() }
    func close() { socket.close(.goingAway) }

    func received(text: String) { flow?.received(text: text) }
    func received(binary: [UInt8]) { flow?.received(binary: binary) }
    func ponged() { flow?.heard() }

    func closed() {
        flow?.closed()
        flow = nil
    }
}
