/// Facts about the server (ARI model `AsteriskInfo`); sections that were not asked for are nil and left out.
public struct AsteriskInfo: Sendable, Hashable, JSONWritable {
    public var build: BuildInfo?
    public var system: SystemInfo?
    public var config: ConfigInfo?
    public var status: StatusInfo?

    public init(build: BuildInfo? = nil, system: SystemInfo? = nil, config: ConfigInfo? = nil, status: StatusInfo? = nil) {
        self.build = build
        self.system = system
        self.config = config
        self.status = status
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("build", ifPresent: build)
        writer.member("system", ifPresent: system)
        writer.member("config", ifPresent: config)
        writer.member("status", ifPresent: status)
        writer.endObject()
    }
}

/// How the server was built (ARI model `BuildInfo`).
public struct BuildInfo: Sendable, Hashable, JSONWritable {
    public var os: String
    public var kernel: String
    public var options: String
    public var machine: String
    public var date: String
    public var user: String

    public init(os: String, kernel: String, options: String, machine: String, date: String, user: String) {
        self.os = os
        self.kernel = kernel
        self.options = options
        self.machine = machine
        self.date = date
        self.user = user
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("os", os)
        writer.member("kernel", kernel)
        writer.member("machine", machine)
        writer.member("options", options)
        writer.member("date", date)
        writer.member("user", user)
        writer.endObject()
    }
}

/// The version and the entity id, which is the `asterisk_id` of events (ARI model `SystemInfo`).
public struct SystemInfo: Sendable, Hashable, JSONWritable {
    public var version: String
    public var entityID: String

    public init(version: String, entityID: String) {
        self.version = version
        self.entityID = entityID
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("version", version)
        writer.member("entity_id", entityID)
        writer.endObject()
    }
}

/// Settings that apps may want to know (ARI models `ConfigInfo` and `SetId`); unset limits are left out.
public struct ConfigInfo: Sendable, Hashable, JSONWritable {
    public var name: String
    public var defaultLanguage: String
    public var maxChannels: Int?
    public var maxOpenFiles: Int?
    public var maxLoad: Double?
    /// The user and group that the process runs as.
    public var user: String
    public var group: String

    public init(
        name: String, defaultLanguage: String, maxChannels: Int? = nil, maxOpenFiles: Int? = nil, maxLoad: Double? = nil,
        user: String, group: String
    ) {
        self.name = name
        self.defaultLanguage = defaultLanguage
        self.maxChannels = maxChannels
        self.maxOpenFiles = maxOpenFiles
        self.maxLoad = maxLoad
        self.user = user
        self.group = group
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("default_language", defaultLanguage)
        writer.member("max_channels", ifPresent: maxChannels)
        writer.member("max_open_files", ifPresent: maxOpenFiles)
        writer.member("max_load", ifPresent: maxLoad)
        writer.key("setid")
        writer.beginObject()
        writer.member("user", user)
        writer.member("group", group)
        writer.endObject()
        writer.endObject()
    }
}

/// When the server started and last read its settings (ARI model `StatusInfo`).
public struct StatusInfo: Sendable, Hashable, JSONWritable {
    public var startupTime: Timestamp
    public var lastReloadTime: Timestamp

    public init(startupTime: Timestamp, lastReloadTime: Timestamp) {
        self.startupTime = startupTime
        self.lastReloadTime = lastReloadTime
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("startup_time", startupTime)
        writer.member("last_reload_time", lastReloadTime)
        writer.endObject()
    }
}

/// The answer to a ping (ARI model `AsteriskPing`).
public struct AsteriskPing: Sendable, Hashable, JSONWritable {
    public var timestamp: Timestamp
    public var asteriskID: String

    public init(timestamp: Timestamp, asteriskID: String) {
        self.timestamp = timestamp
        self.asteriskID = asteriskID
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("ping", "pong")
        writer.member("timestamp", timestamp)
        writer.member("asterisk_id", asteriskID)
        writer.endObject()
    }
}
