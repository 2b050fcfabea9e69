import ARIModel

/// What a program is told over its media WebSocket.
struct MediaSocketNotice {
    enum Value {
        case text(String)
        case number(Int)
        case flag(Bool)
    }

    let name: String
    private let members: [(String, Value)]
    /// What the plain form has behind the name in place of members: the id of a mark, the text of an error.
    private let plainTail: String?

    private init(_ name: String, _ members: [(String, Value)] = [], plainTail: String? = nil) {
        self.name = name
        self.members = members
        self.plainTail = plainTail
    }

    static func start(connectionID: String, channel: Channel, format: String, frameBytes: Int) -> MediaSocketNotice {
        MediaSocketNotice(
            "MEDIA_START",
            [
                ("connection_id", .text(connectionID)), ("channel", .text(channel.name)), ("channel_id", .text(channel.id)),
                ("format", .text(format)), ("optimal_frame_size", .number(frameBytes)), ("ptime", .number(20)),
            ])
    }

    static func digit(_ digit: Character) -> MediaSocketNotice { MediaSocketNotice("DTMF_END", [("digit", .text(String(digit)))]) }
    static let xoff = MediaSocketNotice("MEDIA_XOFF")
    static let xon = MediaSocketNotice("MEDIA_XON")
    static let drained = MediaSocketNotice("QUEUE_DRAINED")
    static func buffered(id: String?) -> MediaSocketNotice { correlated("MEDIA_BUFFERING_COMPLETED", id) }
    static func marked(id: String?) -> MediaSocketNotice { correlated("MEDIA_MARK_PROCESSED", id) }
    static func error(_ text: String) -> MediaSocketNotice { MediaSocketNotice("ERROR", [("error_text", .text(text))], plainTail: text) }

    private static func correlated(_ name: String, _ id: String?) -> MediaSocketNotice {
        MediaSocketNotice(name, id.map { [("correlation_id", .text($0))] } ?? [], plainTail: id ?? "")
    }

    static func status(frames: Int, xon: Int, xoff: Int, isFull: Bool, isBuffering: Bool, isPaused: Bool) -> MediaSocketNotice {
        MediaSocketNotice(
            "STATUS",
            [
                ("queue_length", .number(frames)), ("xon_level", .number(xon)), ("xoff_level", .number(xoff)),
                ("queue_full", .flag(isFull)), ("bulk_media", .flag(isBuffering)), ("media_paused", .flag(isPaused)),
            ])
    }

    /// `NAME key:value key:value`.
    var plain: String {
        if let plainTail { return plainTail.isEmpty ? name : "\(name) \(plainTail)" }
        return ([name] + members.map { "\($0.0):\($0.1.plain)" }).joined(separator: " ")
    }

    /// An object whose member `event` is the name.
    func json(channelID: String) -> String {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.member("event", name)
        if !members.contains(where: { $0.0 == "channel_id" }) { writer.member("channel_id", channelID) }
        for (name, value) in members {
            writer.key(name)
            switch value {
            case .text(let text): writer.value(text)
            case .number(let number): writer.value(number)
            case .flag(let flag): writer.value(flag)
            }
        }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension MediaSocketNotice.Value {
    fileprivate var plain: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        case .flag(let flag): String(flag)
        }
    }
}
