/// A snapshot of a bridge (ARI model `Bridge`), immutable and encoded once.
public final class Bridge: Sendable {
    public let id: String
    /// `simple_bridge`, `softmix`, `holding_bridge` or `native_rtp`.
    public let technology: String
    /// `mixing` or `holding`.
    public let bridgeType: String
    /// `stasis` for bridges made over ARI, `basic` or `base` for the others.
    public let bridgeClass: String
    public let creator: String
    public let name: String
    /// Ids of the channels inside.
    public let channels: [String]
    public let creationTime: Timestamp
    /// `talker`, `single`, `sfu` or `none`.
    public let videoMode: String
    public let videoSourceID: String?
    /// Variables shown with the bridge; the member is left out when there are none.
    public let bridgeVars: [NamedValue]
    /// The bridge as a JSON object.
    public let json: [UInt8]

    public init(
        id: String, technology: String, bridgeType: String, bridgeClass: String, creator: String, name: String,
        channels: [String], creationTime: Timestamp, videoMode: String = "talker", videoSourceID: String? = nil,
        bridgeVars: [NamedValue] = []
    ) {
        self.id = id
        self.technology = technology
        self.bridgeType = bridgeType
        self.bridgeClass = bridgeClass
        self.creator = creator
        self.name = name
        self.channels = channels
        self.creationTime = creationTime
        self.videoMode = videoMode
        self.videoSourceID = videoSourceID
        self.bridgeVars = bridgeVars

        var writer = JSONWriter(capacity: 320)
        writer.beginObject()
        writer.member("id", id)
        writer.member("technology", technology)
        writer.member("bridge_type", bridgeType)
        writer.member("bridge_class", bridgeClass)
        writer.member("creator", creator)
        writer.member("name", name)
        writer.member("channels", channels)
        writer.member("creationtime", creationTime)
        writer.member("video_mode", videoMode)
        writer.member("video_source_id", ifPresent: videoSourceID)
        if !bridgeVars.isEmpty { writer.member("bridgevars", bridgeVars) }
        writer.endObject()
        json = writer.bytes
    }
}

extension Bridge: JSONWritable, Hashable {
    public func write(to writer: inout JSONWriter) { writer.raw(json) }
    public static func == (left: Bridge, right: Bridge) -> Bool { left.json == right.json }
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
