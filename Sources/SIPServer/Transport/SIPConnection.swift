import CallCore
import NIOCore
import SIP

/// A connection that carries SIP messages: over TCP, TLS or a WebSocket.
@CallActor
protocol SIPConnection: AnyObject {
    var flow: SIPFlow { get }
    /// When the last message came, or the connection was made.
    var heardAt: NIODeadline { get }
    /// Whether a phone has authenticated here, or we opened it.
    var isTrusted: Bool { get set }

    func send(_ bytes: [UInt8])
    func flush()
    func close()
    /// Looks now and then whether the far end is still there.
    func checkAlive(at now: NIODeadline)
}
