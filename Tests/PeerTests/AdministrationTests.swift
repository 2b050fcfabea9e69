import Foundation
import Testing

extension Peers {
    @Suite(
        "Administration over ARI", .serialized, .enabled(if: Peer.areInstalled(.curl) && Peer.canListen(), "curl is not installed"))
    struct AdministrationTests {
        /// Reads a file of the server's data folder once it has some content.
        private func content(_ name: String, _ server: ServerProcess, containing text: String) async throws -> String {
            let path = server.folder.appendingPathComponent("data/\(name)").path
            for _ in 0..<100 {
                if let found = try? String(contentsOfFile: path, encoding: .utf8), found.contains(text) { return found }
                try await Task.sleep(for: .milliseconds(50))
            }
            throw PeerFailure(description: "\(path) does not come to hold '\(text)'")
        }

        @Test("A log file that is added gets the lines of its levels, is put aside by a rotation, and ends")
        func logFiles() async throws {
            try await ServerProcess.run { server in
                try await Curl.require(400, "POST", "/asterisk/logging/bad%2Fname", ["configuration": "notice"], server: server)
                try await Curl.require(400, "POST", "/asterisk/logging/mine", ["configuration": "nonsense"], server: server)
                try await Curl.require(204, "POST", "/asterisk/logging/mine", ["configuration": "notice,debug"], server: server)
                try await Curl.require(204, "POST", "/asterisk/logging/errors", ["configuration": "error"], server: server)
                try await Curl.require(
                    404, "GET", "/asterisk/config/dynamic/res_pjsip/endpoint/none", server: server)
                let put = try await Curl.send(
                    "PUT", "/asterisk/config/dynamic/res_pjsip/endpoint/299",
                    json: #"{"fields":[{"attribute":"nonsense","value":"1"}]}"#, server: server)
                #expect(put.status == 400)
                let lines = try await content("logs/mine.log", server, containing: "configuration object not stored")
                #expect(lines.contains(" notice "))
                try await Curl.require(204, "PUT", "/asterisk/logging/mine/rotate", server: server)
                #expect(try await content("logs/mine.log.1", server, containing: "not stored") == lines)
                let list = try await Curl.send("GET", "/asterisk/logging", server: server)
                #expect(list.body.contains("logs/mine.log") && list.body.contains("DEBUG NOTICE ") && list.body.contains("Console"))
                try await Curl.require(204, "DELETE", "/asterisk/logging/mine", server: server)
                try await Curl.require(404, "DELETE", "/asterisk/logging/mine", server: server)
                let errors = server.folder.appendingPathComponent("data/logs/errors.log").path
                #expect(try String(contentsOfFile: errors, encoding: .utf8).isEmpty)
            }
        }

        @Test("A command line asks a running server, and tells what was wrong with its status")
        func commandLines() async throws {
            try await ServerProcess.run { server in
                func control(_ line: String, folder: String = "data") async throws -> (status: Int32, said: String) {
                    let data = server.folder.appendingPathComponent(folder).path
                    let arguments = ["control", line, "--data", data]
                    return try await ChildProcess("control", try ServerProcess.executable(), arguments, folder: server.folder).use {
                        (try await $0.exitStatus(), $0.output)
                    }
                }
                let uptime = try await control("core show uptime seconds")
                #expect(uptime.status == 0 && uptime.said.hasPrefix("System uptime: "))
                let endpoints = try await control("pjsip show endpoints")
                #expect(endpoints.status == 0 && endpoints.said.contains(ServerProcess.phone))
                let help = try await control("core show help dialplan")
                #expect(help.status == 0 && help.said.contains("dialplan reload") && !help.said.contains("ari show"))
                let unknown = try await control("core show nonsense")
                #expect(unknown.status == 1 && unknown.said.hasPrefix("No such command 'core show nonsense'"))
                let nobody = try await control("core show uptime", folder: "elsewhere")
                #expect(nobody.status == 69 && nobody.said.contains("no server listens"))
                let mode =
                    try FileManager.default.attributesOfItem(
                        atPath: server.folder.appendingPathComponent("data/control.sock").path)[.posixPermissions] as? Int
                #expect(mode == 0o600)
            }
        }

        @Test("An extension made as endpoint, auth and aor is there, with its settings, and goes with its endpoint")
        func dynamicConfiguration() async throws {
            try await ServerProcess.run { server in
                let base = "/asterisk/config/dynamic/res_pjsip"
                func put(_ kind: String, _ fields: [String: String]) async throws -> Curl.Answer {
                    let list = fields.map { #"{"attribute":"\#($0.key)","value":"\#($0.value)"}"# }.joined(separator: ",")
                    return try await Curl.send("PUT", "\(base)/\(kind)/299", json: "{\"fields\":[\(list)]}", server: server)
                }
                let made = try await put(
                    "endpoint", ["context": "phones", "allow": "!all,alaw,ulaw", "aors": "299", "callerid": "Ann <299>"])
                #expect(made.status == 200 && made.body.contains(#"{"attribute":"allow","value":"(alaw|ulaw)"}"#), "\(made.body)")
                #expect(
                    try await put("auth", ["auth_type": "userpass", "username": "299", "password": "Kq8w-long-secret-Zz3"]).status == 200)
                #expect(try await put("aor", ["max_contacts": "2", "remove_existing": "no"]).status == 200)
                #expect(try await put("aor", ["max_contacts": "6"]).status == 400)
                #expect(try await put("auth", ["username": "300"]).status == 400)
                #expect(try await put("endpoint", [:]).status == 400)
                let auth = try await Curl.send("GET", "\(base)/auth/299", server: server)
                #expect(auth.body.contains(#"{"attribute":"password","value":"********"}"#), "nobody is told a secret")
                try await eventually(server, "GET", "/endpoints/PJSIP/299", is: 200)
                try await Curl.require(403, "DELETE", "\(base)/auth/299", server: server)
                try await Curl.require(204, "DELETE", "\(base)/endpoint/299", server: server)
                try await Curl.require(404, "GET", "\(base)/aor/299", server: server)
                try await eventually(server, "GET", "/endpoints/PJSIP/299", is: 404)
            }
        }

        private func eventually(_ server: ServerProcess, _ method: String, _ path: String, is status: Int) async throws {
            for _ in 0..<40 {
                if try await Curl.send(method, path, server: server).status == status { return }
                try await Task.sleep(for: .milliseconds(100))
            }
            throw PeerFailure(description: "\(path) does not come to answer \(status)")
        }
    }
}
