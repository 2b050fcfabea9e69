/// A session description (RFC 4566): what one side of a call says about its media.
public struct SessionDescription: Sendable, Hashable, SDPAttributed {
    public var origin: SDPOrigin
    public var sessionName: String
    public var connection: SDPConnection?
    /// Value of the first t= line.
    public var timing: String
    public var attributes: [SDPAttribute]
    /// Lines that are kept as they came (i=, u=, b=, further t=, unknown ones).
    public var otherLines: [SDPLine]
    public var media: [MediaDescription]

    public init(
        origin: SDPOrigin, sessionName: String = "-", connection: SDPConnection? = nil, timing: String = "0 0",
        attributes: [SDPAttribute] = [], otherLines: [SDPLine] = [], media: [MediaDescription] = []
    ) {
        self.origin = origin
        self.sessionName = sessionName
        self.connection = connection
        self.timing = timing
        self.attributes = attributes
        self.otherLines = otherLines
        self.media = media
    }

    /// Parses the bytes of a description.
    ///
    /// Lines may end in CRLF or LF, stand in any order inside the session part and each media section, and be unknown; what is not
    /// understood is kept. Invalid UTF-8 is repaired.
    /// - Throws: `SDPError` with the line that is wrong, or the limit of `SDPLimits` that is exceeded.
    public init(parsing bytes: [UInt8]) throws(SDPError) {
        var parser = SDPParser()
        try parser.parse(bytes)
        self = try parser.finish()
    }

    /// Parses the text of a description; see `init(parsing:)` for bytes.
    public init(parsing text: String) throws(SDPError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// Gives the address for a media section: its own, else the session's; nil when neither has one.
    public func connection(of section: MediaDescription) -> SDPConnection? {
        section.connection ?? connection
    }

    /// Gives the direction of a media section: its own, else the session's, else sendrecv (RFC 3264 section 5.1).
    public func direction(of section: MediaDescription) -> MediaDirection {
        section.direction ?? direction ?? .sendrecv
    }

    /// Gives the direction of a media section, with an address of 0.0.0.0 or :: counted as not receiving (RFC 3264 section 8.4), unless
    /// ICE finds the address (RFC 8840 section 4.1.1).
    public func effectiveDirection(of section: MediaDescription) -> MediaDirection {
        let said = direction(of: section)
        guard connection(of: section)?.isUnspecified == true, !transport(of: section).hasICE else { return said }
        return said.intersection(.sendonly)
    }
}
