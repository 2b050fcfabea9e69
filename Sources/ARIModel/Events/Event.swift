/// An event before it is addressed to an application.
public struct Event: Sendable {
    public let body: EventBody
    public let timestamp: Timestamp

    public init(_ body: EventBody, timestamp: Timestamp) {
        self.body = body
        self.timestamp = timestamp
    }

    /// The type that names the event on the wire and in filters.
    public var type: EventType { body.type }

    /// Encodes everything but the `application`, once for all applications that get the event.
    ///
    /// - Parameter asteriskID: The entity id of this server.
    public func encode(asteriskID: String) -> EncodedEvent {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writer.member("type", body.type.rawValue)
        writer.member("timestamp", timestamp)
        body.writeMembers(to: &writer)
        writer.member("asterisk_id", asteriskID)
        return EncodedEvent(type: body.type, openObject: writer.bytes)
    }
}

/// An event as JSON, ready for any number of applications.
public struct EncodedEvent: Sendable {
    public let type: EventType
    /// The JSON object without the `application` member and the closing brace; ``tail(application:)`` completes it.
    public let head: [UInt8]

    init(type: EventType, openObject: [UInt8]) {
        self.type = type
        head = openObject
    }

    /// Returns what follows ``head`` in the copy for `application`; it is the same for all events of an application.
    public static func tail(application: String) -> [UInt8] {
        var writer = JSONWriter(capacity: application.utf8.count + 20)
        writer.member("application", application)
        writer.endObject()
        return [UInt8(ascii: ",")] + writer.bytes
    }

    /// Returns the member with an event's number, which goes between ``head`` and the tail.
    public static func member(sequence: Int) -> [UInt8] {
        Array(",\"seq\":\(sequence)".utf8)
    }

    /// Returns the complete JSON object as `application` gets it.
    public func bytes(application: String) -> [UInt8] {
        head + EncodedEvent.tail(application: application)
    }
}
