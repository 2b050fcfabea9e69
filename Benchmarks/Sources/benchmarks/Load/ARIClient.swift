import Foundation
import FoundationNetworking

/// Asks ARI for single things: for what is set up before a measurement.
struct ARIClient: Sendable {
    let port: Int

    /// Carries out an operation and gives the body of its answer.
    ///
    /// - Throws: that the status is not one of success.
    @discardableResult
    func ask(_ method: String, _ path: String, _ query: [String: String] = [:]) async throws -> Data {
        var components = URLComponents()
        (components.scheme, components.host, components.port, components.path) = ("http", "127.0.0.1", port, "/ari" + path)
        components.queryItems = query.map { URLQueryItem(name: $0.key, value: $0.value) }
        guard let url = components.url else { throw BenchmarkError("no URL of \(path)") }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.setValue(
            "Basic " + Data("\(ReleaseServer.user):\(ReleaseServer.password)".utf8).base64EncodedString(),
            forHTTPHeaderField: "Authorization")
        let (body, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard 200..<300 ~= status else { throw BenchmarkError("\(method) \(path): \(status) \(String(decoding: body, as: UTF8.self))") }
        return body
    }

    private struct Identified: Decodable { let id: String }

    /// Gives the ids of all channels.
    func channels() async throws -> [String] {
        try JSONDecoder().decode([Identified].self, from: try await ask("GET", "/channels")).map(\.id)
    }

    /// Waits until so many channels are in the application, and gives their ids.
    func channels(_ count: Int) async throws -> [String] {
        struct Application: Decodable { let channel_ids: [String] }
        for _ in 0..<200 {
            let body = try await ask("GET", "/applications/\(ReleaseServer.application)")
            let ids = try JSONDecoder().decode(Application.self, from: body).channel_ids
            if ids.count >= count { return ids }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw BenchmarkError("\(count) channels did not come into the application")
    }

    /// Makes mixing bridges and puts the channels into them in turn, so many in each.
    func bridge(_ channels: [String], parties: Int) async throws {
        for start in stride(from: 0, to: channels.count, by: parties) {
            let bridge = try JSONDecoder().decode(Identified.self, from: try await ask("POST", "/bridges", ["type": "mixing"]))
            // A query has room for a part of many.
            for part in stride(from: start, to: min(start + parties, channels.count), by: 50) {
                let some = channels[part..<min(part + 50, start + parties, channels.count)]
                try await ask("POST", "/bridges/\(bridge.id)/addChannel", ["channel": some.joined(separator: ",")])
            }
        }
    }
}
