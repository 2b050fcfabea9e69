public import Media

/// A way to reach the outside world (`PJSIP`, `Local`): it makes the legs that channels are dialled with.
@CallActor
public protocol ChannelTechnology: AnyObject {
    /// The word before the slash of a dial string.
    var name: String { get }

    /// Whether far ends may connect to us instead of being called (`INCOMING` as destination).
    var takesConnections: Bool { get }

    /// Makes a channel that can be dialled to `destination` (the dial string after the slash), in state Down and not yet calling.
    /// - Throws: ``DialRefusal`` when the destination can't be called at all.
    func makeChannel(for destination: String, request: OutboundRequest) throws(DialRefusal) -> Channel

    /// Does what takes time before a channel to `destination` can be made, such as opening a connection.
    /// - Returns: false when there is no use in going on.
    func prepare(for destination: String) async -> Bool

    /// Connects a channel that is there to a program, as the application of the dialplan that is called like the technology does it.
    ///
    /// - Parameter onEnd: called once when the program ends the connection.
    /// - Returns: nil, with the reason in the log, when there is no connection.
    func connect(_ channel: Channel, to destination: String, onEnd: @escaping @CallActor () -> Void) async -> (any ProgramConnection)?

    /// Sends a text to `resource`.
    /// - Returns: false when there is no way to it.
    func send(_ message: OutgoingMessage, to resource: String) -> Bool

    /// Sends `resource` elsewhere outside of a call.
    /// - Returns: false when there is no way to it.
    func refer(_ referral: EndpointReferral, at resource: String) -> Bool
}

extension ChannelTechnology {
    public var takesConnections: Bool { false }
    public func prepare(for destination: String) async -> Bool { true }
    public func connect(
        _ channel: Channel, to destination: String, onEnd: @escaping @CallActor () -> Void
    ) async -> (any ProgramConnection)? { nil }
    public func send(_ message: OutgoingMessage, to resource: String) -> Bool { false }
    public func refer(_ referral: EndpointReferral, at resource: String) -> Bool { false }
}

/// What an outbound channel should be made with.
public struct OutboundRequest: Sendable {
    /// The unique id to give the channel; a fresh one when nil.
    public var channelID: String?
    /// The unique id of the second half of a Local channel; `<id>;2` when nil and `channelID` is given.
    public var otherChannelID: String?
    /// Names of the audio formats that may be offered, in order of preference; empty for the destination's own.
    public var formats: [String]
    /// The channel on whose behalf the call is made.
    public var requesterID: String?

    public init(channelID: String? = nil, otherChannelID: String? = nil, formats: [String] = [], requesterID: String? = nil) {
        self.channelID = channelID
        self.otherChannelID = otherChannelID
        self.formats = formats
        self.requesterID = requesterID
    }
}

/// Why a destination can't be called.
public enum DialRefusal: Error, Equatable, Sendable {
    case unknownTechnology(String)
    case unknownDestination(String)
    case notRegistered(String)
    case noCommonCodec
    case noMedia(String)
    case channelLimit

    /// What Dial() and the hangup cause make of it.
    public var cause: HangupCause {
        switch self {
        case .unknownTechnology: 66
        case .unknownDestination: 3
        case .notRegistered: 20
        case .noCommonCodec: .bearerCapabilityNotAvailable
        case .noMedia, .channelLimit: .congestion
        }
    }
}

/// What a channel can be told to show to its far end.
public enum ChannelIndication: Sendable, Equatable {
    case ringing
    case progress
    case proceeding
    case busy
    case congestion
    case hold
    case unhold
    /// The connected line changed: tell the far end who it talks to.
    case connectedLine
    /// Stop ringing: nothing is heard any more.
    case stopTone
}

/// The driver's side of one channel: what the call core asks of SIP or of the other half of a Local channel.
@CallActor
public protocol ChannelLeg: AnyObject {
    /// The audio of this leg; nil before there is any.
    var port: (any MediaPort)? { get }

    /// Samples per second of what the far end hears: sounds are brought to it before they are played.
    var sampleRate: Int { get }

    /// Calls the far end. Results come as ``Channel/legRinging()``, ``Channel/legProgress(tone:)``, ``Channel/legAnswered()``,
    /// ``Channel/legEnded(cause:techCause:)``.
    /// - Returns: false when there is nothing to call; the leg is of no use then.
    func call() -> Bool

    /// Accepts an incoming call. The channel is Up when this returns.
    func answer()

    /// Shows `indication` to the far end, where its protocol can.
    func indicate(_ indication: ChannelIndication)

    /// Ends the leg, telling the far end why. Nothing comes from the leg after this.
    func hangUp(cause: HangupCause)

    /// Plays digits to the far end in the way it was configured for.
    /// - Returns: false when the leg can't and the media port should.
    func sendDigits(_ digits: [DigitToSend]) -> Bool

    /// Sends the far end elsewhere (SIP: 302 before answer, REFER after).
    /// - Returns: false when the protocol can't.
    func transfer(to destination: String) -> Bool

    /// A header of the request that opened the leg, for PJSIP_HEADER(read,…); `index` counts from 1.
    func requestHeader(_ name: String, index: Int) -> String?

    /// Adds a header to the request that will open the leg, for PJSIP_HEADER(add,…).
    func addRequestHeader(_ name: String, _ value: String)

    /// What CHANNEL(item) knows only here: `peerip`, `recvip`, `pjsip,call-id`, `rtp,dest` …
    func property(_ item: String, arguments: [String]) -> String?
}

extension ChannelLeg {
    public func sendDigits(_ digits: [DigitToSend]) -> Bool { false }
    public func transfer(to destination: String) -> Bool { false }
    public func requestHeader(_ name: String, index: Int) -> String? { nil }
    public func addRequestHeader(_ name: String, _ value: String) {}
    public func property(_ item: String, arguments: [String]) -> String? { nil }
}
