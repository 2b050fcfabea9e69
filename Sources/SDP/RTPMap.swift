/// What a payload type stands for (RFC 4566 section 6, rtpmap).
public struct RTPMap: Sendable, Hashable {
    public var payloadType: UInt8
    /// Encoding name as written, such as `PCMU`; compared without case.
    public var encodingName: String
    public var clockRate: Int
    /// Channels; 1 when the rtpmap names none.
    public var channels: Int

    public init(payloadType: UInt8, encodingName: String, clockRate: Int, channels: Int = 1) {
        self.payloadType = payloadType
        self.encodingName = encodingName
        self.clockRate = clockRate
        self.channels = channels
    }

    /// Parses the value of an rtpmap attribute, such as `111 opus/48000/2`; nil when it is of another form.
    public init?(parsing text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: " "))
        guard parts.count >= 2, let type = UInt8(String(decoding: parts[0], as: UTF8.self)), type <= 127 else { return nil }
        let fields = parts[1].split(separator: UInt8(ascii: "/"))
        guard (2...3).contains(fields.count), let rate = UInt32(String(decoding: fields[1], as: UTF8.self)), rate > 0 else { return nil }
        var channels = 1
        if fields.count == 3 {
            guard let count = UInt8(String(decoding: fields[2], as: UTF8.self)), count > 0 else { return nil }
            channels = Int(count)
        }
        self.init(payloadType: type, encodingName: String(decoding: fields[0], as: UTF8.self), clockRate: Int(rate), channels: channels)
    }

    /// Gives the value of an rtpmap attribute.
    public var text: String {
        "\(payloadType) \(encodingName)/\(clockRate)" + (channels > 1 ? "/\(channels)" : "")
    }

    /// Tells whether this is the coding of that name (without case), rate and number of channels.
    public func matches(name: String, clockRate: Int, channels: Int) -> Bool {
        self.clockRate == clockRate && self.channels == channels && encodingName.lowercased() == name.lowercased()
    }

    /// Gives what a static payload type stands for without rtpmap (RFC 3551 tables 4 and 5); nil for the others.
    public static func ofStatic(_ payloadType: UInt8) -> RTPMap? {
        guard let entry = statics[payloadType] else { return nil }
        return RTPMap(payloadType: payloadType, encodingName: entry.name, clockRate: entry.rate, channels: entry.channels)
    }

    /// Gives the static payload type of a coding; nil when it has none.
    public static func staticPayloadType(name: String, clockRate: Int, channels: Int) -> UInt8? {
        let wanted = name.lowercased()
        return statics.first { $0.value.name.lowercased() == wanted && $0.value.rate == clockRate && $0.value.channels == channels }?.key
    }

    private static let statics: [UInt8: (name: String, rate: Int, channels: Int)] = [
        0: ("PCMU", 8000, 1), 3: ("GSM", 8000, 1), 4: ("G723", 8000, 1), 5: ("DVI4", 8000, 1), 6: ("DVI4", 16000, 1),
        7: ("LPC", 8000, 1), 8: ("PCMA", 8000, 1), 9: ("G722", 8000, 1), 10: ("L16", 44100, 2), 11: ("L16", 44100, 1),
        12: ("QCELP", 8000, 1), 13: ("CN", 8000, 1), 14: ("MPA", 90000, 1), 15: ("G728", 8000, 1), 16: ("DVI4", 11025, 1),
        17: ("DVI4", 22050, 1), 18: ("G729", 8000, 1), 26: ("JPEG", 90000, 1), 31: ("H261", 90000, 1), 32: ("MPV", 90000, 1),
        33: ("MP2T", 90000, 1), 34: ("H263", 90000, 1),
    ]
}
