import Testing

@testable import Store

@Suite("Dialplan applications become dialplan")
struct CompiledDialplanTests {
    private func compiled(_ yaml: String) throws -> String {
        let configuration = try ConfigurationFile.load("dialplanApplications:\n" + yaml).merged(onto: Configuration())
        return configuration.compiledDialplan.last?.text ?? ""
    }

    @Test("Plain lines get their priorities, and phones reach the number")
    func plainLines() throws {
        let text = try compiled("  - {extension: 1000, steps: [Answer, Stasis(hello-world), Hangup]}")
        #expect(
            text == """
                [applications]
                exten => 1000,1,Answer
                 same => n,Stasis(hello-world)
                 same => n,Hangup

                [internal]
                include => applications

                """)
    }

    @Test("Lines with priorities and labels keep them; comments and empty lines are left out")
    func numberedLines() throws {
        let text = try compiled(
            "  - extension: 2XX\n    text: |\n      ; hello\n      1,Answer()\n\n      n(again),Playback(beep,x)\n      n,Goto(again)\n")
        #expect(text.hasPrefix("[applications]\nexten => _2XX,1,Answer()\n same => n(again),Playback(beep,x)\n same => n,Goto(again)\n"))
    }

    @Test("A first line with priority n starts at 1, and a pattern stays a pattern")
    func firstPriority() throws {
        let text = try compiled("  - {extension: '_3[1-5].', steps: ['n,Answer()', 'Wait(1)']}")
        #expect(text.hasPrefix("[applications]\nexten => _3[1-5].,1,Answer()\n same => n,Wait(1)\n"))
    }

    @Test("Without applications nothing is added")
    func none() {
        var configuration = Configuration()
        configuration.dialplan = [.init(name: "a.conf", text: "[a]\n")]
        #expect(configuration.compiledDialplan == configuration.dialplan)
    }

    @Test("The quick start is right, and its secrets are new and URL-safe")
    func quickstart() {
        var generator = SeededGenerator(seed: 1)
        let configuration = Configuration.quickstart { Secret.random(using: &generator) }
        #expect(configuration.problems().isEmpty)
        let secrets = configuration.extensions.map(\.secret) + configuration.ari.users.map(\.password)
        #expect(Set(secrets).count == 3)
        #expect(secrets.allSatisfy { $0.count == 32 && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) } })
        #expect(configuration.compiledDialplan.map(\.name) == ["dialplanApplications", "routing"])
    }

    @Test("A new installation lets nobody in")
    func secureDefault() {
        let configuration = Configuration.secureDefault
        #expect(!configuration.ari.enabled && configuration.ari.users.isEmpty && configuration.extensions.isEmpty)
        #expect(configuration.problems().isEmpty)
    }
}

@Suite("Networks")
struct IPNetworkTests {
    @Test(
        "A network has the addresses within its prefix",
        arguments: [
            ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false), ("0.0.0.0/0", "8.8.8.8", true),
            ("192.168.4.0/22", "192.168.7.255", true), ("192.168.4.0/22", "192.168.8.0", false),
            ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false), ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::", false), ("::/0", "10.0.0.1", false), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
        ])
    func contains(network: String, address: String, expected: Bool) throws {
        #expect(try IPNetwork(parsing: network).contains(#require(IPAddress(address))) == expected)
    }

    @Test(
        "Only numeric networks are accepted",
        arguments: [
            "", "/", "a/8", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/8/8", "10.0.0.0/-1", "1.2.3", "::/129", "10.0.0.0/33", "10.0.0.1/8",
        ])
    func rejects(text: String) {
        #expect(throws: IPNetwork.ParseError.self) { try IPNetwork(parsing: text) }
    }

    @Test("Addresses are shown in their shortest form", arguments: [("[2001:DB8:0:0::1]", "2001:db8::1"), ("127.0.0.1", "127.0.0.1")])
    func shortest(text: String, shown: String) {
        #expect(IPAddress(text)?.description == shown)
    }
}
