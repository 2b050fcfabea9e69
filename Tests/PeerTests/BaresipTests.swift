import Foundation
import Testing

extension Peers {
    @Suite(
        "baresip", .serialized,
        .enabled(if: Baresip.isUsable(), "baresip, its modules, curl or a WebSocket client is not installed (Debian: baresip-core)"))
    struct BaresipTests {
        @Test(
            "baresip registers, calls, and records the sound that is played to it",
            arguments: [
                ("PCMU", "udp", ""), ("opus", "udp", ""), ("PCMU", "tls", ""), ("PCMU", "tls", ";mediaenc=srtp-mand"),
                ("opus", "udp", ";mediaenc=dtls_srtp;medianat=ice"),
            ])
        func hearsHelloWorld(codec: String, transport: String, media: String) async throws {
            let client = try #require(Peer.webSocketClients.first)
            try await ServerProcess.run { server in
                let folder = try Baresip.writeSettings(server, codec: codec, transport: transport, media: media)
                try await EventListener.run(client: client, server: server) { events in
                    let dial = ["-f", folder.path, "-e", "/dial sip:1000@\(Baresip.address(of: server, transport))"]
                    try await ChildProcess(.baresip, dial, folder: server.folder).use { phone in
                        try await phone.waitForOutput("it should register") { $0.contains("200 OK") && $0.contains("[1 binding]") }
                        try await phone.waitForOutput("its call should be answered") { $0.contains("Call established") }
                        try await HelloWorld.play(["sound:hello-world"], .basic, events, server)
                        try await phone.waitForOutput("its call should end") { $0.contains("errors:") }
                        expectNothingLost(phone.output)
                        if codec == "opus" { #expect(phone.output.contains("opus/48000"), "\(phone.output)") }
                    }
                }
                try expectSound(in: try Baresip.recording(folder))
            }
        }

        /// The last column of baresip's statistics is what it received. What was lost it tells only when our last report came before BYE.
        private func expectNothingLost(_ output: String) {
            func received(_ label: String) -> Int? {
                output.split(whereSeparator: \.isNewline).last { $0.hasPrefix(label) }?.split(separator: " ").last.flatMap { Int($0) }
            }
            #expect((received("packets:") ?? 0) >= Int(Sweep.seconds * 50), "\(output)")
            #expect(received("lost:") ?? 0 == 0, "\(output)")
            #expect(received("errors:") == 0, "\(output)")
        }

        private func expectSound(in file: Data) throws {
            let recording = try #require(Sweep.read(file), "baresip's recording is not a mono 16-bit WAV file of \(file.count) bytes")
            #expect(recording.sampleRate == Sweep.sampleRate)
            let likeness = Sweep.likeness(in: recording.samples)
            #expect(likeness.correlation > 0.98, "\(likeness) in \(recording.samples.count) samples")
            #expect((0.9...1.1).contains(likeness.gain), "The sound is \(likeness.gain) times as loud")
        }
    }
}

/// baresip with settings of its own: no sound card, and both directions of the audio in files.
enum Baresip {
    private static let moduleFolders = [
        "/usr/lib/baresip/modules", "/usr/lib/\(machine)-linux-gnu/baresip/modules", "/usr/local/lib/baresip/modules",
    ]

    #if arch(arm64)
    private static let machine = "aarch64"
    #else
    private static let machine = "x86_64"
    #endif

    private static var modules: String? {
        moduleFolders.first { FileManager.default.fileExists(atPath: "\($0)/sndfile.so") }
    }

    static func isUsable() -> Bool {
        guard Peer.areInstalled(.baresip, .curl), Peer.canListen() else { return false }
        if modules == nil { print("SKIPPED: baresip has no sndfile.so in \(moduleFolders)") }
        return modules != nil
    }

    /// Where the phone reaches the server.
    static func address(of server: ServerProcess, _ transport: String) -> String {
        "127.0.0.1:\(transport == "tls" ? server.tlsPort : server.udpPort);transport=\(transport)"
    }

    /// Writes the settings of a phone that logs in with digest, and returns their folder.
    ///
    /// - Parameter media: how the audio is protected and finds its way, as parameters of the account.
    static func writeSettings(_ server: ServerProcess, codec: String, transport: String, media: String) throws -> URL {
        let folder = server.folder.appendingPathComponent("baresip")
        try FileManager.default.createDirectory(at: folder.appendingPathComponent("recordings"), withIntermediateDirectories: true)
        let silence = folder.appendingPathComponent("silence.wav")
        try Sweep.wav([Int16](repeating: 0, count: Sweep.sampleRate * 60)).write(to: silence)
        let modules = try #require(modules)
        let config = """
            sip_listen 127.0.0.1:0
            net_interface 127.0.0.1
            sip_cafile \(server.folder.path)/data/tls/certificate.pem
            sip_verify_server yes
            rtp_ports 26000-26999
            rtp_stats yes
            rtcp_mux yes
            jitter_buffer_delay 0-1
            audio_source aufile,\(silence.path)
            audio_player aubridge,nobody
            audio_alert aubridge,nobody
            module_path \(modules)
            module g711.so
            module opus.so
            opus_stereo no
            opus_sprop_stereo no
            module sndfile.so
            module aubridge.so
            module aufile.so
            module srtp.so
            module dtls_srtp.so
            module ice.so
            module_tmp account.so
            module_app menu.so
            snd_path \(folder.path)/recordings

            """
        let phone = ServerProcess.phone
        let login = "auth_user=\(phone);auth_pass=\(ServerProcess.secret)"
        let account =
            "<sip:\(phone)@\(address(of: server, transport))>;\(login);audio_codecs=\(codec == "opus" ? "opus/48000/2" : codec)\(media)\n"
        for (name, text) in ["config": config, "accounts": account, "contacts": ""] {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        }
        return folder
    }

    /// Returns the file with what baresip heard.
    static func recording(_ folder: URL) throws -> Data {
        let recordings = folder.appendingPathComponent("recordings")
        let files = try FileManager.default.contentsOfDirectory(at: recordings, includingPropertiesForKeys: nil)
        let heard = try #require(files.first { $0.lastPathComponent.hasSuffix("-dec.wav") }, "baresip recorded nothing: \(files)")
        return try Data(contentsOf: heard)
    }
}
