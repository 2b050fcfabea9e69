/// A snapshot of a channel (ARI model `Channel`), immutable and encoded once, so that lists and events only copy bytes.
///
/// A class because one snapshot is shared by many events; it has no identity beyond its values.
public final class Channel: Sendable {
    public let id: String
    public let name: String
    public let state: ChannelState
    /// The Call-ID of a SIP call; empty for technologies without one.
    public let protocolID: String
    public let caller: CallerID
    public let connected: CallerID
    public let accountCode: String
    public let dialplan: DialplanCEP
    public let creationTime: Timestamp
    public let language: String
    /// Variables shown with the channel; the member is left out when there are none.
    public let channelVars: [NamedValue]
    public let callerRDNIS: String?
    public let tenantID: String?
    /// The channel as a JSON object.
    public let json: [UInt8]

    public init(
        id: String, name: String, state: ChannelState, protocolID: String = "", caller: CallerID = CallerID(),
        connected: CallerID = CallerID(), accountCode: String = "", dialplan: DialplanCEP, creationTime: Timestamp,
        language: String = "en", channelVars: [NamedValue] = [], callerRDNIS: String? = nil, tenantID: String? = nil
    ) {
        self.id = id
        self.name = name
        self.state = state
        self.protocolID = protocolID
        self.caller = caller
        self.connected = connected
        self.accountCode = accountCode
        self.dialplan = dialplan
        self.creationTime = creationTime
        self.language = language
        self.channelVars = channelVars
        self.callerRDNIS = callerRDNIS
        self.tenantID = tenantID

        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.member("id", id)
        writer.member("name", name)
        writer.member("state", state.wireName)
        writer.member("protocol_id", protocolID)
        writer.member("caller", caller)
        writer.member("connected", connected)
        writer.member("accountcode", accountCode)
        writer.member("dialplan", dialplan)
        writer.member("creationtime", creationTime)
        writer.member("language", language)
        if !channelVars.isEmpty { writer.member("channelvars", channelVars) }
        writer.member("caller_rdnis", ifPresent: callerRDNIS)
        writer.member("tenantid", ifPresent: tenantID)
        writer.endObject()
        json = writer.bytes
    }
}

extension Channel: JSONWritable, Hashable {
    public func write(to writer: inout JSONWriter) { writer.raw(json) }
    public static func == (left: Channel, right: Channel) -> Bool { left.json == right.json }
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// A party's name and number (ARI model `CallerID`).
public struct CallerID: Sendable, Hashable, JSONWritable {
    public var name: String
    public var number: String

    public init(name: String = "", number: String = "") {
        self.name = name
        self.number = number
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("number", number)
        writer.endObject()
    }
}

/// A place in the dialplan and the application that runs there (ARI model `DialplanCEP`).
public struct DialplanCEP: Sendable, Hashable, JSONWritable {
    public var context: String
    public var exten: String
    public var priority: Int
    public var appName: String
    public var appData: String

    public init(context: String, exten: String, priority: Int, appName: String = "", appData: String = "") {
        self.context = context
        self.exten = exten
        self.priority = priority
        self.appName = appName
        self.appData = appData
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("context", context)
        writer.member("exten", exten)
        writer.member("priority", priority)
        writer.member("app_name", appName)
        writer.member("app_data", appData)
        writer.endObject()
    }
}
