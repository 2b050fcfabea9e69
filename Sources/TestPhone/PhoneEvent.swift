/// What happened to a phone or one of its calls, for people who watch. `call` is the number or URI of the other side.
public enum PhoneEvent: Sendable, CustomStringConvertible {
    case registered(forSeconds: Int)
    case registrationFailed(PhoneError)
    case calling(String)
    case called(by: String)
    case ringing(call: String)
    /// Another provisional response, such as 183.
    case progress(call: String, status: Int)
    case answered(call: String)
    /// The audio that was agreed on: the codec's name, where it goes, and the direction as in SDP.
    case media(call: String, codec: String, remote: String, direction: String)
    /// The other side holds the call, or takes it back.
    case held(call: String, Bool)
    case digit(call: String, Character)
    case ended(call: String, CallEnd)

    public var description: String {
        switch self {
        case .registered(let seconds): "registered for \(seconds) s"
        case .registrationFailed(let error): "\(error)"
        case .calling(let call): "calling \(call)"
        case .called(let caller): "called by \(caller)"
        case .ringing(let call): "\(call) rings"
        case .progress(let call, let status): "\(call) makes progress (\(status))"
        case .answered(let call): "\(call) answered"
        case .media(let call, let codec, let remote, let direction): "audio with \(call): \(codec), \(remote), \(direction)"
        case .held(let call, let isHeld): isHeld ? "\(call) put the call on hold" : "\(call) took the call off hold"
        case .digit(let call, let digit): "\(call) pressed \(digit)"
        case .ended(let call, let end): "call with \(call) ended: \(end)"
        }
    }
}
