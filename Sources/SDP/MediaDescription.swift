/// One media section: an m= line and what follows it (RFC 4566 section 5.14).
public struct MediaDescription: Sendable, Hashable, SDPAttributed {
    /// `audio`, `video`, `image`, `application`, …
    public var media: String
    /// Transport port, 0 for a section that is declined or over.
    public var port: Int
    /// Number of ports where the m= line names one (`49170/2`).
    public var portCount: Int?
    /// `RTP/AVP`, `RTP/SAVPF`, `UDP/TLS/RTP/SAVPF`, `udptl`, …
    public var transport: String
    /// Payload types of RTP, or other words of other transports.
    public var formats: [String]
    public var connection: SDPConnection?
    public var attributes: [SDPAttribute]
    /// Lines that are kept as they came (i=, b=, k=, unknown ones).
    public var otherLines: [SDPLine]

    public init(
        media: String, port: Int, portCount: Int? = nil, transport: String = "RTP/AVP", formats: [String],
        connection: SDPConnection? = nil, attributes: [SDPAttribute] = [], otherLines: [SDPLine] = []
    ) {
        self.media = media
        self.port = port
        self.portCount = portCount
        self.transport = transport
        self.formats = formats
        self.connection = connection
        self.attributes = attributes
        self.otherLines = otherLines
    }

    /// Tells whether the section is declined or over.
    ///
    /// One that is only there when it shares another's transport has no port either, and is neither (RFC 9143 section 6).
    public var isDeclined: Bool { port == 0 && !hasAttribute("bundle-only") }

    /// Gives the payload types of the m= line in its order; words that are none are left out.
    public var payloadTypes: [UInt8] { formats.compactMap { UInt8($0) }.filter { $0 <= 127 } }

    /// Gives what the payload types of the m= line stand for, in its order; those neither mapped nor static are left out.
    public var rtpMaps: [RTPMap] {
        let mapped = attributeValues("rtpmap").compactMap { RTPMap(parsing: $0) }
        return payloadTypes.compactMap { type in mapped.first { $0.payloadType == type } ?? RTPMap.ofStatic(type) }
    }

    /// Gives the format parameters (fmtp) of a payload type; nil when there are none.
    public func formatParameters(_ payloadType: UInt8) -> String? {
        for value in attributeValues("fmtp") {
            let parts = value.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
            guard parts.count == 2, UInt8(String(decoding: parts[0], as: UTF8.self)) == payloadType else { continue }
            return String(decoding: parts[1], as: UTF8.self)
        }
        return nil
    }

    /// Gives the telephone-event payload types of the m= line, in its order (RFC 4733).
    public var telephoneEvents: [RTPMap] { rtpMaps.filter { $0.encodingName.lowercased() == "telephone-event" } }

    /// Gives the packet time that the section's owner wants to receive, in ms; nil when none is said. Fractions are left out.
    public var ptimeMs: Int? { milliseconds("ptime") }

    /// Gives the longest packet that the section's owner takes, in ms; nil when none is said.
    public var maxptimeMs: Int? { milliseconds("maxptime") }

    private func milliseconds(_ name: String) -> Int? {
        guard let text = attribute(name) else { return nil }
        let digits = text.utf8.drop { $0 == UInt8(ascii: " ") }.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        guard let value = UInt16(String(decoding: digits, as: UTF8.self)), value > 0 else { return nil }
        return Int(value)
    }

    /// Tells whether RTP and RTCP share one port (RFC 5761).
    public var rtcpMux: Bool { hasAttribute("rtcp-mux") }

    /// Gives where RTCP goes when that is said (RFC 3605); the connection is nil when it is the section's own.
    public var rtcp: (port: Int, connection: SDPConnection?)? {
        guard let text = attribute("rtcp") else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        guard let first = parts.first, let port = UInt16(first), port > 0 else { return nil }
        guard parts.count == 4, parts[1] == "IN", let type = SDPAddressType(rawValue: parts[2]) else { return (Int(port), nil) }
        return (Int(port), SDPConnection(type: type, address: parts[3]))
    }
}
