/// The state of a playback as ARI writes it.
public enum PlaybackState: String, Sendable, Hashable, CaseIterable {
    case queued
    case playing
    case continuing
    case done
    case failed
    /// Not declared by the reference, but sent while a playback is paused.
    case paused
}

/// A snapshot of a playback (ARI model `Playback`), immutable and encoded once.
public final class Playback: Sendable {
    public let id: String
    /// The item that is played now.
    public let mediaURI: String
    /// The item after it, when there is one.
    public let nextMediaURI: String?
    /// `channel:<id>` or `bridge:<id>`.
    public let targetURI: String
    public let language: String
    public let state: PlaybackState
    /// The playback as a JSON object.
    public let json: [UInt8]

    public init(
        id: String, mediaURI: String, nextMediaURI: String? = nil, targetURI: String, language: String, state: PlaybackState
    ) {
        self.id = id
        self.mediaURI = mediaURI
        self.nextMediaURI = nextMediaURI
        self.targetURI = targetURI
        self.language = language
        self.state = state

        var writer = JSONWriter(capacity: 224)
        writer.beginObject()
        writer.member("id", id)
        writer.member("media_uri", mediaURI)
        writer.member("next_media_uri", ifPresent: nextMediaURI)
        writer.member("target_uri", targetURI)
        writer.member("language", language)
        writer.member("state", state.rawValue)
        writer.endObject()
        json = writer.bytes
    }
}

extension Playback: JSONWritable, Hashable {
    public func write(to writer: inout JSONWriter) { writer.raw(json) }
    public static func == (left: Playback, right: Playback) -> Bool { left.json == right.json }
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
