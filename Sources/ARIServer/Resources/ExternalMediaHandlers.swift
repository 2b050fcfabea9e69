import ARIModel
import CallCore
import NIOCore
import NIOPosix

extension ARIHandlers {
    mutating func addExternalMedia(_ core: CallCore) {
        onAsync("channels.externalMedia") { call in try await core.externalMedia(call) }
    }
}

extension CallCore {
    fileprivate func externalMedia(_ call: ARICall) async throws -> ARIResponse {
        guard let application = call.nonEmpty("app") else { throw ARIError(400, "app cannot be empty") }
        let wanted = try ExternalMedia(call, takesAudioSockets: takesConnections(of: "AudioSocket"), knowsProgram: mediaSockets.knows)
        let (arguments, data) = applicationData(application, call.nonEmpty("data"))
        var request = OriginateRequest(
            endpoint: try await wanted.endpoint(), target: .application(name: application, arguments: arguments, data: data))
        request.outbound = OutboundRequest(channelID: call.nonEmpty("channelId"), formats: [wanted.format])
        request.variables = try variableAssignments(call.body)
        request.timeoutMs = Self.defaultOriginateTimeoutMs
        let failed = ARIError(500, "An internal error prevented this request from being handled")
        guard await prepare(endpoint: request.endpoint) else { throw failed }
        if let id = request.outbound.channelID, channels[id] != nil { throw failed }
        do {
            return .ok(try originate(request).fullSnapshot)
        } catch {
            log.record(.notice, "no external media", channelID: nil, detail: "\(request.endpoint): \(error)")
            switch error {
            case .noCommonCodec: throw ARIError(400, "The format is not available for this transport")
            case .unknownTechnology, .unknownDestination: throw ARIError(400, "external_host or transport_data can't be used")
            default: throw failed
            }
        }
    }
}

/// What a client asks of external media, checked in the order of the reference.
private struct ExternalMedia {
    private enum Way {
        case rtp
        case audioSocket(uuid: String)
        case audioSocketServer(uuid: String)
        /// The program's name, or `INCOMING` when it connects to us.
        case webSocket(String)
    }

    private let way: Way
    private let host: String
    let format: String
    private let direction: String
    /// Options for the channel of a WebSocket.
    private let options: String

    /// - Parameter takesAudioSockets: whether programs may connect to us over AudioSocket; the reference knows no such way.
    /// - Parameter knowsProgram: whether there is a program of that name to which media WebSockets can be opened.
    init(_ call: ARICall, takesAudioSockets: Bool, knowsProgram: (String) -> Bool) throws(ARIError) {
        let encapsulation = call.nonEmpty("encapsulation") ?? "rtp"
        let transport = call.nonEmpty("transport") ?? "udp"
        let isServer = call.nonEmpty("connection_type") == "server"
        let isWebSocket = transport == "websocket"
        let mayServe = isWebSocket || (takesAudioSockets && encapsulation == "audiosocket")
        try Self.check(encapsulation, transport, isServer: isServer, mayServe: mayServe)
        guard let host = call.nonEmpty("external_host") ?? (isServer ? "INCOMING" : nil) else {
            throw ARIError(400, "external_host is required for all but websocket server connections")
        }
        if !isWebSocket, !isServer { try Self.checkPort(host) }
        if isWebSocket, !isServer, !knowsProgram(host) {
            throw ARIError(400, "external_host must be a valid websocket_client connection id.")
        }
        guard let format = call.nonEmpty("format") else { throw ARIError(400, "format cannot be empty") }
        direction = call.nonEmpty("direction") ?? "both"
        guard ["both", "in", "out"].contains(direction) else { throw ARIError(400, "Invalid direction specified") }
        options = call.nonEmpty("transport_data") ?? ""
        self.host = host
        self.format = format
        switch (encapsulation, transport) {
        case ("rtp", _): way = .rtp
        case ("audiosocket", _):
            guard let uuid = call.nonEmpty("data") else { throw ARIError(400, "data can not be empty") }
            way = isServer ? .audioSocketServer(uuid: uuid) : .audioSocket(uuid: uuid)
        case ("none", "websocket"): way = .webSocket(isServer ? "INCOMING" : host)
        default: throw ARIError(501, "The encapsulation and/or transport is not supported")
        }
    }

    private static func check(
        _ encapsulation: String, _ transport: String, isServer: Bool, mayServe: Bool
    ) throws(ARIError) {
        let isWebSocket = transport == "websocket"
        if isWebSocket, encapsulation != "none" { throw ARIError(400, "encapsulation must be 'none' for websocket transport") }
        if encapsulation == "rtp", transport != "udp" { throw ARIError(400, "transport must be 'udp' for rtp encapsulation") }
        if encapsulation == "audiosocket", transport != "tcp" {
            throw ARIError(400, "transport must be 'tcp' for audiosocket encapsulation")
        }
        if isServer, !mayServe { throw ARIError(400, "'server' connection_type can only be used with the websocket transport") }
    }

    private static func checkPort(_ host: String) throws(ARIError) {
        let colon = host.lastIndex(of: ":")
        guard let colon, colon != host.startIndex, UInt16(host[host.index(after: colon)...]) != nil else {
            throw ARIError(400, "external_host must be <host>:<port> for all transports other than websocket")
        }
    }

    /// What is dialled.
    func endpoint() async throws(ARIError) -> String {
        switch way {
        case .rtp: return "UnicastRTP/\(try await numericHost())/c(\(format))"
        case .audioSocket(let uuid): return "AudioSocket/\(try await numericHost())/\(uuid)"
        case .audioSocketServer(let uuid): return "AudioSocket/INCOMING/\(uuid)"
        case .webSocket(let program):
            let options = options + (direction == "both" ? "" : "d(\(direction))")
            return "WebSocket/\(program)" + (options.isEmpty ? "" : "/\(options)")
        }
    }

    /// The host as a number: names are looked up, without holding up the control loop.
    private func numericHost() async throws(ARIError) -> String {
        guard let colon = host.lastIndex(of: ":") else { return host }
        let (name, port) = (String(host[..<colon]), host[colon...])
        if name.hasPrefix("[") || (try? SocketAddress(ipAddress: name, port: 0)) != nil { return host }
        do {
            let address = try await NIOThreadPool.singleton.runIfActive {
                try SocketAddress.makeAddressResolvingHost(name, port: 0)
            }
            guard let number = address.ipAddress else { throw SocketAddressError.unsupported }
            return (number.contains(":") ? "[\(number)]" : number) + port
        } catch {
            throw ARIError(400, "external_host '\(name)' is not known: give an address, or a name that can be looked up")
        }
    }
}
