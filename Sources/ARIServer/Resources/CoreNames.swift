import CallCore

// ARIModel and CallCore both have a Channel, a Bridge and a Playback: the snapshot and the thing itself.
typealias CallCoreChannel = CallCore.LiveChannel
typealias CallCoreBridge = CallCore.LiveBridge
typealias CallCorePlayback = CallCore.LivePlayback
