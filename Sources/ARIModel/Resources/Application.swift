/// A Stasis application with its subscriptions and event filter (ARI model `Application`).
public struct Application: Sendable, Hashable, JSONWritable {
    public var name: String
    public var channelIDs: [String]
    public var bridgeIDs: [String]
    /// `<tech>/<resource>`, or the technology alone.
    public var endpointIDs: [String]
    public var deviceNames: [String]
    /// Entries of the filter that let events through, as the client wrote them; all events pass when there are none.
    public var eventsAllowed: [JSONValue]
    /// Entries of the filter that hold events back; looked at before `eventsAllowed`.
    public var eventsDisallowed: [JSONValue]

    public init(
        name: String, channelIDs: [String] = [], bridgeIDs: [String] = [], endpointIDs: [String] = [],
        deviceNames: [String] = [], eventsAllowed: [JSONValue] = [], eventsDisallowed: [JSONValue] = []
    ) {
        self.name = name
        self.channelIDs = channelIDs
        self.bridgeIDs = bridgeIDs
        self.endpointIDs = endpointIDs
        self.deviceNames = deviceNames
        self.eventsAllowed = eventsAllowed
        self.eventsDisallowed = eventsDisallowed
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("channel_ids", channelIDs)
        writer.member("bridge_ids", bridgeIDs)
        writer.member("endpoint_ids", endpointIDs)
        writer.member("device_names", deviceNames)
        writer.member("events_allowed", eventsAllowed)
        writer.member("events_disallowed", eventsDisallowed)
        writer.endObject()
    }
}
