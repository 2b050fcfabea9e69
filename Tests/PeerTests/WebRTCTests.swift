import Audio
import Foundation
import SecureMedia
import TestPhone
import Testing

extension Peers {
    /// Real browsers, and a second stack of WebRTC, call through the real server; audio is measured in the page, in the server's recordings
    /// and at the phone.
    @Suite("WebRTC", .serialized, .enabled(if: Peer.areInstalled(.chromium, .python), "chromium or the tests' Python is not installed"))
    struct WebRTCTests {
        /// One of the scenarios of `Clients/browser/calls.py`, which says what each is about.
        @Test(
            "A browser calls: tone, level, delay and gaps are as they should be",
            arguments: ["echo", "echo_g711", "bridge", "hello_world", "moved", "left"])
        func calls(_ scenario: String) async throws {
            try await withServer { server in
                try await run(scenario, server) { _ in }
            }
        }

        @Test(
            "The same with Firefox",
            .enabled(if: Peer.areInstalled(.firefox, .pulseaudio), "Firefox, or the sound server that it needs, is not installed"),
            arguments: ["echo", "echo_g711", "bridge", "hello_world"])
        func callsOfFirefox(_ scenario: String) async throws {
            try await withServer { server in
                try await run(scenario, server, with: .firefox) { _ in }
            }
        }

        @Test(
            "Over a network that loses packets and delays others, speech stays intelligible and the call goes on",
            .enabled(
                if: FileManager.default.fileExists(atPath: speech), "the sound demo-congrats (asterisk-core-sounds-en) is not installed"),
            arguments: ["loss_5", "loss_10", "loss_20"])
        func losses(_ scenario: String) async throws {
            try await withServer { server in
                let place = server.folder.appendingPathComponent("sounds/en/speech.wav")
                try FileManager.default.copyItem(at: URL(fileURLWithPath: Self.speech), to: place)
                try await run(scenario, server) { _ in }
            }
        }

        private static let speech = "/usr/share/asterisk/sounds/en/demo-congrats.wav"

        @Test("A browser calls a desk phone, and each hears the other")
        func callsPhone() async throws {
            try await withServer { server in
                try await withPhone(server) { phone in
                    async let heard = answered(phone)
                    try await run("phone", server) { _ in }
                    try await #expect(isTone(440, heard))
                }
            }
        }

        @Test("A desk phone calls a browser, and each hears the other")
        func isCalled() async throws {
            try await withServer { server in
                try await withPhone(server) { phone in
                    try await run("called", server) { script in
                        try await script.waitForOutput("it should be registered") { $0.contains("ready") }
                        let call = try await phone.call("6001")
                        try await call.answered()
                        try await Task.sleep(for: .seconds(6))
                        let heard = try await call.heard
                        try await call.hangUp()
                        #expect(isTone(440, heard))
                    }
                }
            }
        }

        @Test("A STUN server tells the server where its ports are seen from outside, and browsers are told")
        func reflexive() async throws {
            let port = FreePort.next()
            try await withServer(rtp: ", stunServer: \"127.0.0.1:\(port)\"") { server in
                try await run("reflexive", server, further: "\(port)") { _ in }
            }
        }

        @Test(
            "A browser that reaches the server only through a TURN server learns of it when it registers, and calls through it",
            .enabled(if: Peer.areInstalled(.turnserver), "coturn is not installed"))
        func relay() async throws {
            let turnserver = try #require(Peer.turnserver.executable)
            let (port, user, password) = (FreePort.next(), "caller", "Tk4w-relay")
            try await withServer(
                rtp: ", iceServers: [\"turn:127.0.0.1:\(port)\"], turnUser: \(user), turnPassword: \(password)"
            ) { server in
                let arguments = [
                    "-n", "--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1", "--listening-port", "\(port)", "--min-port", "32000",
                    "--max-port", "32099", "--allow-loopback-peers", "--lt-cred-mech", "--user", "\(user):\(password)", "--realm", "test",
                    "--no-tls", "--no-dtls", "--no-cli", "--log-file", "stdout", "--pidfile",
                    server.folder.appendingPathComponent("turnserver.pid").path, "--userdb",
                    server.folder.appendingPathComponent("turndb").path,
                ]
                try await ChildProcess("turnserver", turnserver, arguments, folder: server.folder).use { _ in
                    try await run("relay", server) { _ in }
                }
            }
        }

        @Test("The softphone's page does what a telephone does, also in a page of another site")
        func softphone() async throws {
            let chromium = try #require(Peer.chromium.executable)
            try await withServer { server in
                let arguments = ["-B", Peer.file("Clients/browser/softphone.py"), chromium.path, "\(server.httpPort)", server.folder.path]
                try await ChildProcess(.python, arguments, folder: server.folder).use { script in
                    let status = try await script.exitStatus(withinSeconds: 180)
                    try server.keepScreenshots()
                    #expect(status == 0, "\(script.output)\n\(server.process.output)")
                }
            }
        }

        @Test("Another stack of WebRTC calls and is called, as the end that begins DTLS and as the one that waits")
        func secondStack() async throws {
            try await withServer { server in
                for (act, dtls, ice) in [(["call", "1002"], "server", "controlling"), (["answer"], "client", "controlled")] {
                    let arguments =
                        ["-B", Peer.file("Clients/webrtc_phone.py"), "ws://127.0.0.1:\(server.httpPort)/asterisk/ws"]
                        + [ServerProcess.phone, ServerProcess.secret] + act
                    try await ChildProcess(.python, arguments, folder: server.folder).use { script in
                        try await script.waitForOutput("it should register") { $0.contains("registered") }
                        if act == ["answer"] {
                            try await Curl.require(
                                200, "POST", "/channels", ["endpoint": "PJSIP/6001", "extension": "1002", "context": "internal"],
                                server: server)
                        }
                        let status = try await script.exitStatus()
                        #expect(status == 0, "\(script.output)")
                        let heard = try report(script.output)
                        #expect(abs(heard.frequency - 440) < 5)
                        #expect(abs(heard.level + 12) <= 3)
                        #expect(heard.gap <= 60)
                        #expect(heard.dtlsRole == dtls)
                        #expect(heard.iceRole == ice)
                    }
                }
            }
        }

        @Test("Strangers, replayed and changed packets and floods leave a call as it is; a wrong fingerprint ends only its own")
        func attacks() async throws {
            try await withServer { server in
                let arguments = [
                    "-B", Peer.file("Clients/webrtc_attacks.py"), "ws://127.0.0.1:\(server.httpPort)/ws", ServerProcess.phone,
                    ServerProcess.secret, "\(server.process.identifier)",
                ]
                try await ChildProcess(.python, arguments, folder: server.folder).use { script in
                    let status = try await script.exitStatus(withinSeconds: 120)
                    #expect(status == 0, "\(script.output)\n\(server.process.output)")
                }
            }
        }

        @Test("A desk phone with keys in the session description is heard and hears", arguments: SRTPProfile.allCases)
        func deskPhone(_ profile: SRTPProfile) async throws {
            try await withServer { server in
                var settings = PhoneSettings(
                    user: "6003", password: ServerProcess.secret, server: .init(host: "127.0.0.1", port: server.udpPort))
                (settings.source, settings.encryption) = (.tone(440), profile)
                let phone = try await TestPhone.start(settings)
                let call = try await phone.call("1002")
                try await call.answered()
                try await Task.sleep(for: .seconds(2))
                let heard = try await call.heard
                #expect(isTone(440, heard))
                try await call.hangUp()
                try await phone.close()
            }
        }

        // MARK: -

        /// What a phone of `Clients/webrtc_phone.py` says it heard.
        private struct Report: Decodable {
            var frequency: Double
            var level: Double
            var gap: Double
            var dtlsRole: String
            var iceRole: String
        }

        private func report(_ output: String) throws -> Report {
            let line = try #require(output.split(separator: "\n").last { $0.hasPrefix("{") }, "\(output)")
            return try JSONDecoder().decode(Report.self, from: Data(line.utf8))
        }

        private func withServer(rtp: String = "", _ body: (ServerProcess) async throws -> Void) async throws {
            let numbers = """
                  - {extension: "1002", steps: [Answer, Echo, Hangup]}
                  - {extension: "1006", steps: [Answer, Stasis(conference), Hangup]}
                  - {extension: "1007", steps: [Answer, Stasis(speech), Hangup]}
                """
            let extensions = ["6001": "ulaw, opus", "6002": "ulaw, opus", "6003": "ulaw", "6004": "ulaw"].sorted { $0.key < $1.key }.map {
                "  - {number: \"\($0.key)\", secret: \(ServerProcess.secret), codecs: [\($0.value)], qualifySeconds: 0}"
            }
            try await ServerProcess.run(
                numbers: numbers, extensions: (["extensions:"] + extensions).joined(separator: "\n"), rtp: rtp, body)
        }

        private func run(
            _ scenario: String, _ server: ServerProcess, with browser: Peer = .chromium, further: String...,
            meanwhile: (ChildProcess) async throws -> Void
        ) async throws {
            let executable = try #require(browser.executable)
            let arguments =
                [
                    "-B", Peer.file("Clients/browser/calls.py"), scenario, executable.path, "\(server.httpPort)", server.folder.path,
                ] + further
            try await ChildProcess(.python, arguments, folder: server.folder).use { script in
                try await meanwhile(script)
                let status = try await script.exitStatus(withinSeconds: 180)
                #expect(status == 0, "\(script.output)\n\(server.process.output)")
                print(script.output)
            }
        }

        /// A desk phone, 6003, that says 700 Hz.
        private func withPhone(_ server: ServerProcess, _ body: (TestPhone) async throws -> Void) async throws {
            var settings = PhoneSettings(
                user: "6003", password: ServerProcess.secret, server: .init(host: "127.0.0.1", port: server.udpPort))
            settings.source = .tone(700)
            let phone = try await TestPhone.start(settings)
            try await phone.register()
            try await body(phone)
            try await phone.close()
        }

        /// What a phone hears in the next call that it gets.
        private func answered(_ phone: TestPhone) async throws -> PCMAudio {
            let call = try await phone.nextCall()
            try await call.ring()
            try await call.answer()
            _ = try await call.ended(withinMs: 30_000)
            return try await call.heard
        }

        /// Tells whether audio is a tone of a browser in its middle, by its level and by how often it changes its sign.
        private func isTone(_ hertz: Double, _ audio: PCMAudio) -> Bool {
            let middle = audio.samples.dropFirst(audio.samples.count / 2).prefix(audio.sampleRate)
            let power = middle.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, middle.count))
            let levelDB = 10 * log10(max(1, 2 * power) / (32_768 * 32_768))
            let turns = zip(middle, middle.dropFirst()).count { ($0 < 0) != ($1 < 0) }
            let heard = Double(turns) / 2 * Double(audio.sampleRate) / Double(max(1, middle.count))
            return abs(heard - hertz) < 5 && abs(levelDB + 12) <= 3
        }
    }
}
