import Foundation
import Testing

extension Peers {
    @Suite("Who hears whom", .serialized, .enabled(if: Peer.areInstalled(.python), "the tests' Python is not installed"))
    struct AudioPathTests {
        @Test(
            "Phones with a tone each hear just those they should, at their level, in bridges, snoops, recordings, playbacks, AudioSocket")
        func tones() async throws {
            let programPort = FreePort.next()
            let settings = """
                audioSocket: {enabled: yes, port: 0}
                remoteMedia: {hosts: ["127.0.0.1:\(programPort)"]}
                """
            let numbers = """
                  - {extension: "1002", steps: [Answer, Stasis(audio), Hangup]}
                  - {extension: "1003", steps: [Answer, "AudioSocket(40325ec2-5efd-4bd3-805f-53576e581d13,127.0.0.1:\(programPort))", Hangup]}
                """
            try await ServerProcess.run(settings: settings, numbers: numbers) { server in
                let audioSocketPort = try server.port(after: "audiosocket=")
                let arguments = [
                    "-B", Peer.file("Clients/audio_paths.py"), try ServerProcess.executable().path, "\(server.udpPort)",
                    "http://127.0.0.1:\(server.httpPort)/ari", ServerProcess.user, ServerProcess.password, ServerProcess.phone,
                    ServerProcess.secret, "\(audioSocketPort)", "\(programPort)", server.folder.path,
                ]
                try await ChildProcess(.python, arguments, folder: server.folder).use { script in
                    let status = try await script.exitStatus()
                    #expect(status == 0, "\(script.output)")
                }
            }
        }
    }
}
