import AMIServer
import ARIModel
import ARIServer
import Audio
import CallCore
import Media
import RemoteMedia
import SIP
import SIPServer
import Store

// What each part of the server is told of the configuration.
extension Configuration {
    var mediaConfiguration: MediaConfiguration {
        var media = MediaConfiguration()
        media.rtpPortRange = rtp.ports
        media.rtpTimeoutMs = rtp.timeoutSeconds * 1_000
        media.rtpHoldTimeoutMs = rtp.holdTimeoutSeconds * 1_000
        return media
    }

    func callSettings(entityID: String) -> CallSettings {
        var settings = CallSettings()
        settings.entityID = entityID
        settings.systemName = identity.systemName
        settings.defaultLanguage = defaultLanguage
        settings.indicationsCountry = indications
        settings.channelVariables = ari.channelVariables
        return settings
    }

    var ariSettings: ARISettings {
        var settings = ARISettings(serverName: "Arioso/\(ProductVersion.text)", version: ProductVersion.text)
        settings.isEnabled = ari.enabled
        settings.allowedOrigins = ari.allowedOrigins
        settings.realm = ari.realm
        settings.authenticatesPreflight = ari.preflightNeedsLogin
        return settings
    }

    var amiSettings: AMISettings {
        var settings = AMISettings()
        settings.timestampsEvents = ami.timestampEvents
        (settings.tellsCEL, settings.tellsCDR) = (ami.cel, ami.cdr)
        settings.channelVariables = ari.channelVariables
        // Switched off, nobody stays.
        settings.managers = (ami.enabled ? ami.managers.filter(\.enabled) : []).map { manager in
            ManagerLogin(
                name: manager.name, secret: manager.secret, read: AMIClasses(names: manager.read.map(\.rawValue)),
                write: AMIClasses(names: manager.write.map(\.rawValue)), eventFilters: manager.eventFilters,
                networks: manager.allowedNetworks.map(\.description)
            ) { [networks = manager.allowedNetworks] in networks.isEmpty || networks.contains(address: $0) }
        }
        return settings
    }

    /// Where managers connect.
    var amiAddresses: [AMIListenerAddress] {
        guard ami.enabled else { return [] }
        let plain = AMIListenerAddress(host: ami.host, port: ami.port)
        return ami.tlsEnabled ? [plain, AMIListenerAddress(host: ami.host, port: ami.tlsPort, isEncrypted: true)] : [plain]
    }

    var loginGuardSettings: LoginGuard.Settings {
        var settings = LoginGuard.Settings()
        settings.isEnabled = security.blockFailedLogins
        settings.failureLimit = security.failures
        settings.blockMs = security.blockMinutes * 60_000
        settings.isExempt = { [networks = security.neverBlock] in networks.contains(address: $0) }
        return settings
    }

    /// What may be fetched from other hosts.
    var remoteMediaSettings: RemoteMediaSettings {
        var settings = RemoteMediaSettings()
        settings.hosts = remoteMedia.hosts
        settings.maxFileBytes = remoteMedia.maxFileMegabytes << 20
        settings.cacheBytes = remoteMedia.cacheMegabytes << 20
        settings.timeoutMs = remoteMedia.timeoutSeconds * 1_000
        return settings
    }

    /// The programs to which WebSockets are opened.
    func webSocketTargets(absolutePath: (String) -> String) -> [WebSocketTarget] {
        webSocketClients.compactMap { client in
            guard var target = WebSocketTarget(name: client.name, uri: client.uri) else { return nil }
            (target.user, target.password) = (client.user, client.password)
            target.subprotocols = client.subprotocols
            target.authorities = client.authorities.isEmpty ? "" : absolutePath(client.authorities)
            target.verifiesCertificate = client.verifyCertificate
            (target.connectTimeoutMs, target.reconnectIntervalMs) = (client.connectTimeoutMs, client.reconnectMs)
            return target
        }
    }

    /// The connections that are opened to programs for events.
    func outboundConnections(to targets: [WebSocketTarget]) -> [OutboundConnection] {
        ari.outbound.compactMap { connection in
            targets.first { $0.name == connection.client }.map {
                OutboundConnection(
                    target: $0, isPerCall: connection.perCall, applications: connection.applications,
                    subscribesAll: connection.subscribeAll, user: connection.user)
            }
        }
    }

    var sipSettings: SIPSettings {
        var made = SIPSettings(
            listeners: sip.listeners.map { listener in
                SIPListenerAddress(listener.transport.sipKind, host: listener.host, port: listener.port)
            },
            advertisedAddress: rtp.advertisedAddress.isEmpty ? nil : rtp.advertisedAddress,
            mediaAddress: ["", "0.0.0.0", "::"].contains(rtp.bindAddress) ? nil : rtp.bindAddress,
            localNetworks: rtp.localNetworks.map(\.description).compactMap(SIPNetwork.init),
            userAgent: "Arioso/\(ProductVersion.text)",
            endpoints: extensions.map { $0.sipEndpoint(codecs: audioCodecs($0.codecs)) }
                + providers.filter(\.enabled).map { $0.sipEndpoint(codecs: audioCodecs($0.codecs)) })
        made.stunServer = SIPURI("sip:\(rtp.stunServer)").map { STUNServer(host: $0.host, port: UInt16(clamping: $0.port ?? 3_478)) }
        made.iceServers = rtp.iceServersJSON
        return made
    }
}

extension Configuration {
    /// The codecs of an account that may be used at all; those that may be where it has none of them.
    fileprivate func audioCodecs(_ wanted: [Extension.Codec]) -> [AudioCodec] {
        let allowed = wanted.filter(sip.codecs.contains)
        return (allowed.isEmpty ? sip.codecs : allowed).map(\.audioCodec)
    }
}

extension Configuration.SIP.Transport {
    fileprivate var sipKind: SIPTransportKind {
        switch self {
        case .udp: .udp
        case .tcp: .tcp
        case .tls: .tls
        }
    }
}

extension Configuration.Extension {
    fileprivate func sipEndpoint(codecs: [AudioCodec]) -> SIPEndpointSettings {
        var made = SIPEndpointSettings(
            name: number, secret: secret, context: context, messageContext: messageContext,
            callerID: PartyID(name: callerID.name, number: callerID.number.isEmpty ? number : callerID.number),
            codecs: codecs, dtmf: dtmf.sipMode, maxContacts: maxContacts, removeExisting: removeExisting,
            qualifyMs: qualifySeconds * 1_000, busyLimit: busyLimit, language: language, accountCode: accountCode,
            mailbox: mailbox, transports: transports.isEmpty ? nil : Set(transports.map(\.sipKind)))
        made.authenticates = authenticate
        made.encryption = mediaEncryption.sipMode
        return made
    }
}

extension Configuration.Provider {
    fileprivate func sipEndpoint(codecs: [AudioCodec]) -> SIPEndpointSettings {
        SIPEndpointSettings(
            name: name, secret: registration == .inbound ? secret : "", context: incomingContext, codecs: codecs,
            dtmf: dtmf.sipMode, maxContacts: 1, qualifyMs: qualifySeconds * 1_000, provider: sipProvider)
    }

    private var sipProvider: SIPProviderSettings {
        var made = SIPProviderSettings(
            registration: registration == .inbound ? .inbound : registration == .none ? .none : .outbound(expiresSeconds: expirySeconds),
            host: host.trimmingBrackets, port: port == 0 ? nil : port, transport: transport.sipKind, user: user, authUser: authUser,
            secret: secret, fromUser: fromUser, fromDomain: fromDomain)
        made.proxy = proxy.isEmpty ? nil : SIPURI("sip:\(proxy)")
        made.callerID = PartyID(name: callerID.name, number: callerID.number)
        (made.assertsIdentity, made.trustsIdentity) = (assertIdentity, trustIdentity)
        made.networks = allowedNetworks.map(\.description).compactMap(SIPNetwork.init)
        made.maxCalls = maxCalls
        made.standardNumber = number.isEmpty ? nil : number
        return made
    }
}

extension String {
    /// An IPv6 address without the brackets that may stand around it.
    fileprivate var trimmingBrackets: String { hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self }
}

extension Configuration.Extension.Codec {
    fileprivate var audioCodec: AudioCodec {
        switch self {
        case .ulaw: .pcmu
        case .alaw: .pcma
        case .g722: .g722
        case .opus: .opus
        }
    }
}

extension Configuration.Extension.Transport {
    fileprivate var sipKind: SIPTransportKind {
        switch self {
        case .udp: .udp
        case .tcp: .tcp
        case .tls: .tls
        case .ws: .ws
        case .wss: .wss
        }
    }
}

extension Configuration.Extension.MediaEncryption {
    fileprivate var sipMode: MediaEncryption {
        switch self {
        case .automatic: .automatic
        case .sdes: .sdes
        case .dtls: .dtls
        }
    }
}

extension Configuration.RTP {
    /// The servers as `RTCPeerConnection` takes them; those of STUN need nobody's name.
    fileprivate var iceServersJSON: String {
        guard !iceServers.isEmpty else { return "" }
        let servers = iceServers.map { url -> JSONValue in
            guard url.hasPrefix("turn"), !turnUser.isEmpty else { return ["urls": .string(url)] }
            return ["urls": .string(url), "username": .string(turnUser), "credential": .string(turnPassword)]
        }
        return String(decoding: JSONValue.array(servers).encodedJSON(), as: UTF8.self)
    }
}

extension Configuration.Extension.DTMF {
    fileprivate var sipMode: SIPEndpointSettings.DTMF {
        switch self {
        case .rfc4733: .rfc4733
        case .info: .info
        case .autoInfo: .auto
        }
    }
}
