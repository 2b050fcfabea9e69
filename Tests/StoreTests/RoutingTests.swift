import Testing

@testable import Store

@Suite("Providers and routes")
struct RoutingTests {
    private func configuration(_ yaml: String) throws -> Configuration {
        try ConfigurationFile.load(yaml).merged(onto: Configuration())
    }

    @Test("Extensions can be dialled; what a file has in the context comes first")
    func extensions() throws {
        let files = try configuration(
            """
            extensions: [{number: "201", secret: long-enough-to-be-good, ringSeconds: 20}]
            dialplan: [{name: a.conf, text: "[internal]\\n"}]
            """
        ).compiledDialplan
        #expect(files.map(\.name) == ["a.conf", "routing"])
        #expect(
            files.last?.text.split(separator: "\n\n", maxSplits: 1).last.map(String.init) == """
                [arioso-extensions]
                exten => 201,1,Gosub(arioso-ring,201,1(20))
                 same => n,ExecIf($["${DIALSTATUS}" = "CHANUNAVAIL"]?Hangup(20))
                exten => 201,hint,PJSIP/201

                [arioso-ring]
                exten => 201,1,Dial(PJSIP/201,${ARG1})
                 same => n,Return()

                [internal]
                include => arioso-extensions

                """)
    }

    @Test("An extension named like one of the dialplan's own words, or like a pattern, is not dialled by it")
    func reservedNames() throws {
        let text = try configuration(
            """
            extensions: [{number: h, secret: abcdefghijkl}, {number: _X, secret: abcdefghijkl}, {number: "7", secret: abcdefghijkl}]
            """
        ).routingDialplan
        #expect(text.contains("exten => 7,1,"))
        #expect(!text.contains("exten => h,") && !text.contains("exten => _X,"))
    }

    @Test("Nothing may be called through providers without a route")
    func nothingOutside() throws {
        let yaml = """
            extensions: [{number: "201", secret: abcdefghijkl}]
            providers: [{name: line, registration: none, host: 192.0.2.1}]
            outgoingRoutes: [{name: off, pattern: 0X., providers: [line], enabled: no}]
            """
        let text = try configuration(yaml).routingDialplan
        #expect(!text.contains("@line"))
        #expect(text.contains("[arioso-incoming-line]\n"))
        #expect(!text.contains("include => arioso-outgoing"))
    }

    @Test("Routes are looked at in their order, those of other providers left out")
    func order() throws {
        let text = try configuration(
            """
            providers: [{name: a, registration: none, host: 192.0.2.1}, {name: b, registration: none, host: 192.0.2.2}]
            incomingRoutes:
              - {name: one, provider: b, number: "49", application: bot}
              - {name: two, provider: a, number: 49X., destination: "201"}
              - {name: three, destination: "1000"}
            """
        ).routingDialplan
        #expect(text.contains("[arioso-incoming-a]\ninclude => arioso-incoming-route-2\ninclude => arioso-incoming-route-3\n"))
        #expect(text.contains("[arioso-incoming-b]\ninclude => arioso-incoming-route-1\ninclude => arioso-incoming-route-3\n"))
        #expect(text.contains("exten => _49X.,1,Goto(internal,201,1)\n"))
    }

    @Test(
        "What is wrong with a route or provider is told with its place",
        arguments: [
            ("providers: [{name: a}]", ["providers[0].host", "providers[0].user"]),
            ("providers: [{name: a, registration: inbound}]", ["providers[0].secret"]),
            ("providers: [{name: a, registration: none, host: 'x y'}]", ["providers[0].host"]),
            ("providers: [{name: a, registration: none, host: x, proxy: 'x:99999'}]", ["providers[0].proxy"]),
            (
                "extensions: [{number: a, secret: abcdefghijkl}]\nproviders: [{name: a, registration: none, host: x}]",
                ["providers[0].name"]
            ),
            ("incomingRoutes: [{name: r}]", ["incomingRoutes[0].destination"]),
            ("incomingRoutes: [{name: r, destination: '1', application: a}]", ["incomingRoutes[0].destination"]),
            ("incomingRoutes: [{name: r, destination: '1', provider: nobody}]", ["incomingRoutes[0].provider"]),
            ("incomingRoutes: [{name: r, destination: '1'}, {name: r, destination: '2'}]", ["incomingRoutes[1].name"]),
            ("outgoingRoutes: [{name: r, pattern: 0X., providers: [nobody]}]", ["outgoingRoutes[0].providers[0]"]),
            ("outgoingRoutes: [{name: r, pattern: 0X.}]", ["outgoingRoutes[0].providers"]),
        ])
    func wrong(yaml: String, paths: [String]) throws {
        let problems: [ConfigurationProblem]
        do {
            problems = try configuration(yaml).problems().filter { $0.severity == .error }
        } catch let errors as ConfigurationErrors {
            problems = errors.problems
        }
        #expect(problems.map(\.path) == paths)
    }
}
