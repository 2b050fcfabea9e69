import Foundation
import Testing

extension Peers {
    @Suite(
        "ARI client libraries", .serialized,
        .enabled(if: Peer.areInstalled(.sipp, .curl, .python), "SIPp, curl or the tests' Python is not installed"))
    struct ClientLibraryTests {
        /// Each reads the API's description first and makes its methods and models from it.
        @Test("A Hello World written with the library runs", arguments: ["asyncari", "aioari"])
        func runsHelloWorld(_ library: String) async throws {
            try await ServerProcess.run { server in
                let script = Peer.file("Clients/hello_\(library).py")
                let arguments = ["-B", script, "http://127.0.0.1:\(server.httpPort)/", ServerProcess.user, ServerProcess.password]
                try await ChildProcess(.python, arguments, folder: server.folder).use { client in
                    try await client.waitForOutput("it should connect", withinSeconds: 30) { $0.contains("connected") }
                    try await Self.waitForApplication("hello-world", server)
                    try await SIPp.call("1000", "caller-waits", server: server).use { sipp in
                        let status = try await client.exitStatus()
                        #expect(status == 0, "\(client.output)")
                        for event in ["StasisStart", "PlaybackFinished", "StasisEnd"] { #expect(client.output.contains(event)) }
                        let call = try await sipp.exitStatus()
                        #expect(call == 0, "\(SIPp.report(sipp, server: server))")
                    }
                }
            }
        }

        @Test("A conference written with the library runs: bridge, playback, recording", arguments: ["asyncari", "aioari"])
        func runsConference(_ library: String) async throws {
            try await Conference.run(.python, ["-B", Peer.file("Clients/conference_\(library).py")])
        }

        @Test("OpenAPI and AsyncAPI describe what is served: methods, answers, events")
        func described() async throws {
            try await ServerProcess.run { server in
                let arguments = [
                    "-B", Peer.file("Clients/described.py"), "http://127.0.0.1:\(server.httpPort)/ari", ServerProcess.user,
                    ServerProcess.password,
                ]
                try await ChildProcess(.python, arguments, folder: server.folder).use { client in
                    let status = try await client.exitStatus()
                    #expect(status == 0, "\(client.output)")
                }
            }
        }

        /// One library says that it is connected before its WebSocket is.
        static func waitForApplication(_ name: String, _ server: ServerProcess) async throws {
            try await eventually("the application should be there") {
                try await Curl.send("GET", "/applications/\(name)", server: server).status == 200
            }
        }
    }
}

extension Peers {
    @Suite("A client in Go", .serialized, .enabled(if: Peer.areInstalled(.sipp, .curl, .go), "SIPp, curl or Go is not installed"))
    struct GoClientTests {
        @Test("A conference in Go, with nothing but its standard library, runs: bridge, playback, recording")
        func runsConference() async throws {
            try await Conference.run(.go, ["run", "."], folder: Peer.file("Clients/conference"))
        }
    }
}

/// A program that serves the application `conference`, and two callers for it.
enum Conference {
    /// - Parameter folder: where the program is started; nil for the server's.
    static func run(_ peer: Peer, _ arguments: [String], folder: String? = nil) async throws {
        let numbers = """
              - {extension: "1006", steps: [Stasis(conference), Hangup]}
            """
        try await ServerProcess.run(numbers: numbers) { server in
            let login = ["http://127.0.0.1:\(server.httpPort)/\(peer == .go ? "ari" : "")", ServerProcess.user, ServerProcess.password]
            let place = folder.map { URL(fileURLWithPath: $0) } ?? server.folder
            try await ChildProcess(peer, arguments + login, folder: place, outputFolder: server.folder).use { client in
                // Go compiles the program first.
                try await client.waitForOutput("it should connect", withinSeconds: 120) { $0.contains("connected") }
                try await Peers.ClientLibraryTests.waitForApplication("conference", server)
                try await SIPp.call("1006", "caller-waits", server: server).use { first in
                    try await SIPp.call("1006", "caller-waits", server: server).use { second in
                        let status = try await client.exitStatus()
                        #expect(status == 0, "\(client.output)")
                        for event in ["RecordingFinished", "StasisEnd"] { #expect(client.output.contains(event), "\(client.output)") }
                        for call in [first, second] {
                            let end = try await call.exitStatus()
                            #expect(end == 0, "\(SIPp.report(call, server: server))")
                        }
                    }
                }
            }
        }
    }
}
