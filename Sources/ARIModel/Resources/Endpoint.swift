/// The reachability of an endpoint as ARI writes it.
public enum EndpointState: String, Sendable, Hashable, CaseIterable {
    case unknown
    case offline
    case online
}

/// A snapshot of an endpoint (ARI model `Endpoint`), immutable and encoded once.
public final class Endpoint: Sendable {
    public let technology: String
    public let resource: String
    public let state: EndpointState
    /// Ids of the channels that the endpoint has.
    public let channelIDs: [String]
    /// The most channels that the endpoint may have; sent, though not declared, when there is a limit.
    public let maxChannels: Int?
    /// The endpoint as a JSON object.
    public let json: [UInt8]

    public init(
        technology: String, resource: String, state: EndpointState, channelIDs: [String] = [], maxChannels: Int? = nil
    ) {
        self.technology = technology
        self.resource = resource
        self.state = state
        self.channelIDs = channelIDs
        self.maxChannels = maxChannels

        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        writer.member("technology", technology)
        writer.member("resource", resource)
        writer.member("state", state.rawValue)
        writer.member("max_channels", ifPresent: maxChannels)
        writer.member("channel_ids", channelIDs)
        writer.endObject()
        json = writer.bytes
    }
}

extension Endpoint: JSONWritable, Hashable {
    public func write(to writer: inout JSONWriter) { writer.raw(json) }
    public static func == (left: Endpoint, right: Endpoint) -> Bool { left.json == right.json }
    public func hash(into hasher: inout Hasher) {
        hasher.combine(technology)
        hasher.combine(resource)
    }
}

/// A text message outside of a call (ARI model `TextMessage`).
public struct TextMessage: Sendable, Hashable, JSONWritable {
    public var from: String
    public var to: String
    public var body: String
    /// Headers and other facts of the technology; the member is left out when there are none.
    public var variables: [NamedValue]

    public init(from: String, to: String, body: String, variables: [NamedValue] = []) {
        self.from = from
        self.to = to
        self.body = body
        self.variables = variables
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("from", from)
        writer.member("to", to)
        writer.member("body", body)
        if !variables.isEmpty { writer.member("variables", variables) }
        writer.endObject()
    }
}
