/// Why a phone could not do what was asked.
public enum PhoneError: Error, Sendable, CustomStringConvertible {
    /// A local address or port is not to be had.
    case cannotBind(host: String, port: Int, reason: String)
    /// The server's name or address leads nowhere.
    case cannotReach(String, reason: String)
    case noServer
    /// Text that makes no SIP URI.
    case badNumber(String)
    case badDigits(String)
    case registrationRefused(user: String, status: Int, phrase: String)
    /// The call was refused or not answered; `cause` is the Q.850 cause.
    case callFailed(number: String, status: Int, phrase: String, cause: Int)
    /// The call was over before what was awaited.
    case callEnded(number: String, CallEnd)
    case changeRefused(number: String, status: Int)
    case timedOut(what: String, afterMs: Int)
    /// The phone is closed.
    case closed

    public var description: String {
        switch self {
        case .cannotBind(let host, let port, let reason): "cannot bind \(host) port \(port): \(reason)"
        case .cannotReach(let place, let reason): "cannot reach \(place): \(reason)"
        case .noServer: "the phone has no server: set PhoneSettings.server, or dial a SIP URI over UDP"
        case .badNumber(let number): "\"\(number)\" cannot be dialled: give a number, a user name or a SIP URI"
        case .badDigits(let digits): "\"\(digits)\" has other characters than the keys 0-9, *, #, A-D"
        case .registrationRefused(let user, let status, let phrase):
            "registration of \(user) refused: \(status) \(phrase)\(Self.hint(status, user))"
        case .callFailed(let number, let status, let phrase, let cause):
            "call to \(number) failed: \(status) \(phrase) (cause \(cause))\(Self.hint(status, number))"
        case .callEnded(let number, let end): "the call with \(number) is over: \(end)"
        case .changeRefused(let number, let status): "\(number) refused to change the call: \(status)"
        case .timedOut(let what, let afterMs): "no \(what) within \(afterMs) ms"
        case .closed: "the phone is closed"
        }
    }

    private static func hint(_ status: Int, _ name: String) -> String {
        switch status {
        case 401, 403, 407: "; check user and password"
        case 404: "; the server does not know \(name)"
        case 408: "; nobody answered: check the server's address and transport"
        case 488: "; check the codecs"
        case 503: "; the request could not be sent"
        default: ""
        }
    }
}

/// How a call ended.
public struct CallEnd: Sendable, Hashable, CustomStringConvertible {
    public var byRemote: Bool
    /// The Q.850 cause, such as 16 for normal clearing.
    public var cause: Int
    /// The SIP status, when the end was a failure.
    public var status: Int?
    public var phrase: String

    public init(byRemote: Bool, cause: Int, status: Int? = nil, phrase: String = "") {
        self.byRemote = byRemote
        self.cause = cause
        self.status = status
        self.phrase = phrase
    }

    public var description: String {
        let failure = status.map { ", \($0)\(phrase.isEmpty ? "" : " \(phrase)")" } ?? ""
        return "\(byRemote ? "by the other side" : "by this side"), cause \(cause)\(failure)"
    }
}
