import ARIModel
import HTTPTypes

/// ARI itself, for the explorer: what it offers, and trying it, without a user's password.
struct ExplorerOperations: Sendable {
    let environment: ConsoleEnvironment

    var all: [AdminOperation] {
        [
            AdminOperation(.get, "/ari/openapi.json", "Gives the description of ARI.") { _ in
                AdminAnswer(body: .bytes(OpenAPIDescription.document(basePath: nil, version: ""), type: "application/json"))
            },
            AdminOperation(
                .post, "/ari/calls", "Carries out an operation of ARI, as a user of all applications would.", body: "ARICall",
                answer: "ARIAnswer", handler: call),
        ]
    }

    @Sendable private func call(_ call: AdminCall) async throws -> AdminAnswer {
        let method = try call.text("method").uppercased()
        let path = try call.text("path")
        guard ["GET", "POST", "PUT", "DELETE"].contains(method), path.hasPrefix("/") else {
            throw AdminError(
                422, "This is no operation of ARI.",
                problems: [.init(path: "path", message: "is not a method and a path", advice: "Write GET and /channels, for example.")])
        }
        let fields = (call.body?["query"]?.object?.members ?? []).map { NamedValue($0.name, $0.value.string ?? "") }
        let answer = await environment.callARI(
            method, String(path.dropFirst()), fields, call.body?["body"].flatMap { $0 == .null ? nil : $0 })
        let body = answer.json.flatMap { try? JSONParser.parse($0) } ?? .null
        return .json(["status": .int(answer.status), "body": body])
    }
}
