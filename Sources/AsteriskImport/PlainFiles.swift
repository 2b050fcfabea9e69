import Store

// The files whose sections stand for themselves.
extension AsteriskImport {
    mutating func importMain(_ sections: [ConfSection]) {
        for section in sections where section.name == "options" {
            if let name = take("systemname", section) { configuration.identity.systemName = name }
            if let id = take("entityid", section) { configuration.identity.entityID = id }
            if let language = take("defaultlanguage", section) { configuration.defaultLanguage = language }
        }
        for section in sections where section.name == "directories" {
            if let folder = take("astsoundsdir", section) ?? take("astdatadir", section).map({ "\($0)/sounds" }) {
                configuration.sounds = [folder]
            }
            if let folder = take("astspooldir", section) { configuration.recordings = "\(folder)/recording" }
            for key in [
                "astetcdir", "astmoddir", "astvarlibdir", "astdbdir", "astkeydir", "astagidir", "astrundir", "astlogdir", "astsbindir",
                "astcachedir",
            ] {
                refuse(key, section, "has no counterpart: everything lies in the data folder")
            }
        }
    }

    mutating func importHTTP(_ sections: [ConfSection]) {
        for section in sections where section.name == "general" {
            let isEnabled = takeFlag("enabled", section) ?? false
            configuration.http.httpEnabled = isEnabled
            if let host = take("bindaddr", section) { configuration.http.host = host }
            configuration.http.httpPort = takeNumber("bindport", section, 0...65_535) ?? 8_088
            configuration.http.httpsEnabled = takeFlag("tlsenable", section) ?? false
            if let address = take("tlsbindaddr", section) {
                configuration.http.httpsPort = Self.port(of: address) ?? 8_089
                let host = Self.host(of: address)
                if !host.isEmpty, host != configuration.http.host { refuse("tlsbindaddr", section, "HTTPS listens at the address of HTTP") }
            }
            if let file = take("tlscertfile", section), !file.isEmpty {
                configuration.http.certificate = file
                configuration.http.key = take("tlsprivatekey", section) ?? file
            }
            if let prefix = take("prefix", section), !["", "asterisk", "/asterisk"].contains(prefix) {
                refuse("prefix", section, "ARI is served below /ari and /asterisk/ari")
            }
        }
    }

    mutating func importARI(_ sections: [ConfSection]) {
        var users: [Configuration.ARIUser] = []
        var outbound: [Configuration.OutboundWebSocket] = []
        for section in sections {
            switch (section.name, section["type"]) {
            case ("general", _):
                configuration.ari.enabled = takeFlag("enabled", section) ?? true
                configuration.ari.allowedOrigins = Self.list(take("allowed_origins", section))
                if let realm = take("auth_realm", section) { configuration.ari.realm = realm }
                configuration.ari.channelVariables = Self.list(take("channelvars", section))
                acceptUsual(["pretty": ["yes", "no"]], section)
            case (_, "outbound_websocket"):
                _ = take("type", section)
                var made = Configuration.OutboundWebSocket(
                    name: section.name, client: take("websocket_client_id", section) ?? "", user: take("local_ari_user", section) ?? "",
                    applications: Self.list(take("apps", section)))
                made.subscribeAll = takeFlag("subscribe_all", section) ?? false
                outbound.append(made)
            default:
                guard let password = take("password", section), !password.isEmpty else {
                    refuse(section, "is no ARI user: it has no password")
                    continue
                }
                acceptUsual(["type": ["user"], "password_format": ["plain"]], section)
                guard section["password_format"] ?? "plain" == "plain" else {
                    refuse("password_format", section, "a crypted password can't be converted; add the user anew")
                    continue
                }
                var user = Configuration.ARIUser(name: section.name, password: password)
                user.readOnly = takeFlag("read_only", section) ?? false
                user.allowedNetworks = networks(takeAll("permit", section))
                if isClosed(section, user.allowedNetworks) { user.enabled = false }
                users.append(user)
            }
        }
        (configuration.ari.users, configuration.ari.outbound) = (users, outbound)
    }

    mutating func importRTP(_ sections: [ConfSection]) {
        for section in sections where section.name == "general" {
            let first = takeNumber("rtpstart", section, 1...65_534) ?? configuration.rtp.ports.lowerBound
            let last = takeNumber("rtpend", section, 2...65_535) ?? configuration.rtp.ports.upperBound
            if first < last { configuration.rtp.ports = first...last }
        }
    }

    mutating func importIndications(_ sections: [ConfSection]) {
        for section in sections where section.name == "general" {
            if let country = take("country", section) { configuration.indications = country }
        }
        for section in sections where section.name != "general" {
            for entry in section.entries { refuse(entry, "the tones of countries are built in") }
        }
    }

    mutating func importMusic(_ sections: [ConfSection]) {
        var music: [String: String] = [:]
        for section in sections where section.name != "general" {
            guard let mode = take("mode", section) else { continue }
            guard ["files", "playlist"].contains(mode), let folder = take("directory", section) else {
                refuse("mode", section, "only folders of files are played")
                continue
            }
            music[section.name] = folder
        }
        if !music.isEmpty { configuration.music = music }
    }

    mutating func importWebSocketClients(_ sections: [ConfSection]) {
        var clients: [Configuration.WebSocketClient] = []
        for section in sections where section["type"] == "websocket_client" {
            _ = take("type", section)
            var client = Configuration.WebSocketClient(name: section.name, uri: take("uri", section) ?? "")
            if let user = take("username", section) { client.user = user }
            if let password = take("password", section) { client.password = password }
            client.subprotocols = Self.list(take("protocols", section))
            if let file = take("ca_list_file", section) { client.authorities = file }
            client.verifyCertificate = takeFlag("verify_server_cert", section) ?? true
            client.connectTimeoutMs = takeNumber("connection_timeout", section, 50...60_000) ?? client.connectTimeoutMs
            client.reconnectMs = takeNumber("reconnect_interval", section, 100...600_000) ?? client.reconnectMs
            if take("connection_type", section) == "per_call_config" {
                for index in configuration.ari.outbound.indices where configuration.ari.outbound[index].client == section.name {
                    configuration.ari.outbound[index].perCall = true
                }
            }
            acceptUsual(["tls_enabled": [client.uri.hasPrefix("wss") ? "yes" : "no"]], section)
            clients.append(client)
        }
        configuration.webSocketClients = clients
    }

    // MARK: Values

    static func list(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { String($0.trimmed) }.filter { !$0.isEmpty }
    }

    /// Whether somebody was confined in a way that is not understood: who may come is then nobody.
    mutating func isClosed(_ section: ConfSection, _ networks: [IPNetwork]) -> Bool {
        let limits = section.entries.filter { ["permit", "deny", "acl"].contains($0.key) }
        guard !limits.isEmpty, networks.isEmpty else { return false }
        for limit in limits { refuse(limit, "no network is left that it may come from: it may not log in") }
        return true
    }

    /// Reads networks, several in a line; what is none is told.
    mutating func networks(_ entries: [ConfEntry]) -> [IPNetwork] {
        entries.flatMap { entry in
            Self.list(entry.value).compactMap { text in
                if let network = Self.network(text) { return network }
                refuse(entry, "\(text) is no network in the form address/bits")
                return nil
            }
        }
    }

    /// Reads `address`, `address/bits` or `address/255.255.255.0`; bits of the host are left out.
    private static func network(_ text: String) -> IPNetwork? {
        if let network = try? IPNetwork(parsing: text) { return network }
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2, let address = IPAddress(parts[0]) else { return nil }
        let bits = Int(parts[1]) ?? IPAddress(parts[1]).map { mask in mask.bytes.reduce(0) { $0 + $1.nonzeroBitCount } }
        guard let bits, (0...8 * address.bytes.count).contains(bits) else { return nil }
        let masked = address.bytes.enumerated().map { index, byte in
            let kept = min(8, max(0, bits - 8 * index))
            return kept == 0 ? 0 : byte & ~UInt8(0) << UInt8(8 - kept)
        }
        return IPAddress(bytes: masked).flatMap { try? IPNetwork(parsing: "\($0)/\(bits)") }
    }

    /// The part of `host:port` or `[v6]:port` before the port.
    static func host(of address: String) -> String {
        if address.hasPrefix("["), let close = address.firstIndex(of: "]") {
            return String(address[address.index(after: address.startIndex)..<close])
        }
        let colons = address.count { $0 == ":" }
        return colons == 1 ? String(address.prefix { $0 != ":" }) : address
    }

    static func port(of address: String) -> Int? {
        let rest =
            address.hasPrefix("[")
            ? address.drop { $0 != "]" }.dropFirst() : address.count { $0 == ":" } == 1 ? address.drop { $0 != ":" } : ""
        return Int(rest.dropFirst()).flatMap { (0...65_535).contains($0) ? $0 : nil }
    }
}
