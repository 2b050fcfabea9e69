@testable import Store

/// A repeatable source of randomness (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Makes valid configurations that reach into the corners: odd texts, empty lists, limits.
struct RandomConfiguration {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func make() -> Configuration {
        var made = Configuration()
        made.identity.entityID = pick(["", "02:1a:2b:3c:4d:5e"])
        made.identity.systemName = pick(["", "node-1"])
        made.log.level = pick(Configuration.Log.Level.allCases)
        made.sip.listeners = (0..<number(1...3)).map {
            Configuration.SIP.Listener(pick(Configuration.SIP.Transport.allCases), host: pick(["127.0.0.1", "::1"]), port: 5060 + $0)
        }
        made.rtp.ports = pick([10000...20000, 30000...30001, 6000...65535])
        made.rtp.bindAddress = pick(["", "127.0.0.1"])
        made.rtp.stunServer = pick(["", "stun.example.com", "[::1]:3478"])
        made.rtp.iceServers = pick([[], ["stun:a", "turns:turn.example.com:5349?transport=tcp"]])
        made.rtp.turnUser = text(max: 60)
        made.rtp.turnPassword = text(max: 60)
        made.rtp.localNetworks = flip() ? [] : made.rtp.localNetworks
        made.rtp.timeoutSeconds = number(0...86400)
        made.http.httpPort = number(1000...4000)
        made.http.httpsEnabled = flip()
        (made.http.certificate, made.http.key) = flip() ? ("", "") : ("/etc/tls/a b.pem", "tls/key.pem")
        made.sounds = (0..<number(0...3)).map { _ in "/" + text(max: 20) }
        made.defaultLanguage = pick(["en", "de-AT", "no", "true"])
        made.music = Dictionary(uniqueKeysWithValues: (0..<number(0...3)).map { ("class\($0)", text(max: 30)) })
        made.recordings = "r" + text(max: 10)
        made.indications = pick(["us", "no", "de"])
        randomizeARI(&made)
        made.extensions = (0..<number(0...4)).map { phone(200 + $0) }
        made.dialplan = (0..<number(0...3)).map { Configuration.DialplanFile(name: "part\($0).conf", text: lines()) }
        made.dialplanApplications = (0..<number(0...3)).map {
            Configuration.DialplanApplication(
                extension: pick(["\(1000 + $0)", "_\($0)XX!", "*\($0)"]), name: text(max: 50),
                steps: pick([["Answer", "Hangup()"], ["1,Answer()", "n(again),Playback(a&b,\"c: d\")", "n,Goto(again)"]]))
        }
        return made
    }

    private mutating func randomizeARI(_ made: inout Configuration) {
        made.ari.enabled = flip()
        made.ari.preflightNeedsLogin = flip()
        made.security.failures = number(6...100)
        made.security.neverBlock = pick([[], [try? IPNetwork(parsing: "192.0.2.0/24")].compactMap(\.self)])
        made.ari.realm = pick(["Asterisk REST Interface", "a: b #c"])
        made.ari.allowedOrigins = pick([[], ["*"], ["https://a.example", "http://[::1]:8080"]])
        made.ari.channelVariables = pick([[], ["CALLERID(num)", "X"]])
        made.ari.users = (0..<number(0...3)).map { index in
            var user = Configuration.ARIUser(name: "user\(index)", password: PasswordHash.example)
            user.readOnly = flip()
            user.enabled = flip()
            user.description = text(max: 200)
            user.applications = flip() ? [] : ["a b", "yes", "x-\(index)"]
            user.weakPassword = flip()
            user.allowedNetworks = flip() ? [] : ["10.0.0.0/8", "2001:db8::/32"].compactMap { try? IPNetwork(parsing: $0) }
            return user
        }
        made.ami.enabled = flip()
        made.ami.port = pick([0, 5_038])
        made.ami.managers = (0..<number(0...2)).map { index in
            var manager = Configuration.AMIManager(name: "m\(index)", secret: "s" + text(max: 100))
            manager.read = pick([[], [.all], [.call, .dtmf]])
            manager.write = pick([[], [.originate, .system]])
            manager.eventFilters = pick([[], ["!Event: VarSet", "Channel: PJSIP/.*"]])
            manager.allowedNetworks = flip() ? [] : ["10.0.0.0/8"].compactMap { try? IPNetwork(parsing: $0) }
            return manager
        }
        made.remoteMedia.hosts = pick([[], ["cdn.example", "[::1]:80"]])
        made.remoteMedia.cacheMegabytes = number(1...100_000)
        made.audioSocket.enabled = flip()
        made.audioSocket.port = pick([0, 9_092, 65_535])
        made.webSocketClients = (0..<number(0...2)).map { index in
            var client = Configuration.WebSocketClient(
                name: "p\(index)", uri: pick(["ws://a", "wss://[::1]:9/x?y=z", "ws://h.example:80/"]))
            client.password = text(max: 200)
            client.subprotocols = pick([[], ["ari", "x.y"]])
            client.verifyCertificate = flip()
            client.reconnectMs = number(100...600_000)
            return client
        }
        guard let user = made.ari.users.first, let client = made.webSocketClients.first else { return }
        made.ari.outbound = (0..<number(0...2)).map { index in
            var connection = Configuration.OutboundWebSocket(
                name: "o\(index)", client: client.name, user: user.name, applications: pick([["a"], ["a b", "yes"]]))
            connection.perCall = flip()
            connection.subscribeAll = flip()
            return connection
        }
    }

    private mutating func phone(_ number: Int) -> Configuration.Extension {
        var phone = Configuration.Extension(number: pick(["\(number)", "0\(number)", "p\(number).x"]), secret: "s" + text(max: 100))
        phone.authenticate = flip()
        phone.context = pick(["internal", "from_outside"])
        phone.messageContext = pick(["", "messages"])
        phone.callerID = .init(name: text(max: 60), number: pick(["", "+49\(number)"]))
        phone.codecs = Array(Configuration.Extension.Codec.allCases.shuffled(using: &generator).prefix(self.number(1...3)))
        phone.dtmf = pick(Configuration.Extension.DTMF.allCases)
        phone.mediaEncryption = pick(Configuration.Extension.MediaEncryption.allCases)
        phone.maxContacts = self.number(1...5)
        phone.removeExisting = flip()
        phone.qualifySeconds = self.number(0...3600)
        phone.busyLimit = self.number(0...1000)
        phone.language = pick(["", "xx"])
        phone.accountCode = text(max: 60)
        phone.mailbox = pick(["", "\(number)@default"])
        return phone
    }

    // MARK: Parts

    mutating func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: values.indices, using: &generator)] }

    mutating func flip() -> Bool { Bool.random(using: &generator) }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    /// Text on one line with what YAML could take for something else; at most `max` bytes.
    mutating func text(max: Int) -> String {
        let parts = [
            "a", "yes", " ", "  ", "#", ": ", "- ", "'", "\"", "\\", "~", "null", "0x1F", "1e3", "2026-11-22", "{", "}", "[", "]",
            "&a", "*a", "!t", "|", ">", "%", "@", "`", "é", "你", "🎵", ",", "?", "=", "<<", "--- ", "...",
        ]
        let made = (0..<number(0...6)).map { _ in pick(parts) }.joined()
        return made.utf8.count <= max ? made : ""
    }

    /// Text of several lines, with all kinds of ends and indentation.
    mutating func lines() -> String {
        let rows = ["[internal]", "exten => _X.,1,Dial(PJSIP/${EXTEN},30)", " same => n,Hangup()", "", "  ", "\tx", "; é: #", "a  "]
        return (0..<number(0...6)).map { _ in pick(rows) }.joined(separator: "\n") + pick(["", "\n", "\n\n"])
    }
}

/// The name for files that import GRDB, which has a `Configuration` too.
typealias StoredConfiguration = Configuration

extension PasswordHash {
    /// A hash of `secret` that is cheap to check.
    static let example =
        "$scrypt$ln=10,r=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$SVuM0KSexiHimepMIq8EAUTo2etmecfCLZSlwiAM8gU"
}
