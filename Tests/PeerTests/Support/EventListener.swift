import Foundation

/// A WebSocket client of another maker that prints the events of the application `hello-world`.
struct EventListener {
    let process: ChildProcess

    /// Connects with a client, runs `body` once the application is there, and disconnects.
    static func run(
        _ login: Login = .basic, client: Peer, server: ServerProcess, _ body: (EventListener) async throws -> Void
    ) async throws {
        let url = login.webSocket(app: "hello-world", port: server.httpPort)
        let arguments = client == .python ? [Peer.file("Clients/listen.py"), url] : ["--connect", url]
        try await ChildProcess(client, arguments, folder: server.folder).use { process in
            try await eventually("the application should be there", details: { process.output }) {
                try await Curl.send("GET", "/applications/hello-world", server: server).status == 200
            }
            try await body(EventListener(process: process))
        }
    }

    /// Waits until an event came `count` times and returns the last one.
    func event(_ type: String, count: Int = 1) async throws -> [String: Any] {
        try await process.waitForOutput("\(type) should come") { events($0, type).count >= count }
        return events(process.output, type)[count - 1]
    }

    /// A client may put a prompt and colours around the text.
    private func events(_ output: String, _ type: String) -> [[String: Any]] {
        output.split(whereSeparator: \.isNewline).compactMap { line in
            guard let start = line.firstIndex(of: "{"), let end = line.lastIndex(of: "}"), start < end else { return nil }
            return try? JSONSerialization.jsonObject(with: Data(line[start...end].utf8)) as? [String: Any]
        }.filter { $0["type"] as? String == type }
    }
}
