import Testing

@testable import Store

/// A file with one mistake, and what the error has to say.
struct Mistake: Sendable, CustomTestStringConvertible {
    var yaml: String
    var place: String
    var path: String
    var says: String
    var testDescription: String { "\(path) \(says)" }

    init(_ yaml: String, _ place: String, _ path: String, _ says: String) {
        (self.yaml, self.place, self.path, self.says) = (yaml, place, path, says)
    }
}

@Suite("Mistakes in files are told with place, key path and advice")
struct ConfigurationErrorTests {
    static let mistakes: [Mistake] = [
        Mistake("extention: []", "1:1", "extention", "Did you mean extensions?"),
        Mistake("http:\n  http_port: 80", "2:3", "http.http_port", "Did you mean httpPort?"),
        Mistake("http:\n  colour: red", "2:3", "http.colour", "Known keys: host, "),
        Mistake("http:\n  httpPort: eighty", "2:13", "http.httpPort", "should be a whole number but is \"eighty\""),
        Mistake("http:\n  httpPort: 65536", "2:13", "http.httpPort", "is 65536, which is out of range. Use 0 to 65535."),
        Mistake("http:\n  httpPort: -1", "2:13", "http.httpPort", "out of range"),
        Mistake("http:\n  httpPort: 99999999999999999999", "2:13", "http.httpPort", "whole number"),
        Mistake("http:\n  httpsEnabled: maybe", "2:17", "http.httpsEnabled", "should be yes or no"),
        Mistake("http:\n  host: example.com", "2:9", "http.host", "not an IP address"),
        Mistake("http:\n  host: \"\"", "2:9", "http.host", "is empty"),
        Mistake("http:\n  certificate: a.pem", "2:3", "http.key", "is missing beside http.certificate"),
        Mistake("http: 8088", "1:7", "http", "should be a mapping but is \"8088\""),
        Mistake("http:", "1:6", "http", "should be a mapping but is nothing"),
        Mistake("extensions:\n", "1:12", "extensions", "should be a list but is nothing"),
        Mistake("rtp:\n  ports: 20000-10000", "2:10", "rtp.ports", "first and the last port"),
        Mistake("rtp:\n  ports: 1-65536", "2:10", "rtp.ports", "within 1 to 65535"),
        Mistake("rtp:\n  localNetworks: [10.0.0.0/33]", "2:19", "rtp.localNetworks[0]", "Write 0 to 32 after the slash"),
        Mistake("rtp:\n  localNetworks:\n    - 10.1.2.3/8", "3:7", "rtp.localNetworks[0]", "Write 10.0.0.0/8"),
        Mistake("sip:\n  listeners: []", "2:14", "sip.listeners", "has 0 items"),
        Mistake("sip:\n  listeners: [{transport: upd}]", "2:27", "sip.listeners[0].transport", "Did you mean udp?"),
        Mistake(
            "sip:\n  listeners:\n    - {port: 5060}\n    - {host: 10.0.0.1}", "4:7", "sip.listeners[1].port",
            "is 5060, which sip.listeners[0].port uses too"),
        Mistake("sip: {listeners: [{port: 6000}]}\nrtp: {ports: 5990-6010}", "1:26", "sip.listeners[0].port", "lies within rtp.ports"),
        Mistake("http: {httpPort: 80, httpsPort: 80}", "1:33", "http.httpsPort", "which http.httpPort uses too"),
        Mistake(
            "sip: {listeners: [{transport: tcp}]}\nhttp: {httpsPort: 5060}", "2:19", "http.httpsPort",
            "which sip.listeners[0].port uses too"),
        Mistake(
            "extensions:\n  - number: 201\n    secret: s3cret-s3cret\n    dtmf: rfc2833", "4:11", "extensions[0].dtmf",
            "Did you mean rfc4733?"),
        Mistake("extensions:\n  - number: 201", "2:5", "extensions[0].secret", "is missing"),
        Mistake("extensions:\n  - number: 2 1\n    secret: s3cret-s3cret", "2:13", "extensions[0].number", "is not a valid extension"),
        Mistake(
            "extensions:\n  - {number: 201, secret: aaaaaaaaaaaa}\n  - {number: 201, secret: bbbbbbbbbbbb}", "3:14", "extensions[1].number",
            "is \"201\", as in extensions[0]"),
        Mistake(
            "extensions:\n  - {number: 201, secret: aaaaaaaaaaaa, codecs: [ulaw, ulaw]}", "2:49", "extensions[0].codecs",
            "names a codec twice"),
        Mistake("extensions:\n  - {number: 201, secret: aaaaaaaaaaaa, maxContacts: 6}", "2:54", "extensions[0].maxContacts", "Use 1 to 5."),
        Mistake("ari:\n  allowedOrigins: [crm.example]", "2:20", "ari.allowedOrigins[0]", "scheme://host"),
        Mistake("ari:\n  allowedOrigins: https://crm.example", "2:19", "ari.allowedOrigins", "should be a list"),
        Mistake("webSocketClients: [{name: a, uri: http://x}]", "1:35", "webSocketClients[0].uri", "is not a valid WebSocket address"),
        Mistake(
            "webSocketClients: []\nari: {users: [{name: a, password: x}], outbound: [{name: o, client: c, user: a, applications: [x]}]}",
            "2:69",
            "ari.outbound[0].client", "which webSocketClients does not have"),
        Mistake("ari:\n  users:\n    - name: a:b\n      password: x", "3:13", "ari.users[0].name", "is not a valid user name"),
        Mistake("ari:\n  users: [{name: a, password: x}, {name: a, password: y}]", "2:42", "ari.users[1].name", "as in ari.users[0]"),
        Mistake("indications: USA", "1:14", "indications", "two-letter"),
        Mistake("identity:\n  entityId: 02:1a", "2:13", "identity.entityId", "six bytes"),
        Mistake("music:\n  my class: /a", "2:3", "music.my class", "is not a valid music class"),
        Mistake("dialplan:\n  - file: nosuch.conf", "2:11", "dialplan[0].file", "there is no "),
        Mistake("dialplan:\n  - text: a", "2:5", "dialplan[0].name", "is missing"),
        Mistake("dialplan:\n  - {name: a, text: b, file: c}", "2:30", "dialplan[0].file", "stands beside `text`"),
        Mistake("dialplan: [{name: a, text: b}, {name: a, text: c}]", "1:39", "dialplan[1].name", "as in dialplan[0]"),
        Mistake(
            "dialplanApplications:\n  - {extension: 1000, steps: [Answer, 'Stasis(hello']}", "2:39", "dialplanApplications[0].steps[1]",
            "is not a valid dialplan line"),
        Mistake("dialplanApplications:\n  - {extension: 1000}", "2:5", "dialplanApplications[0].steps", "is missing"),
        Mistake("log:\n  level: verbose", "2:10", "log.level", "Known values: trace, "),
        Mistake("a: 1\na: 2", "1:1", "", "has a key twice in one mapping: a"),
        Mistake("http:\n\thost: a", "2:1", "", "is not valid YAML"),
        Mistake("http: [", "2:1", "", "is not valid YAML"),
        Mistake("http: *x", "1:7", "", "undefined alias"),
        Mistake("---\na: 1\n---\nb: 2", "3:1", "", "is not valid YAML"),
        Mistake("? [a]\n: 1", "1:3", "", "has a key that is no text"),
        Mistake("- a", "1:1", "", "should be a mapping but is a list"),
        Mistake("http: {host: \"a\u{1}b\"}", "1:16", "", "has a character that YAML does not allow"),
    ]

    @Test("One mistake gives one error at its place", arguments: mistakes)
    func mistake(_ mistake: Mistake) throws {
        let errors = #expect(throws: ConfigurationErrors.self) {
            try ConfigurationFile.load(mistake.yaml, name: "a.yaml", folder: "/nonexistent")
        }
        let problem = try #require(errors?.problems.first)
        #expect(errors?.problems.count == 1, "\(errors?.description ?? "")")
        #expect(problem.path == mistake.path)
        #expect(problem.position?.description == mistake.place)
        #expect(problem.description.contains(mistake.says), "\(problem)")
        #expect(problem.description.hasPrefix("a.yaml:\(mistake.place): error: "))
    }

    @Test("All errors come at once, in the order of the lines")
    func allErrors() {
        let yaml = "http:\n  httpPort: x\n  hots: 1\nrtp:\n  ports: 5\nextensions:\n  - secret: 1\n    dtmf: x\n"
        let errors = #expect(throws: ConfigurationErrors.self) { try ConfigurationFile.load(yaml) }
        #expect(errors?.problems.compactMap(\.position?.line) == [2, 3, 5, 7, 8])
    }

    @Test("Values that come from elsewhere are checked by the same rules")
    func semanticChecks() {
        var configuration = Configuration()
        configuration.http.httpPort = 70_000
        configuration.extensions = [.init(number: "", secret: "x"), .init(number: "a b", secret: "")]
        let paths = configuration.problems().filter { $0.severity == .error }.map(\.path)
        #expect(paths == ["http.httpPort", "extensions[0].number", "extensions[1].number", "extensions[1].secret"])
    }

    @Test(
        "What is unwise gives a warning, not an error",
        arguments: [
            ("ari: {enabled: yes}", "ari.users"),
            ("ari: {allowedOrigins: ['*']}", "ari.allowedOrigins[0]"),
            ("ari: {users: [{name: conf, password: conf}]}", "ari.users[0].password"),
            ("extensions: [{number: 201, secret: 1234567}]", "extensions[0].secret"),
            ("extensions: [{number: 201, secret: password}]", "extensions[0].secret"),
        ])
    func warnings(yaml: String, path: String) throws {
        #expect(try ConfigurationFile.load(yaml).warnings.map(\.path) == [path])
    }

    @Test("A conflict with a stored section is found before anything changes")
    func conflictWithStored() throws {
        let file = try ConfigurationFile.load("http: {httpPort: 5060}", name: "a.yaml")
        let errors = #expect(throws: ConfigurationErrors.self) { try file.merged(onto: .secureDefault) }
        #expect(errors?.description.contains("a.yaml:1:18: error: http.httpPort is 5060") == true)
    }

    @Test("A file is read up to its limits and no further")
    func limits() throws {
        let maxNesting = String(repeating: "[", count: 15) + String(repeating: "]", count: 15)
        #expect(message("x: \(maxNesting)").contains("is not a known key"))
        #expect(message("x: [\(maxNesting)]").contains("nested too deeply"))
        #expect(message(String(repeating: "[", count: 100_000)).contains("nesting"))
        let start = "sip: {}\n#"
        let rest = String(repeating: "#", count: ConfigurationLimits.fileBytes - start.utf8.count)
        #expect(message(start + rest) == "")
        #expect(message(start + rest + "#").contains("larger than"))
        // Each level doubles what the aliases stand for.
        let bomb = (1...20).reduce("a0: &a0 [x, x]\n") { $0 + "a\($1): &a\($1) [*a\($1 - 1), *a\($1 - 1)]\n" }
        #expect(message(bomb).contains("too many values") || message(bomb).contains("nested too deeply"))
    }

    private func message(_ yaml: String) -> String {
        do throws(ConfigurationErrors) {
            _ = try ConfigurationFile.load(yaml)
            return ""
        } catch {
            return error.description
        }
    }

    @Test(
        "Lists are read up to their limit and no further",
        arguments: [(ConfigurationLimits.extensions, true), (ConfigurationLimits.extensions + 1, false)])
    func listLimit(count: Int, fits: Bool) {
        var configuration = Configuration()
        configuration.extensions = (0..<count).map { .init(number: "\($0)", secret: "kJ-sd_fkMMxqWzzT") }
        #expect(configuration.problems().isEmpty == fits)
    }
}
