/// The state of a recording as ARI writes it.
public enum RecordingState: String, Sendable, Hashable, CaseIterable {
    case queued
    case recording
    case paused
    case done
    case failed
    case canceled
}

/// A recording that is queued or running (ARI model `LiveRecording`).
public struct LiveRecording: Sendable, Hashable, JSONWritable {
    public var name: String
    public var format: String
    public var state: RecordingState
    /// `channel:<id>` or `bridge:<id>`.
    public var targetURI: String
    /// Whole seconds; known at the end.
    public var duration: Int?
    /// Whole seconds of speech; only when the end was to be found by silence.
    public var talkingDuration: Int?
    /// Whole seconds of silence; only when the end was to be found by silence.
    public var silenceDuration: Int?
    /// Why the recording failed.
    public var cause: String?

    public init(
        name: String, format: String, state: RecordingState, targetURI: String, duration: Int? = nil,
        talkingDuration: Int? = nil, silenceDuration: Int? = nil, cause: String? = nil
    ) {
        self.name = name
        self.format = format
        self.state = state
        self.targetURI = targetURI
        self.duration = duration
        self.talkingDuration = talkingDuration
        self.silenceDuration = silenceDuration
        self.cause = cause
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("format", format)
        writer.member("state", state.rawValue)
        writer.member("target_uri", targetURI)
        writer.member("cause", ifPresent: cause)
        writer.member("duration", ifPresent: duration)
        writer.member("talking_duration", ifPresent: talkingDuration)
        writer.member("silence_duration", ifPresent: silenceDuration)
        writer.endObject()
    }
}

/// A recording that is kept as a file (ARI model `StoredRecording`).
public struct StoredRecording: Sendable, Hashable, JSONWritable {
    public var name: String
    public var format: String

    public init(name: String, format: String) {
        self.name = name
        self.format = format
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("format", format)
        writer.endObject()
    }
}
