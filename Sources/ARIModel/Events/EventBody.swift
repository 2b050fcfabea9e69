/// What an ARI event tells, by type; the members common to all events are added by ``Event``.
public enum EventBody: Sendable {
    // Applications
    case applicationMoveFailed(channel: Channel, destination: String, args: [String])
    case applicationRegistered
    case applicationUnregistered
    case applicationReplaced

    // Stasis
    case stasisStart(channel: Channel, args: [String], replaceChannel: Channel? = nil)
    case stasisEnd(channel: Channel)
    case callBroadcast(channel: Channel, caller: String, called: String)
    case callClaimed(channel: Channel, winnerApp: String)

    // Channels
    case channelCreated(channel: Channel)
    case channelDestroyed(channel: Channel, cause: Int, causeText: String, techCause: Int? = nil)
    case channelStateChange(channel: Channel)
    case channelDialplan(channel: Channel, app: String, appData: String)
    case channelCallerId(channel: Channel, presentation: Int, presentationText: String)
    case channelConnectedLine(channel: Channel)
    /// `digit` is one of 0–9, *, #, A–D; `durationMs` is how long it was held.
    case channelDtmfReceived(channel: Channel, digit: String, durationMs: Int)
    case channelHangupRequest(channel: Channel, cause: Int? = nil, soft: Bool? = nil, techCause: Int? = nil)
    /// Without a channel the variable is a global one.
    case channelVarset(channel: Channel?, variable: String, value: String)
    case channelToneDetected(channel: Channel)
    case channelTalkingStarted(channel: Channel)
    case channelTalkingFinished(channel: Channel, durationMs: Int)
    case channelHold(channel: Channel, musicClass: String)
    case channelUnhold(channel: Channel)
    case channelTransfer(state: String?, referTo: ReferTo, referredBy: ReferredBy)
    /// `variables` become members of `userevent` beside its own `eventname`.
    case channelUserevent(
        eventName: String, channel: Channel? = nil, bridge: Bridge? = nil, endpoint: Endpoint? = nil,
        variables: JSONObject = JSONObject())
    /// `status` is empty for the start of a dial.
    case dial(
        caller: Channel? = nil, peer: Channel, dialString: String = "", status: String, forward: String = "",
        forwarded: Channel? = nil)

    // Bridges
    case bridgeCreated(bridge: Bridge)
    case bridgeDestroyed(bridge: Bridge)
    /// `bridge` is the one that goes on, `from` the one that was emptied.
    case bridgeMerged(bridge: Bridge, from: Bridge)
    case bridgeVideoSourceChanged(bridge: Bridge, oldVideoSourceID: String? = nil)
    case channelEnteredBridge(channel: Channel, bridge: Bridge)
    case channelLeftBridge(channel: Channel, bridge: Bridge)
    indirect case bridgeBlindTransfer(BlindTransfer)
    indirect case bridgeAttendedTransfer(AttendedTransfer)

    // Media
    case playbackStarted(playback: Playback)
    case playbackContinuing(playback: Playback)
    case playbackFinished(playback: Playback)
    indirect case recordingStarted(recording: LiveRecording)
    indirect case recordingFinished(recording: LiveRecording)
    indirect case recordingFailed(recording: LiveRecording)

    // Endpoints and devices
    case deviceStateChanged(DeviceState)
    case endpointStateChange(endpoint: Endpoint)
    indirect case contactStatusChange(endpoint: Endpoint, contact: ContactInfo)
    indirect case peerStatusChange(endpoint: Endpoint, peer: Peer)
    indirect case textMessageReceived(message: TextMessage, endpoint: Endpoint? = nil)

    // REST over WebSocket
    indirect case restResponse(RESTResponse)

    // On request
    /// `resume` is the token with which to go on, `seq` the number of the last event before.
    case eventStreamStarted(resume: String, seq: Int)
    /// `missed` events follow, then new ones.
    case eventStreamResumed(resume: String, seq: Int, missed: Int)
    indirect case resumeFailed(FailedResume)
    /// The connection takes over a channel from another one that is gone.
    case channelAssigned(channel: Channel, args: [String])
}

/// Why a client can't get what it missed, and where things stand instead.
public struct FailedResume: Sendable {
    public enum Reason: String, Sendable {
        /// The token is none of this application, or no longer.
        case unknownToken = "unknown_token"
        /// More was missed than is kept.
        case tooOld = "too_old"
    }

    public var reason: Reason
    /// The token of the new stream.
    public var resume: String
    public var channels: [Channel]
    public var bridges: [Bridge]
    /// Whether all channels and bridges are listed.
    public var isComplete: Bool

    public init(reason: Reason, resume: String, channels: [Channel], bridges: [Bridge], isComplete: Bool) {
        self.reason = reason
        self.resume = resume
        self.channels = channels
        self.bridges = bridges
        self.isComplete = isComplete
    }
}

/// The end of a blind transfer that the server carried out itself.
public struct BlindTransfer: Sendable {
    /// The channel of the party that transfers.
    public var channel: Channel
    public var exten: String
    public var context: String
    /// `Success`, `Fail`, `Invalid` or `Not Permitted`.
    public var result: String
    /// Whether the transfer was started by the far end and not by a feature code.
    public var isExternal: Bool
    public var transferee: Channel?
    public var replaceChannel: Channel?
    public var bridge: Bridge?

    public init(
        channel: Channel, exten: String, context: String, result: String, isExternal: Bool, transferee: Channel? = nil,
        replaceChannel: Channel? = nil, bridge: Bridge? = nil
    ) {
        self.channel = channel
        self.exten = exten
        self.context = context
        self.result = result
        self.isExternal = isExternal
        self.transferee = transferee
        self.replaceChannel = replaceChannel
        self.bridge = bridge
    }
}

/// The end of an attended transfer that the server carried out itself.
public struct AttendedTransfer: Sendable {
    /// What the transfer led to; names the `destination_…` members.
    public enum Destination: Sendable {
        case bridge(id: String)
        case application(String)
        case link(firstLeg: Channel, secondLeg: Channel)
        case threeway(channel: Channel, bridge: Bridge)
        case fail
    }

    public var firstLeg: Channel
    public var secondLeg: Channel
    /// `Success`, `Fail`, `Invalid` or `Not Permitted`.
    public var result: String
    public var isExternal: Bool
    public var destination: Destination
    public var transferee: Channel?
    public var transferTarget: Channel?
    public var replaceChannel: Channel?
    public var firstLegBridge: Bridge?
    public var secondLegBridge: Bridge?

    public init(
        firstLeg: Channel, secondLeg: Channel, result: String, isExternal: Bool, destination: Destination,
        transferee: Channel? = nil, transferTarget: Channel? = nil, replaceChannel: Channel? = nil,
        firstLegBridge: Bridge? = nil, secondLegBridge: Bridge? = nil
    ) {
        self.firstLeg = firstLeg
        self.secondLeg = secondLeg
        self.result = result
        self.isExternal = isExternal
        self.destination = destination
        self.transferee = transferee
        self.transferTarget = transferTarget
        self.replaceChannel = replaceChannel
        self.firstLegBridge = firstLegBridge
        self.secondLegBridge = secondLegBridge
    }
}

/// The answer to one REST request that came over a WebSocket.
public struct RESTResponse: Sendable {
    /// The ids of the request, empty when it had none.
    public var transactionID: String
    public var requestID: String
    public var statusCode: Int
    public var reasonPhrase: String
    /// The `uri` of the request without its query.
    public var uri: String
    public var contentType: String?
    public var messageBody: String?

    public init(
        transactionID: String, requestID: String, statusCode: Int, reasonPhrase: String, uri: String,
        contentType: String? = nil, messageBody: String? = nil
    ) {
        self.transactionID = transactionID
        self.requestID = requestID
        self.statusCode = statusCode
        self.reasonPhrase = reasonPhrase
        self.uri = uri
        self.contentType = contentType
        self.messageBody = messageBody
    }
}
