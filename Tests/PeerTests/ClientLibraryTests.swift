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
                    try await waitForApplication(server)
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
        private func waitForApplication(_ server: ServerProcess) async throws {
            try await eventually("the application should be there") {
                try await Curl.send("GET", "/applications/hello-world", server: server).status == 200
            }
        }
    }
}
