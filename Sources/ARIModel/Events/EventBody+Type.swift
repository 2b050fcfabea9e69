extension EventBody {
    /// The type that names the event on the wire and in filters.
    public var type: EventType {
        switch self {
        case .deviceStateChanged: .deviceStateChanged
        case .playbackStarted: .playbackStarted
        case .playbackContinuing: .playbackContinuing
        case .playbackFinished: .playbackFinished
        case .recordingStarted: .recordingStarted
        case .recordingFinished: .recordingFinished
        case .recordingFailed: .recordingFailed
        case .applicationMoveFailed: .applicationMoveFailed
        case .applicationRegistered: .applicationRegistered
        case .applicationUnregistered: .applicationUnregistered
        case .applicationReplaced: .applicationReplaced
        case .bridgeCreated: .bridgeCreated
        case .bridgeDestroyed: .bridgeDestroyed
        case .bridgeMerged: .bridgeMerged
        case .bridgeBlindTransfer: .bridgeBlindTransfer
        case .bridgeAttendedTransfer: .bridgeAttendedTransfer
        case .bridgeVideoSourceChanged: .bridgeVideoSourceChanged
        case .channelCreated: .channelCreated
        case .channelDestroyed: .channelDestroyed
        case .channelEnteredBridge: .channelEnteredBridge
        case .channelLeftBridge: .channelLeftBridge
        case .channelStateChange: .channelStateChange
        case .channelDtmfReceived: .channelDtmfReceived
        case .channelDialplan: .channelDialplan
        case .channelCallerId: .channelCallerId
        case .channelUserevent: .channelUserevent
        case .channelHangupRequest: .channelHangupRequest
        case .channelVarset: .channelVarset
        case .channelToneDetected: .channelToneDetected
        case .channelTalkingStarted: .channelTalkingStarted
        case .channelTalkingFinished: .channelTalkingFinished
        case .channelHold: .channelHold
        case .channelUnhold: .channelUnhold
        case .contactStatusChange: .contactStatusChange
        case .endpointStateChange: .endpointStateChange
        case .dial: .dial
        case .stasisEnd: .stasisEnd
        case .stasisStart: .stasisStart
        case .textMessageReceived: .textMessageReceived
        case .channelConnectedLine: .channelConnectedLine
        case .peerStatusChange: .peerStatusChange
        case .channelTransfer: .channelTransfer
        case .restResponse: .restResponse
        case .callBroadcast: .callBroadcast
        case .callClaimed: .callClaimed
        case .eventStreamStarted: .eventStreamStarted
        case .eventStreamResumed: .eventStreamResumed
        case .resumeFailed: .resumeFailed
        case .channelAssigned: .channelAssigned
        }
    }
}
