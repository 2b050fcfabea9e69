public import ARIModel
public import CallCore

extension ARIHandlers {
    /// The operations that this version carries out on the call core and on what the server is made of.
    public static func all(
        core: CallCore, about: ServerFacts, logs: any LogChannels, configuration: any DynamicConfiguration
    ) -> ARIHandlers {
        var handlers = ARIHandlers()
        handlers.addApplications(core)
        handlers.addAsterisk(core, about)
        handlers.addBridges(core)
        handlers.addChannels(core)
        handlers.addChannelControls(core)
        handlers.addChannelVariables(core)
        handlers.addDeviceStates(core)
        handlers.addDynamicConfiguration(configuration, core)
        handlers.addEndpoints(core)
        handlers.addEvents(core)
        handlers.addExternalMedia(core)
        handlers.addLogging(logs)
        handlers.addMailboxes(core)
        handlers.addModules(core)
        handlers.addPlaybacks(core)
        handlers.addRecordings(core)
        handlers.addSnoop(core)
        handlers.addSounds(core)
        return handlers
    }
}

/// What `GET /asterisk/info` tells of the program and the machine.
public struct ServerFacts: Sendable {
    public var version: String
    public var build: BuildInfo
    public var processUser: String
    public var processGroup: String

    public init(version: String, build: BuildInfo, processUser: String, processGroup: String) {
        self.version = version
        self.build = build
        self.processUser = processUser
        self.processGroup = processGroup
    }
}

extension CallCore {
    /// The channel that an operation controls: it is in an application (and, where `checksState`, far enough to be told things).
    /// - Throws: 404 when there is none, 409 when it is not in an application, 412 for an outbound leg that is not up.
    func controlled(_ call: ARICall, checksState: Bool = true) throws(ARIError) -> CallCoreChannel {
        let id = call.path("channelId")
        guard let channel = channel(id, for: call), channel.stasis != nil else {
            guard channel(idOrName: id, for: call) != nil else { throw .channelNotFound }
            throw ARIError(409, "Channel not in Stasis application")
        }
        if checksState, [.down, .reserved, .ringing].contains(channel.state) { throw ARIError(412, "Channel in invalid state") }
        return channel
    }
}

extension ARIError {
    static let channelNotFound = ARIError(404, "Channel not found")
    static let bridgeNotFound = ARIError(404, "Bridge not found")
}
