import ARIModel
import CallCore
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Store

/// Takes requests of browsers and programs: finds out who asks, carries the operation out, and writes the answer.
struct AdminRouter: Sendable {
    static let prefix = "/api/v1"

    let operations: [AdminOperation]
    let files: StaticFiles
    let sessions: AdminSessions
    let store: Store
    let blocking: Blocking
    let clock: @Sendable () -> Int64
    /// Whether requests come over TLS.
    var isEncrypted = false

    func build() -> Router<ConsoleContext> {
        let router = Router(context: ConsoleContext.self, options: .autoGenerateHeadEndpoints)
        router.middlewares.add(SecurityFields())
        for operation in operations {
            router.on(RouterPath(Self.prefix + operation.path), method: operation.method) { request, context in
                await answer(request, context, operation)
            }
        }
        router.get("/**") { request, context in page(request) }
        router.get("/") { request, context in page(request) }
        return router
    }

    private func page(_ request: Request) -> Response {
        files.answer(request.uri.path, ifNoneMatch: request.headers[.ifNoneMatch])
            ?? write(AdminError(404, "Nothing is found at this address.").answer)
    }

    private func answer(_ request: Request, _ context: ConsoleContext, _ operation: AdminOperation) async -> Response {
        do {
            let call = try await call(request, context, operation)
            return write(try await operation.handler(call))
        } catch let error as AdminError {
            return write(error.answer)
        } catch let error as StoreError {
            return write(AdminError(503, "The settings can't be read or stored: \(error)").answer)
        } catch {
            context.logger.error("operation failed", metadata: ["path": "\(operation.path)", "error": "\(error)"])
            return write(AdminError(500, "This did not work. The server's log tells more.").answer)
        }
    }

    // MARK: Who asks, and for what

    private func call(_ request: Request, _ context: ConsoleContext, _ operation: AdminOperation) async throws -> AdminCall {
        let changes = request.method != .get && request.method != .head
        if changes, let site = request.headers[.secFetchSite], site != "same-origin", site != "none" {
            throw AdminError(403, "Another web page sent this request.")
        }
        let session = request.cookies[SessionCookie.name(isEncrypted: isEncrypted)].flatMap {
            sessions.session($0.value, nowMs: clock())
        }
        var isAdministrator = session != nil
        if let session, changes, operation.access == .administrator, request.headers[.csrfToken] != session.csrfToken {
            throw AdminError(403, "The page is too old. Load it again.")
        }
        if !isAdministrator, let token = bearerToken(request) {
            isAdministrator = try await blocking.run { [store] in try store.adminToken(matching: token) } != nil
        }
        guard isAdministrator || operation.access == .anybody else { throw AdminError(401, "Log in first.") }
        var parameters: [String: String] = [:]
        for name in operation.parameters { parameters[name] = context.parameters.get(name)?.removingPercentEncoding ?? "" }
        return AdminCall(
            parameters: parameters,
            query: Self.fields(request.uri.query ?? ""),
            body: changes && !operation.takesFile ? try await body(of: request, context) : nil,
            file: operation.takesFile ? try await file(of: request) : [], address: context.address, isEncrypted: isEncrypted,
            session: session)
    }

    /// The fields of a query as forms write them: a blank may be a `+`, which Hummingbird leaves as it is.
    static func fields(_ query: String) -> [String: String] {
        let pairs = query.split(separator: "&").map { pair -> (String, String) in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func decoded(_ text: Substring) -> String { text.replacing("+", with: " ").removingPercentEncoding ?? "" }
            return (decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
        }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    private func bearerToken(_ request: Request) -> String? {
        guard let field = request.headers[.authorization], field.lowercased().hasPrefix("bearer ") else { return nil }
        return String(field.dropFirst(7)).trimmingCharacters(in: .whitespaces)
    }

    private func body(of request: Request, _ context: ConsoleContext) async throws -> JSONValue? {
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: context.maxUploadSize)
        } catch {
            throw AdminError(413, "The body is too large.")
        }
        guard buffer.readableBytes > 0 else { return nil }
        // Forms of other pages can't send this type without asking first.
        guard request.headers[.contentType]?.hasPrefix("application/json") == true else {
            throw AdminError(415, "Send JSON: Content-Type: application/json")
        }
        do {
            return try JSONParser.parse(Array(buffer.readableBytesView))
        } catch {
            throw AdminError(400, "The body is no JSON: \(error)")
        }
    }

    private func file(of request: Request) async throws -> [UInt8] {
        do {
            return Array(try await request.body.collect(upTo: Self.fileLimit).readableBytesView)
        } catch {
            throw AdminError(413, "The file is too large: \(Self.fileLimit >> 20) MiB are taken.")
        }
    }

    /// Bytes of a file that somebody sends.
    private static let fileLimit = 64 << 20

    // MARK: Answers

    private func write(_ answer: AdminAnswer) -> Response {
        var fields: HTTPFields = [.cacheControl: "no-store"]
        for (name, value) in answer.fields { fields.append(HTTPField(name: name, value: value)) }
        let status = HTTPResponse.Status(code: answer.status)
        switch answer.body {
        case .none: return Response(status: status, headers: fields)
        case .json(let value):
            fields[.contentType] = "application/json"
            return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: value.encodedJSON())))
        case .bytes(let bytes, let type):
            fields[.contentType] = type
            return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let stream, let type):
            fields[.contentType] = type
            return Response(status: status, headers: fields, body: .init(asyncSequence: stream))
        }
    }
}

extension HTTPField.Name {
    // Valid names, so never nil.
    static let csrfToken = HTTPField.Name("X-CSRF-Token")!
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
}
