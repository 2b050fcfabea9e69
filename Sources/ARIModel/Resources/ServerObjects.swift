/// A part of the server that ARI lists as a module (ARI model `Module`).
public struct Module: Sendable, Hashable, JSONWritable {
    public var name: String
    public var description: String
    public var useCount: Int
    /// `Running`, `Not Running` …
    public var status: String
    public var supportLevel: String

    public init(name: String, description: String, useCount: Int, status: String, supportLevel: String) {
        self.name = name
        self.description = description
        self.useCount = useCount
        self.status = status
        self.supportLevel = supportLevel
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("description", description)
        writer.member("use_count", useCount)
        writer.member("status", status)
        writer.member("support_level", supportLevel)
        writer.endObject()
    }
}

/// A destination of log lines (ARI model `LogChannel`).
public struct LogChannel: Sendable, Hashable, JSONWritable {
    public var channel: String
    public var type: String
    public var status: String
    /// Upper-case level names, separated by blanks.
    public var configuration: String

    public init(channel: String, type: String, status: String, configuration: String) {
        self.channel = channel
        self.type = type
        self.status = status
        self.configuration = configuration
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("channel", channel)
        writer.member("type", type)
        writer.member("status", status)
        writer.member("configuration", configuration)
        writer.endObject()
    }
}

/// One setting of a configuration object (ARI model `ConfigTuple`).
public struct ConfigTuple: Sendable, Hashable, JSONWritable {
    public var attribute: String
    public var value: String

    public init(attribute: String, value: String) {
        self.attribute = attribute
        self.value = value
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("attribute", attribute)
        writer.member("value", value)
        writer.endObject()
    }
}

/// The value of one variable (ARI model `Variable`).
public struct Variable: Sendable, Hashable, JSONWritable {
    public var value: String

    public init(value: String) { self.value = value }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("value", value)
        writer.endObject()
    }
}

/// The values of several variables (ARI model `Variables`).
public struct Variables: Sendable, Hashable, JSONWritable {
    public var variables: [NamedValue]

    public init(_ variables: [NamedValue]) { self.variables = variables }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("variables", variables)
        writer.endObject()
    }
}

/// The state of a device (ARI model `DeviceState`), such as `NOT_INUSE`.
public struct DeviceState: Sendable, Hashable, JSONWritable {
    public var name: String
    public var state: String

    public init(name: String, state: String) {
        self.name = name
        self.state = state
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("state", state)
        writer.endObject()
    }
}

/// The message counts of a mailbox (ARI model `Mailbox`).
public struct Mailbox: Sendable, Hashable, JSONWritable {
    public var name: String
    public var oldMessages: Int
    public var newMessages: Int

    public init(name: String, oldMessages: Int, newMessages: Int) {
        self.name = name
        self.oldMessages = oldMessages
        self.newMessages = newMessages
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("old_messages", oldMessages)
        writer.member("new_messages", newMessages)
        writer.endObject()
    }
}
