public import CallCore
import NIOCore
import SIP

/// The socket under a ``WebSocketFlow``: one end of a WebSocket on which both sides agreed to speak `sip` (RFC 7118).
@CallActor
public protocol SIPWebSocket: AnyObject {
    func send(text: String)
    func send(binary: [UInt8])
    /// Asks for a sign of life, which becomes ``WebSocketFlow/heard()``.
    func ping()
    func close()
}

/// Carries SIP messages over a WebSocket, one in each of its messages (RFC 7118): what browsers register and call through.
///
/// Made by ``SIPServer/accept(_:local:remote:)``; whoever owns the socket hands over what comes.
@CallActor
public final class WebSocketFlow: SIPConnection {
    /// A keep-alive, and its answer (RFC 5626 section 4.4.1).
    private static let (ping, pong) = ("\r\n\r\n", "\r\n")
    /// How often a sign of life is asked for: oftener than proxies give up idle connections. One that gives none for three times as long
    /// is closed.
    static let pingInterval = TimeAmount.seconds(25)
    static let patience = TimeAmount.seconds(75)

    let flow: SIPFlow
    private let limits: SIPLimits
    private weak var receiver: (any TransportReceiver)?
    private var socket: (any SIPWebSocket)?
    private(set) var heardAt: NIODeadline
    private var aliveAt: NIODeadline
    private var pingedAt: NIODeadline
    var isTrusted = false
    var onClose: (@CallActor (WebSocketFlow) -> Void)?

    init(flow: SIPFlow, socket: any SIPWebSocket, limits: SIPLimits, receiver: any TransportReceiver) {
        self.flow = flow
        self.socket = socket
        self.limits = limits
        self.receiver = receiver
        let now = NIODeadline.now()
        (heardAt, aliveAt, pingedAt) = (now, now, now)
    }

    // MARK: - From the socket

    /// Takes a text message.
    public func received(text: String) {
        if text == Self.ping {
            heard()
            return socket?.send(text: Self.pong) ?? ()
        }
        received(binary: Array(text.utf8))
    }

    /// Takes a binary message.
    public func received(binary: [UInt8]) {
        guard socket != nil else { return }
        heard()
        let result = SIPParser.parse(datagram: binary, limits: limits)
        if case .keepAlive = result { return }
        heardAt = aliveAt
        receiver?.receive(result, over: flow)
    }

    /// Takes a sign of life.
    public func heard() { aliveAt = .now() }

    /// Learns that the socket is gone.
    public func closed() {
        guard socket != nil else { return }
        socket = nil
        onClose?(self)
        onClose = nil
    }

    // MARK: - SIPConnection

    func send(_ bytes: [UInt8]) {
        if let text = String(validating: bytes, as: UTF8.self) { socket?.send(text: text) } else { socket?.send(binary: bytes) }
    }

    /// The socket flushes by itself.
    func flush() {}

    func close() {
        socket?.close()
        closed()
    }

    func checkAlive(at now: NIODeadline) {
        if aliveAt + Self.patience < now { return close() }
        guard pingedAt + Self.pingInterval <= now else { return }
        pingedAt = now
        socket?.ping()
    }
}
