import CallCore
import SIP

/// Takes what the transports receive. Everything is called on the control loop.
@CallActor
protocol TransportReceiver: AnyObject {
    /// A message came in, whole or broken; keep-alives are answered already.
    func receive(_ result: ParseResult, over flow: SIPFlow)
    /// A connection is gone: nothing can be sent over it any more.
    func flowFailed(_ id: UInt64)
}

/// Why a message can't be sent or a listener can't be opened.
enum TransportError: Error, CustomStringConvertible {
    case unsupportedTransport(String)
    /// No listener for the transport and the kind of address.
    case noListener(String)
    case unknownHost(String)
    case tooManyLookups
    /// A connection over TLS, but there is no certificate.
    case noCertificate

    var description: String {
        switch self {
        case .unsupportedTransport(let name): "SIP over \(name) is not served"
        case .noListener(let hop): "no listener can reach \(hop); configure one of its transport and kind of address"
        case .unknownHost(let host): "the host '\(host)' is not known"
        case .tooManyLookups: "too many host names are being looked up"
        case .noCertificate: "there is no certificate for TLS"
        }
    }
}
