/// Names what a request asks for (RFC 3261 7.1; extensions from RFC 3262, 3265, 3311, 3428, 3515, 3903 and 6086).
public enum SIPMethod: Sendable, Hashable, CustomStringConvertible {
    case invite, ack, bye, cancel, options, register, info, update, prack, refer, notify, subscribe, message, publish
    /// A method that this list does not name; the token is kept as it was sent.
    case other(String)

    /// Reads a method token. Methods are case-sensitive (RFC 3261 7.1), so "invite" is `.other("invite")`.
    public init(_ token: String) {
        switch token {
        case "INVITE": self = .invite
        case "ACK": self = .ack
        case "BYE": self = .bye
        case "CANCEL": self = .cancel
        case "OPTIONS": self = .options
        case "REGISTER": self = .register
        case "INFO": self = .info
        case "UPDATE": self = .update
        case "PRACK": self = .prack
        case "REFER": self = .refer
        case "NOTIFY": self = .notify
        case "SUBSCRIBE": self = .subscribe
        case "MESSAGE": self = .message
        case "PUBLISH": self = .publish
        default: self = .other(token)
        }
    }

    /// The token as it stands on the wire.
    public var name: String {
        switch self {
        case .invite: "INVITE"
        case .ack: "ACK"
        case .bye: "BYE"
        case .cancel: "CANCEL"
        case .options: "OPTIONS"
        case .register: "REGISTER"
        case .info: "INFO"
        case .update: "UPDATE"
        case .prack: "PRACK"
        case .refer: "REFER"
        case .notify: "NOTIFY"
        case .subscribe: "SUBSCRIBE"
        case .message: "MESSAGE"
        case .publish: "PUBLISH"
        case .other(let token): token
        }
    }

    /// Says whether the method is one that this list names.
    public var isKnown: Bool {
        if case .other = self { false } else { true }
    }

    public var description: String { name }
}
