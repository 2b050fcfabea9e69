/// How one channel takes part in a bridge.
public struct BridgeMemberOptions: Sendable {
    /// `announcer` speaks to everybody in a holding bridge; anything else takes part as usual.
    public var role: String?
    public var absorbsDigits: Bool
    public var inhibitsConnectedLine: Bool

    public init(role: String? = nil, absorbsDigits: Bool = false, inhibitsConnectedLine: Bool = false) {
        self.role = role
        self.absorbsDigits = absorbsDigits
        self.inhibitsConnectedLine = inhibitsConnectedLine
    }

    var isAnnouncer: Bool { role == "announcer" }
}

/// What a bridge was asked to be: the comma list of `POST /bridges`.
public struct BridgeKind: Sendable, Hashable {
    /// `mixing` or `holding`.
    public let type: String
    public let videoMode: String
    /// Whether packets of two parties may pass without anybody looking into them.
    let allowsNative: Bool

    public static let mixing = BridgeKind(type: "mixing", videoMode: "talker", allowsNative: true)

    var isHolding: Bool { type == "holding" }

    private init(type: String, videoMode: String, allowsNative: Bool) {
        self.type = type
        self.videoMode = videoMode
        self.allowsNative = allowsNative
    }

    /// Reads a list such as `mixing,dtmf_events`; empty means mixing. Words that it does not know are passed over.
    ///
    /// - Returns: Nil when both types or, in a list that is not empty, none is named.
    public init?(list: String?) {
        let words = (list ?? "").split(separator: ",").map { $0.trimmingBlanks() }
        let isHolding = words.contains("holding")
        // proxy_media and video modes mean mixing, also alone.
        let isMixing = words.contains { ["mixing", "dtmf_events", "proxy_media", "video_sfu", "video_single"].contains($0) }
        guard words.isEmpty || isHolding || isMixing, !(isHolding && words.contains("mixing")) else { return nil }
        self.init(
            type: isHolding ? "holding" : "mixing",
            videoMode: words.contains("video_sfu") ? "sfu" : words.contains("video_single") ? "single" : "talker",
            allowsNative: !words.contains { ["dtmf_events", "proxy_media"].contains($0) })
    }
}
