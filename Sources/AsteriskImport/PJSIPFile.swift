import Store

// pjsip.conf: its endpoints become extensions, or providers where they are lines to somebody.
extension AsteriskImport {
    mutating func importPJSIP(_ sections: [ConfSection]) {
        let objects = PJSIPObjects(sections)
        for section in sections where section["type"] == nil { refuse(section, "has no type") }
        importTransports(objects.of("transport"))
        var (phones, lines): ([Configuration.Extension], [Configuration.Provider]) = ([], [])
        for endpoint in objects.of("endpoint") {
            if objects.isLine(endpoint) {
                lines.append(provider(endpoint, objects))
            } else if let phone = phone(endpoint, objects) {
                phones.append(phone)
            }
        }
        for registration in objects.of("registration") where !objects.belongs(registration) {
            if let line = provider(registration, objects) { lines.append(line) }
        }
        for kind in ["aor", "auth", "identify", "registration", "endpoint", "transport"] {
            for section in objects.of(kind) { acceptUsual(["type": [kind]], section) }
        }
        (configuration.extensions, configuration.providers) = (phones, lines)
    }

    // MARK: Transports

    private mutating func importTransports(_ sections: [ConfSection]) {
        var listeners: [Configuration.SIP.Listener] = []
        for section in sections {
            guard let kind = Configuration.SIP.Transport(rawValue: (section["protocol"] ?? "udp").lowercased()) else {
                if Configuration.Extension.Transport(rawValue: (section["protocol"] ?? "").lowercased()) == nil {
                    refuse("protocol", section, "is no transport of phones here")
                }
                // Browsers connect to the ports of HTTP, whatever a transport of theirs says.
                for key in ["protocol", "bind"] { _ = take(key, section) }
                continue
            }
            _ = take("protocol", section)
            let address = take("bind", section) ?? "0.0.0.0"
            let standard = kind == .tls ? Configuration.SIP.securePort : Configuration.SIP.standardPort
            let host = Self.host(of: address)
            listeners.append(
                Configuration.SIP.Listener(kind, host: host.isEmpty ? "0.0.0.0" : host, port: Self.port(of: address) ?? standard))
            if let outside = take("external_media_address", section) { configuration.rtp.advertisedAddress = outside }
            if let outside = take("external_signaling_address", section), configuration.rtp.advertisedAddress != outside {
                if configuration.rtp.advertisedAddress.isEmpty {
                    configuration.rtp.advertisedAddress = outside
                } else {
                    refuse("external_signaling_address", section, "there is one public address, for audio and signalling")
                }
            }
            let local = networks(takeAll("local_net", section))
            if !local.isEmpty { configuration.rtp.localNetworks = local }
            for key in ["cert_file", "priv_key_file", "ca_list_file", "method"] {
                refuse(key, section, "TLS uses the certificate of HTTPS")
            }
            acceptUsual(["allow_reload": ["yes", "no"], "tos": ["0"], "cos": ["0"]], section)
        }
        if !listeners.isEmpty { configuration.sip.listeners = listeners.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
    }

    // MARK: Phones

    /// What is always so here, so that saying it needs no counterpart.
    private static let usual: [String: Set<String>] = [
        "rtp_symmetric": ["yes"], "force_rport": ["yes"], "rewrite_contact": ["yes"], "direct_media": ["no"], "ice_support": ["no", "yes"],
        "media_encryption": ["no"], "use_avpf": ["no", "yes"], "rtcp_mux": ["no", "yes"], "bundle": ["no", "yes"], "webrtc": ["no"],
        "media_use_received_transport": ["no", "yes"], "dtls_auto_generate_cert": ["no", "yes"], "dtls_setup": ["actpass"],
        "media_encryption_optimistic": ["no"], "max_audio_streams": ["1"], "max_video_streams": ["0", "1"], "t38_udptl": ["no"],
        "send_rpid": ["no"], "100rel": ["yes"], "timers": ["yes"], "allow_transfer": ["yes"], "send_diversion": ["no"],
        "inband_progress": ["no"], "trust_id_outbound": ["no", "yes"], "rtp_ipv6": ["no"], "disable_direct_media_on_nat": ["yes", "no"],
        "aggregate_mwi": ["yes", "no"], "tone_zone": [], "moh_passthrough": ["no"],
    ]

    private mutating func phone(_ endpoint: ConfSection, _ objects: PJSIPObjects) -> Configuration.Extension? {
        var phone = Configuration.Extension(number: endpoint.name, secret: "")
        if let auth = objects.find("auth", take("auth", endpoint)), let secret = take("password", auth), !secret.isEmpty {
            phone.secret = secret
            acceptUsual(["auth_type": ["userpass", "digest"]], auth)
            if let user = take("username", auth), user != endpoint.name {
                refuse("username", auth, "the phone logs in as \(endpoint.name) here")
            }
        } else if takesUnauthenticated {
            phone.authenticate = false
            phone.secret = makeSecret()
        } else {
            refuse(endpoint, "is no extension: it has no password in a section of type auth")
            return nil
        }
        if let context = take("context", endpoint) { phone.context = context }
        if let context = take("message_context", endpoint) { phone.messageContext = context }
        phone.callerID = callerID(take("callerid", endpoint))
        (phone.codecs, phone.dtmf) = (codecs(endpoint, standard: phone.codecs), dtmf(endpoint))
        phone.busyLimit = takeNumber("device_state_busy_at", endpoint, 0...1_000) ?? 0
        if let language = take("language", endpoint) { phone.language = language }
        if let code = take("accountcode", endpoint) { phone.accountCode = code }
        if let mailbox = take("mailboxes", endpoint) { phone.mailbox = mailbox }
        phone.mediaEncryption = mediaEncryption(endpoint)
        if let name = take("transport", endpoint) {
            let kind = objects.find("transport", name).flatMap {
                Configuration.Extension.Transport(rawValue: ($0["protocol"] ?? "udp").lowercased())
            }
            if let kind { phone.transports = [kind] } else { refuse("transport", endpoint, "is no transport that was taken over") }
        }
        if let aor = objects.find("aor", take("aors", endpoint)) {
            // 0 means that the phone is found elsewhere; here every extension may register.
            phone.maxContacts = min(max(takeNumber("max_contacts", aor, 0...10_000) ?? 1, 1), ConfigurationLimits.contacts)
            phone.removeExisting = takeFlag("remove_existing", aor) ?? false
            phone.qualifySeconds = takeNumber("qualify_frequency", aor, 0...3_600) ?? 0
        }
        acceptUsual(Self.usual, endpoint)
        return phone
    }

    /// How audio is carried: `webrtc` is short for DTLS, ICE and all that goes along.
    private mutating func mediaEncryption(_ endpoint: ConfSection) -> Configuration.Extension.MediaEncryption {
        if let flag = takeFlag("webrtc", endpoint), flag {
            _ = take("media_encryption", endpoint)
            return .dtls
        }
        switch endpoint["media_encryption"]?.lowercased() {
        case "sdes": return take("media_encryption", endpoint).map { _ in .sdes } ?? .automatic
        case "dtls":
            _ = take("media_encryption", endpoint)
            if !Self.isTrue(endpoint["ice_support"] ?? "no") {
                refuse("media_encryption", endpoint, "is taken over with ICE, which DTLS needs here: turn ICE and rtcp-mux on in the phone")
            }
            return .dtls
        default: return .automatic
        }
    }

    // MARK: Lines

    private mutating func provider(_ endpoint: ConfSection, _ objects: PJSIPObjects) -> Configuration.Provider {
        var line = Configuration.Provider(name: endpoint.name, host: "")
        line.registration = .none
        if let aor = objects.find("aor", take("aors", endpoint)) {
            if let contact = take("contact", aor) {
                take(contact, into: &line)
                line.number = Self.userAndHost(contact).user
            }
            line.qualifySeconds = takeNumber("qualify_frequency", aor, 0...3_600) ?? 0
            _ = take("max_contacts", aor)
        }
        if let auth = objects.find("auth", take("outbound_auth", endpoint)) { take(auth, into: &line) }
        if let registration = objects.registration(of: endpoint) { register(registration, objects, &line) }
        for identify in objects.of("identify") where identify["endpoint"] == endpoint.name {
            _ = take("endpoint", identify)
            for entry in takeAll("match", identify) { identifyBy(entry, &line) }
        }
        if let context = take("context", endpoint) { line.context = context }
        if let user = take("from_user", endpoint) { line.fromUser = user }
        if let domain = take("from_domain", endpoint) { line.fromDomain = domain }
        if let proxy = take("outbound_proxy", endpoint) { line.proxy = Self.hostAndPort(proxy) }
        line.callerID = callerID(take("callerid", endpoint))
        line.assertIdentity = takeFlag("send_pai", endpoint) ?? false
        line.trustIdentity = takeFlag("trust_id_inbound", endpoint) ?? false
        (line.codecs, line.dtmf) = (codecs(endpoint, standard: line.codecs), dtmf(endpoint))
        if let name = take("transport", endpoint), let transport = objects.find("transport", name),
            let kind = Configuration.SIP.Transport(rawValue: (transport["protocol"] ?? "udp").lowercased())
        {
            line.transport = kind
        }
        acceptUsual(Self.usual, endpoint)
        return line
    }

    /// A registration that no endpoint uses: a line for calls that come in.
    private mutating func provider(_ registration: ConfSection, _ objects: PJSIPObjects) -> Configuration.Provider? {
        guard registration["server_uri"] != nil else {
            refuse(registration, "has no server_uri")
            return nil
        }
        var line = Configuration.Provider(name: registration.name, host: "")
        register(registration, objects, &line)
        return line
    }

    private mutating func register(_ registration: ConfSection, _ objects: PJSIPObjects, _ line: inout Configuration.Provider) {
        line.registration = .outbound
        for key in ["endpoint", "line", "transport"] { _ = take(key, registration) }
        if let server = take("server_uri", registration) { take(server, into: &line) }
        if let client = take("client_uri", registration) {
            let (user, host) = Self.userAndHost(client)
            if !user.isEmpty { line.user = user }
            if !host.isEmpty, host != line.host, line.fromDomain.isEmpty { line.fromDomain = host }
        }
        if let user = take("contact_user", registration), line.user.isEmpty { line.user = user }
        if let seconds = takeNumber("expiration", registration, 60...86_400) { line.expirySeconds = seconds }
        if let auth = objects.find("auth", take("outbound_auth", registration)) { take(auth, into: &line) }
        if let proxy = take("outbound_proxy", registration) { line.proxy = Self.hostAndPort(proxy) }
    }

    private mutating func take(_ auth: ConfSection, into line: inout Configuration.Provider) {
        acceptUsual(["auth_type": ["userpass", "digest"]], auth)
        if let password = take("password", auth) { line.secret = password }
        guard let user = take("username", auth) else { return }
        if line.user.isEmpty { line.user = user } else if line.user != user { line.authUser = user }
    }

    private mutating func take(_ uri: String, into line: inout Configuration.Provider) {
        let plain = Self.withoutScheme(uri)
        let address = plain.split(separator: ";").first.map(String.init) ?? plain
        let hostPort = address.split(separator: "@").last.map(String.init) ?? address
        line.host = Self.host(of: hostPort)
        line.port = Self.port(of: hostPort) ?? 0
        for kind in Configuration.SIP.Transport.allCases where plain.lowercased().contains("transport=\(kind.rawValue)") {
            line.transport = kind
        }
    }

    private mutating func identifyBy(_ entry: ConfEntry, _ line: inout Configuration.Provider) {
        for text in Self.list(entry.value) {
            if let network = try? IPNetwork(parsing: text) {
                if line.host.isEmpty, !text.contains("/") { line.host = text } else { line.allowedNetworks.append(network) }
            } else if line.host.isEmpty || line.host == text {
                line.host = text
            } else {
                refuse(entry, "\(text): besides the provider's host only addresses are compared")
            }
        }
    }

    // MARK: Values

    private mutating func codecs(_ endpoint: ConfSection, standard: [Configuration.Extension.Codec]) -> [Configuration.Extension.Codec] {
        var codecs: [Configuration.Extension.Codec] = []
        var isNamed = false
        for entry in endpoint.entries where entry.key == "allow" || entry.key == "disallow" {
            _ = takeAll(entry.key, endpoint)
        }
        for entry in endpoint.entries where entry.key == "allow" || entry.key == "disallow" {
            for name in Self.list(entry.value.lowercased().replacing("|", with: ",")) {
                let isOff = entry.key == "disallow" || name.hasPrefix("!")
                let word = name.hasPrefix("!") ? String(name.dropFirst()) : name
                if word == "all" {
                    codecs = isOff ? [] : Configuration.Extension.Codec.allCases
                } else if let codec = Configuration.Extension.Codec(rawValue: word) {
                    codecs.removeAll { $0 == codec }
                    if !isOff { codecs.append(codec) }
                } else if !isOff {
                    refuse(entry, "\(word) is no codec here")
                }
                isNamed = true
            }
        }
        return isNamed && !codecs.isEmpty ? codecs : standard
    }

    private mutating func dtmf(_ endpoint: ConfSection) -> Configuration.Extension.DTMF {
        switch take("dtmf_mode", endpoint) {
        case nil, "rfc4733"?, "auto"?: return .rfc4733
        case "info"?: return .info
        case "auto_info"?: return .autoInfo
        default:
            refuse("dtmf_mode", endpoint, "digits travel as telephone events or by INFO")
            return .rfc4733
        }
    }

    /// `Name <number>`, `"Name" <number>` or a number.
    private func callerID(_ text: String?) -> Configuration.Extension.CallerID {
        guard let text else { return Configuration.Extension.CallerID() }
        guard let open = text.lastIndex(of: "<"), let close = text.lastIndex(of: ">"), open < close else {
            return Configuration.Extension.CallerID(number: text)
        }
        let name = text[..<open].trimmed.filter { $0 != "\"" }
        return Configuration.Extension.CallerID(name: name, number: String(text[text.index(after: open)..<close].trimmed))
    }

    private static func withoutScheme(_ uri: String) -> String {
        let bare = uri.filter { !"<>\"".contains($0) }
        return bare.hasPrefix("sips:") ? String(bare.dropFirst(5)) : bare.hasPrefix("sip:") ? String(bare.dropFirst(4)) : bare
    }

    private static func hostAndPort(_ uri: String) -> String {
        let address = withoutScheme(uri).prefix { $0 != ";" && $0 != "\\" }
        return String(address.split(separator: "@").last ?? "")
    }

    private static func userAndHost(_ uri: String) -> (user: String, host: String) {
        let address = withoutScheme(uri).prefix { $0 != ";" }
        let parts = address.split(separator: "@", maxSplits: 1)
        return parts.count == 2 ? (String(parts[0]), host(of: String(parts[1]))) : ("", host(of: String(address)))
    }
}

/// The sections of pjsip.conf by what they are.
struct PJSIPObjects {
    private let byType: [String: [ConfSection]]

    init(_ sections: [ConfSection]) {
        byType = Dictionary(grouping: sections) { $0["type"]?.lowercased() ?? "" }
    }

    func of(_ type: String) -> [ConfSection] { byType[type] ?? [] }

    /// The first section of a type among names that are separated by commas.
    func find(_ type: String, _ names: String?) -> ConfSection? {
        AsteriskImport.list(names).lazy.compactMap { name in of(type).first { $0.name == name } }.first
    }

    /// Whether calls to an endpoint go to a fixed place, or it is known by its address.
    func isLine(_ endpoint: ConfSection) -> Bool {
        if find("aor", endpoint["aors"])?["contact"] != nil || endpoint["outbound_auth"] != nil { return true }
        return of("identify").contains { $0["endpoint"] == endpoint.name } || registration(of: endpoint) != nil
    }

    /// The registration that an endpoint's calls come through: it names the endpoint, or has the same credentials.
    func registration(of endpoint: ConfSection) -> ConfSection? {
        let all = of("registration")
        if let named = all.first(where: { $0["endpoint"] == endpoint.name }) { return named }
        guard let auth = endpoint["outbound_auth"] else { return nil }
        return all.first { $0["endpoint"] == nil && $0["outbound_auth"] == auth }
    }

    /// Whether a registration is that of an endpoint.
    func belongs(_ registration: ConfSection) -> Bool {
        of("endpoint").contains { self.registration(of: $0)?.place == registration.place }
    }
}
