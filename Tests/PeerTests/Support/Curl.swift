import Foundation
import Testing

/// How curl logs in, and where it finds the interface.
enum Login: String, CaseIterable, CustomTestStringConvertible {
    case basic, basicUnderAsterisk, apiKey, apiKeyUnderAsterisk, userInfo, userInfoUnderAsterisk

    var testDescription: String {
        switch self {
        case .basic: "curl -u"
        case .apiKey: "api_key in the query"
        case .userInfo: "user and password in the URL"
        case .basicUnderAsterisk: "curl -u, below /asterisk/ari"
        case .apiKeyUnderAsterisk: "api_key in the query, below /asterisk/ari"
        case .userInfoUnderAsterisk: "user and password in the URL, below /asterisk/ari"
        }
    }

    var prefix: String { rawValue.hasSuffix("UnderAsterisk") ? "/asterisk/ari" : "/ari" }
    private var credentials: String { "\(ServerProcess.user):\(ServerProcess.password)" }

    /// Returns the arguments of curl for a request.
    func arguments(_ method: String, _ path: String, _ query: [String: String], port: Int) -> [String] {
        var query = query, options: [String] = [], userInfo = ""
        switch self {
        case .basic, .basicUnderAsterisk: options = ["-u", credentials]
        case .apiKey, .apiKeyUnderAsterisk: query["api_key"] = credentials
        case .userInfo, .userInfoUnderAsterisk: userInfo = "\(credentials)@"
        }
        let fields = query.sorted { $0.key < $1.key }.map { "\($0.key)=\(escaped($0.value))" }.joined(separator: "&")
        return options + ["-X", method, "http://\(userInfo)127.0.0.1:\(port)\(prefix)\(path)\(fields.isEmpty ? "" : "?")\(fields)"]
    }

    /// Returns the address of the events of an application.
    func webSocket(app: String, port: Int) -> String {
        "ws://127.0.0.1:\(port)\(prefix)/events?app=\(app)&api_key=\(credentials)"
    }

    private func escaped(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text }
}

/// curl, one process for each request.
enum Curl {
    struct Answer {
        var status: Int
        var body: String
    }

    /// Sends a request and returns the answer, whatever its status.
    static func send(
        _ method: String, _ path: String, _ query: [String: String] = [:], json: String? = nil, login: Login = .basic,
        server: ServerProcess
    ) async throws -> Answer {
        let body = json.map { ["-H", "Content-Type: application/json", "-d", $0] } ?? []
        let options = body + ["--silent", "--show-error", "--max-time", "10", "--write-out", "\n%{http_code}"]
        let curl = try ChildProcess(.curl, options + login.arguments(method, path, query, port: server.httpPort), folder: server.folder)
        return try await curl.use { curl in
            let exit = try await curl.exitStatus()
            let lines = curl.output.split(separator: "\n", omittingEmptySubsequences: false)
            let status = try #require(lines.last.flatMap { Int($0) }, "curl ended with \(exit): \(curl.output)")
            return Answer(status: status, body: lines.dropLast().joined(separator: "\n"))
        }
    }

    /// Sends a request and requires a status.
    static func require(
        _ status: Int, _ method: String, _ path: String, _ query: [String: String] = [:], login: Login = .basic, server: ServerProcess
    ) async throws {
        let answer = try await send(method, path, query, login: login, server: server)
        try #require(answer.status == status, "\(method) \(path) \(query): \(answer.body)")
    }
}
