public import ARIModel
public import CallCore

/// A part of the server, under the name of the reference's module that does the same. All are built in and run as long as the server.
public struct ServerModule: Sendable {
    public let name: String
    public let description: String
    /// How many channels or bridges use it now; nil for a part that nothing occupies.
    var uses: (@Sendable @CallActor (CallCore) -> Int)?

    @CallActor
    public func view(_ core: CallCore) -> Module {
        Module(name: name, description: description, useCount: uses?(core) ?? 0, status: "Running", supportLevel: "core")
    }

    /// In the order of their names.
    public static let all: [ServerModule] = [
        ServerModule(name: "app_dial.so", description: "Dialplan: call others and join the two"),
        ServerModule(name: "app_stasis.so", description: "Dialplan: hand the call to an ARI application"),
        ServerModule(name: "app_stasis_broadcast.so", description: "Dialplan: offer the call to several ARI applications"),
        ServerModule(name: "bridge_holding.so", description: "Bridges: those who wait", uses: { core in bridges(core, "holding_bridge") }),
        ServerModule(
            name: "bridge_native_rtp.so", description: "Bridges: packets passed on as they come",
            uses: { core in bridges(core, "native_rtp") }),
        ServerModule(name: "bridge_simple.so", description: "Bridges: two parties", uses: { core in bridges(core, "simple_bridge") }),
        ServerModule(
            name: "bridge_softmix.so", description: "Bridges: any number of parties, mixed", uses: { core in bridges(core, "softmix") }),
        ServerModule(name: "chan_pjsip.so", description: "Channels over SIP", uses: { core in channels(core, "PJSIP") }),
        ServerModule(name: "codec_alaw.so", description: "G.711 A-law"),
        ServerModule(name: "codec_g722.so", description: "G.722"),
        ServerModule(name: "codec_ulaw.so", description: "G.711 µ-law"),
        ServerModule(name: "core_local.so", description: "Local channels", uses: { core in channels(core, "Local") }),
        ServerModule(name: "pbx_config.so", description: "The dialplan language"),
        ServerModule(name: "res_ari.so", description: "Asterisk REST Interface: HTTP and WebSocket"),
        ServerModule(name: "res_ari_applications.so", description: "Asterisk REST Interface: applications"),
        ServerModule(name: "res_ari_asterisk.so", description: "Asterisk REST Interface: the server"),
        ServerModule(name: "res_ari_bridges.so", description: "Asterisk REST Interface: bridges"),
        ServerModule(name: "res_ari_channels.so", description: "Asterisk REST Interface: channels"),
        ServerModule(name: "res_ari_device_states.so", description: "Asterisk REST Interface: device states"),
        ServerModule(name: "res_ari_endpoints.so", description: "Asterisk REST Interface: endpoints"),
        ServerModule(name: "res_ari_events.so", description: "Asterisk REST Interface: events"),
        ServerModule(name: "res_ari_playbacks.so", description: "Asterisk REST Interface: playbacks"),
        ServerModule(name: "res_ari_sounds.so", description: "Asterisk REST Interface: sounds"),
        ServerModule(name: "res_musiconhold.so", description: "Music on hold"),
        ServerModule(name: "res_pjsip.so", description: "SIP"),
        ServerModule(name: "res_pjsip_registrar.so", description: "SIP: registrations"),
        ServerModule(name: "res_rtp_asterisk.so", description: "RTP and RTCP"),
        ServerModule(name: "res_stasis.so", description: "ARI applications"),
    ]

    static func named(_ name: String) -> ServerModule? { all.first { $0.name == name } }

    @CallActor
    private static func bridges(_ core: CallCore, _ technology: String) -> Int {
        core.bridges.all.count { $0.technology == technology }
    }

    @CallActor
    private static func channels(_ core: CallCore, _ technology: String) -> Int {
        core.channels.all.count { $0.technology == technology }
    }
}

extension ARIHandlers {
    /// What is built in can be looked at; loading, unloading and reloading parts is refused with the reason, for settings apply by
    /// themselves.
    mutating func addModules(_ core: CallCore) {
        on("asterisk.listModules") { _ in .ok(ServerModule.all.map { $0.view(core) }) }
        on("asterisk.getModule") { call in
            guard let module = ServerModule.named(call.path("moduleName")) else {
                throw ARIError(404, "Module could not be found in running modules")
            }
            return .ok(module.view(core))
        }
        on("asterisk.loadModule") { call in
            throw ARIError(409, ServerModule.named(call.path("moduleName")) == nil ? "Module load declined" : "Module is already loaded")
        }
        on("asterisk.unloadModule") { call in
            guard ServerModule.named(call.path("moduleName")) != nil else { throw ARIError(404, "Module not found in running modules") }
            throw ARIError(409, "Module could not be unloaded")
        }
        on("asterisk.reloadModule") { call in
            guard ServerModule.named(call.path("moduleName")) != nil else { throw ARIError(404, "Module not found in running modules") }
            throw ARIError(409, "Module does not support reloading")
        }
    }
}
