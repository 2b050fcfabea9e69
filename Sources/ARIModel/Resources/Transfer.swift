/// Where a transfer is asked to go (ARI model `ReferTo`).
public struct ReferTo: Sendable, Hashable, JSONWritable {
    public var requestedDestination: RequiredDestination
    /// The channel to be replaced, for an attended transfer.
    public var destinationChannel: Channel?
    /// The channel connected to `destinationChannel`.
    public var connectedChannel: Channel?
    /// The bridge that holds both.
    public var bridge: Bridge?

    public init(
        requestedDestination: RequiredDestination, destinationChannel: Channel? = nil, connectedChannel: Channel? = nil,
        bridge: Bridge? = nil
    ) {
        self.requestedDestination = requestedDestination
        self.destinationChannel = destinationChannel
        self.connectedChannel = connectedChannel
        self.bridge = bridge
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("requested_destination", requestedDestination)
        writer.member("destination_channel", ifPresent: destinationChannel)
        writer.member("connected_channel", ifPresent: connectedChannel)
        writer.member("bridge", ifPresent: bridge)
        writer.endObject()
    }
}

/// Who asks for a transfer (ARI model `ReferredBy`).
public struct ReferredBy: Sendable, Hashable, JSONWritable {
    public var sourceChannel: Channel
    public var connectedChannel: Channel?
    public var bridge: Bridge?

    public init(sourceChannel: Channel, connectedChannel: Channel? = nil, bridge: Bridge? = nil) {
        self.sourceChannel = sourceChannel
        self.connectedChannel = connectedChannel
        self.bridge = bridge
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("source_channel", sourceChannel)
        writer.member("connected_channel", ifPresent: connectedChannel)
        writer.member("bridge", ifPresent: bridge)
        writer.endObject()
    }
}

/// A destination in the words of the protocol (ARI models `RequiredDestination` and `AdditionalParam`).
public struct RequiredDestination: Sendable, Hashable, JSONWritable {
    /// The Call-ID to be replaced.
    public var protocolID: String?
    public var destination: String?
    public var additionalProtocolParams: [NamedValue]

    public init(protocolID: String? = nil, destination: String? = nil, additionalProtocolParams: [NamedValue] = []) {
        self.protocolID = protocolID
        self.destination = destination
        self.additionalProtocolParams = additionalProtocolParams
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("protocol_id", ifPresent: protocolID)
        writer.member("destination", ifPresent: destination)
        if !additionalProtocolParams.isEmpty { writeAdditionalParams(&writer) }
        writer.endObject()
    }

    private func writeAdditionalParams(_ writer: inout JSONWriter) {
        writer.key("additional_protocol_params")
        writer.beginArray()
        for parameter in additionalProtocolParams {
            writer.beginObject()
            writer.member("parameter_name", parameter.name)
            writer.member("parameter_value", parameter.value)
            writer.endObject()
        }
        writer.endArray()
    }
}
