/// The types of ARI events; the raw value is the `type` member and the name used in event filters.
public enum EventType: String, Sendable, Hashable, CaseIterable {
    case deviceStateChanged = "DeviceStateChanged"
    case playbackStarted = "PlaybackStarted"
    case playbackContinuing = "PlaybackContinuing"
    case playbackFinished = "PlaybackFinished"
    case recordingStarted = "RecordingStarted"
    case recordingFinished = "RecordingFinished"
    case recordingFailed = "RecordingFailed"
    case applicationMoveFailed = "ApplicationMoveFailed"
    case applicationRegistered = "ApplicationRegistered"
    case applicationUnregistered = "ApplicationUnregistered"
    case applicationReplaced = "ApplicationReplaced"
    case bridgeCreated = "BridgeCreated"
    case bridgeDestroyed = "BridgeDestroyed"
    case bridgeMerged = "BridgeMerged"
    case bridgeBlindTransfer = "BridgeBlindTransfer"
    case bridgeAttendedTransfer = "BridgeAttendedTransfer"
    case bridgeVideoSourceChanged = "BridgeVideoSourceChanged"
    case channelCreated = "ChannelCreated"
    case channelDestroyed = "ChannelDestroyed"
    case channelEnteredBridge = "ChannelEnteredBridge"
    case channelLeftBridge = "ChannelLeftBridge"
    case channelStateChange = "ChannelStateChange"
    case channelDtmfReceived = "ChannelDtmfReceived"
    case channelDialplan = "ChannelDialplan"
    case channelCallerId = "ChannelCallerId"
    case channelUserevent = "ChannelUserevent"
    case channelHangupRequest = "ChannelHangupRequest"
    case channelVarset = "ChannelVarset"
    case channelToneDetected = "ChannelToneDetected"
    case channelTalkingStarted = "ChannelTalkingStarted"
    case channelTalkingFinished = "ChannelTalkingFinished"
    case channelHold = "ChannelHold"
    case channelUnhold = "ChannelUnhold"
    case contactStatusChange = "ContactStatusChange"
    case endpointStateChange = "EndpointStateChange"
    case dial = "Dial"
    case stasisEnd = "StasisEnd"
    case stasisStart = "StasisStart"
    case textMessageReceived = "TextMessageReceived"
    case channelConnectedLine = "ChannelConnectedLine"
    case peerStatusChange = "PeerStatusChange"
    case channelTransfer = "ChannelTransfer"
    case restResponse = "RESTResponse"
    case callBroadcast = "CallBroadcast"
    case callClaimed = "CallClaimed"

    // Only for clients that ask for more than the reference has.
    case eventStreamStarted = "EventStreamStarted"
    case eventStreamResumed = "EventStreamResumed"
    case resumeFailed = "ResumeFailed"
    case channelAssigned = "ChannelAssigned"

    /// Whether the type is Arioso's own and sent only to a client that asked for what it tells of.
    public var isOnRequest: Bool {
        switch self {
        case .eventStreamStarted, .eventStreamResumed, .resumeFailed, .channelAssigned: true
        default: false
        }
    }
}
