import Store
import Testing

@testable import AsteriskImport

@Suite("Importing the files of an Asterisk")
struct AsteriskImportTests {
    private func run(_ files: [String: String]) -> ImportResult {
        var conversion = AsteriskImport(
            onto: Configuration(), knownApplications: ["Answer", "Dial", "Hangup", "Playback", "Stasis", "NoOp", "Set", "Goto"]
        ) { name in
            if name.hasSuffix("*.conf") {
                let folder = name.dropLast("*.conf".count)
                return files.keys.filter { $0.hasPrefix(folder) }.sorted().map { ImportFile(name: $0, text: files[$0] ?? "") }
            }
            return files[name].map { [ImportFile(name: name, text: $0)] } ?? []
        }
        return conversion.run()
    }

    private func problems(_ result: ImportResult) -> [String] {
        result.configuration.problems().filter { $0.severity == .error }.map(\.description)
    }

    @Test("ARI users, HTTP and outbound WebSockets")
    func ari() {
        let result = run([
            "http.conf": """
            [general]
            enabled = yes
            bindaddr = 127.0.0.1 ; only here
            bindport = 8090
            tlsenable = yes
            tlsbindaddr = 127.0.0.1:8443
            tlscertfile = /etc/keys/all.pem
            sessionlimit = 100
            """,
            "ari.conf": """
            [general]
            enabled = yes
            pretty = yes
            allowed_origins = https://a.example,https://b.example
            [common](!)
            type = user
            read_only = yes
            [alice](common)
            password = secret-of-alice
            [bob]
            type = user
            password = $6$crypted
            password_format = crypt
            [bot]
            type = outbound_websocket
            websocket_client_id = program
            apps = one,two
            local_ari_user = alice
            """,
            "websocket_client.conf": """
            [program]
            type = websocket_client
            uri = ws://127.0.0.1:9000/x
            connection_type = per_call_config
            """,
        ])
        let configuration = result.configuration
        #expect(configuration.http.httpPort == 8_090 && configuration.http.httpsPort == 8_443 && configuration.http.host == "127.0.0.1")
        #expect(configuration.http.certificate == "/etc/keys/all.pem" && configuration.http.key == "/etc/keys/all.pem")
        #expect(configuration.ari.allowedOrigins == ["https://a.example", "https://b.example"])
        #expect(configuration.ari.users.map(\.name) == ["alice"] && configuration.ari.users[0].readOnly)
        #expect(configuration.ari.outbound.first?.applications == ["one", "two"] && configuration.ari.outbound.first?.perCall == true)
        #expect(configuration.webSocketClients.first?.uri == "ws://127.0.0.1:9000/x")
        #expect(result.remarks.map { "\($0.place)" } == ["ari.conf:13", "http.conf:8"])
        #expect(problems(result).isEmpty)
    }

    @Test("Phones with templates and includes, a provider that registers, one known by its address")
    func pjsip() throws {
        let result = run([
            "pjsip.conf": """
            [udp]
            type=transport
            protocol=udp
            bind=0.0.0.0:5080
            external_media_address=198.51.100.7
            local_net=10.0.0.0/8
            [phone](!)
            type=endpoint
            context=phones
            disallow=all
            allow=g722,ulaw
            direct_media=no
            device_state_busy_at=1
            #include "pjsip.d/*.conf"
            [line]
            type=registration
            server_uri=sip:sip.provider.example:5070\\;transport=tcp
            client_uri=sip:4930123@provider.example
            outbound_auth=line-auth
            expiration=300
            [line-auth]
            type=auth
            auth_type=userpass
            username=4930123
            password=line-secret
            [line-endpoint]
            type=endpoint
            context=from-line
            outbound_auth=line-auth
            aors=line-aor
            allow=!all,alaw
            from_user=4930123
            t38_udptl=yes
            [line-aor]
            type=aor
            contact=sip:sip.provider.example:5070
            [branch]
            type=endpoint
            context=from-branch
            aors=branch
            [branch]
            type=aor
            contact=sip:192.0.2.20
            qualify_frequency=30
            [branch]
            type=identify
            endpoint=branch
            match=192.0.2.20,192.0.2.0/28
            """,
            "pjsip.d/201.conf": """
            [201](phone)
            auth=201
            aors=201
            callerid="Alice A." <201>
            [201]
            type=auth
            auth_type=userpass
            username=201
            password=secret-of-201
            [201]
            type=aor
            max_contacts=2
            """,
            "pjsip.d/202.conf": "[202](phone)\ndtmf_mode=inband\n",
        ])
        let phone = try #require(result.configuration.extensions.first)
        #expect(result.configuration.extensions.count == 1)
        #expect((phone.number, phone.secret, phone.context, phone.busyLimit, phone.maxContacts) == ("201", "secret-of-201", "phones", 1, 2))
        #expect(phone.codecs == [.g722, .ulaw])
        #expect(phone.callerID == .init(name: "Alice A.", number: "201"))
        #expect(result.configuration.sip.listeners == [.init(.udp, host: "0.0.0.0", port: 5_080)])
        #expect(result.configuration.rtp.advertisedAddress == "198.51.100.7")
        let line = try #require(result.configuration.providers.first { $0.name == "line-endpoint" })
        #expect(
            (line.registration, line.host, line.port, line.user, line.secret) == (
                .outbound, "sip.provider.example", 5_070, "4930123", "line-secret"
            ))
        #expect(
            (line.transport, line.fromDomain, line.fromUser, line.context, line.expirySeconds) == (
                .tcp, "provider.example", "4930123", "from-line", 300
            ))
        #expect(line.codecs == [.alaw])
        let branch = try #require(result.configuration.providers.first { $0.name == "branch" })
        #expect((branch.registration, branch.host, branch.qualifySeconds) == (.none, "192.0.2.20", 30))
        #expect(branch.allowedNetworks.map(\.description) == ["192.0.2.20/32", "192.0.2.0/28"])
        #expect(
            result.remarks.map { "\($0.place) \($0.reason)" } == [
                "pjsip.conf:33 has no counterpart", "pjsip.d/202.conf:1 is no extension: it has no password in a section of type auth",
                "pjsip.d/202.conf:2 has no counterpart",
            ])
        #expect(problems(result).isEmpty)
    }

    @Test(
        "How a phone's audio is protected is taken over; DTLS always comes with ICE, which is told where the phone had none",
        arguments: [
            ("media_encryption=sdes", Configuration.Extension.MediaEncryption.sdes, []), ("webrtc=yes", .dtls, []),
            ("media_encryption=dtls\nice_support=yes", .dtls, []),
            ("media_encryption=no", .automatic, []),
            ("media_encryption=dtls", .dtls, ["is taken over with ICE, which DTLS needs here: turn ICE and rtcp-mux on in the phone"]),
        ])
    func protection(settings: String, encryption: Configuration.Extension.MediaEncryption, remarks: [String]) throws {
        let result = run([
            "pjsip.conf":
                "[201]\ntype=endpoint\nauth=201\naors=201\n\(settings)\n[201]\ntype=auth\nauth_type=userpass\npassword=secret-of-201\n[201]\ntype=aor\n"
        ])
        #expect(try #require(result.configuration.extensions.first).mediaEncryption == encryption)
        #expect(result.remarks.map(\.reason) == remarks)
    }

    @Test("The dialplan stays what it was; what can't be used becomes a comment, and is told with its own file and line")
    func dialplan() {
        let result = run([
            "extensions.conf": """
            [globals]
            A=1
            [internal]
            exten => 100,1,Answer()
             same => n,Playback(hello-world)
            this makes no sense
            #include "more.conf"
            #exec /bin/date
            """,
            "more.conf": "[more]\nexten => 1,1,VoiceMail(1)\nexten => 2,1\n",
        ])
        let text = result.configuration.dialplan.first?.text ?? ""
        #expect(text.contains("exten => 100,1,Answer()\n same => n,Playback(hello-world)\n; not taken over: this makes no sense\n[more]\n"))
        #expect(text.contains("; not taken over: exten => 2,1\n"))
        let places = result.remarks.map { "\($0.place)" }
        #expect(places == ["extensions.conf:6", "extensions.conf:8", "more.conf:2", "more.conf:3"])
    }

    @Test(
        "Nothing that a file says makes it fail or go on for ever",
        arguments: [
            "#include \"pjsip.conf\"\n", "[a](a)\n[b](b,c)\nx=1\n", "[", "[]", "[](!)", "=", "=>", "[a]\n=b\n", ";--\nnever closed\n",
            "[a](+)\nb=c\n",
            "[general]\nbindport=99999999999999999999\n", "[a]\ntype=endpoint\naors=\nauth=,,,\n", "\u{FEFF}[general]\n",
            "\r\n\r[a]\r\nb=c\r",
        ])
    func survives(text: String) {
        for name in AsteriskImport.fileNames { _ = run([name: text]) }
    }

    @Test("Random text never traps, and what is understood of it is told or taken")
    func randomText() {
        var generator = SystemRandomNumberGenerator()
        let words = [
            "[", "]", "(!)", "(+)", "=", "=>", "\n", ";", ";--", "--;", "type", "endpoint", "aor", "auth", "general", "#include", "x.conf",
            ",",
            " ", "sip:", "@", ":5060", "allow", "!all", "<", ">", "\"", "exten", "same", "n", "1", "[::1]", "é",
        ]
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 0...60, using: &generator)).map { _ in words.randomElement(using: &generator) ?? "" }.joined()
            for name in AsteriskImport.fileNames { _ = run([name: text, "x.conf": text]) }
        }
    }
}
