import ARIModel
import HTTPTypes
import NIOCore

/// One operation of the admin interface: what the router and the API description need to know.
struct AdminOperation: Sendable {
    /// Who may call it.
    enum Access: Sendable {
        case anybody
        /// The administrator in a browser, or a program with a token.
        case administrator
    }

    let method: HTTPRequest.Method
    /// Below `/api/v1`, with parameters as `{name}`.
    let path: String
    let summary: String
    var access = Access.administrator
    /// The name of the schema of the body; nil when there is none.
    var body: String?
    /// The name of the schema of the answer; nil when it has no JSON body.
    var answer: String?
    var answersList = false
    var successStatus = 200
    let handler: @Sendable (AdminCall) async throws -> AdminAnswer

    init(
        _ method: HTTPRequest.Method, _ path: String, _ summary: String, access: Access = .administrator, body: String? = nil,
        answer: String? = nil, list: Bool = false, status: Int = 200, handler: @escaping @Sendable (AdminCall) async throws -> AdminAnswer
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.access = access
        self.body = body
        self.answer = answer
        answersList = list
        successStatus = status
        self.handler = handler
    }

    /// Whether it changes the configuration, so that it can be tried with `?check=yes`.
    var isEdit = false
    var streamsEvents = false
    /// Whether the body is a file rather than JSON.
    var takesFile = false
    /// What may stand in the query.
    var query: [QueryParameter] = []
    /// What it answers with when that is not JSON.
    var contentType: String?

    struct QueryParameter: Sendable {
        let name: String
        let description: String
        let type: String

        init(_ name: String, _ description: String, type: String = "string") {
            (self.name, self.description, self.type) = (name, description, type)
        }
    }

    /// The statuses with which it may be refused.
    var refusals: [Int] {
        var statuses = access == .administrator ? [401, 503] : [503]
        if method != .get { statuses += [400, 403, 413, 415] }
        if body != nil || !query.isEmpty || takesFile { statuses += [422] }
        if path == "/session" || path == "/setup" { statuses += [409, 429] }
        if path == "/administrator/password" { statuses += [429] }
        if !parameters.isEmpty { statuses += [404] }
        return Array(Set(statuses)).sorted()
    }

    /// The names of the path's parameters.
    var parameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}

/// One call of an operation.
struct AdminCall: Sendable {
    let parameters: [String: String]
    let query: [String: String]
    let body: JSONValue?
    /// The body of an operation that takes a file.
    var file: [UInt8] = []
    let address: String
    let isEncrypted: Bool
    /// The session in a browser; nil for programs and strangers.
    let session: AdminSessions.Session?

    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// A whole number in the query; nil when it is not there.
    /// - Throws: 422 when it is none.
    func integer(_ name: String) throws(AdminError) -> Int? {
        guard let text = query[name], !text.isEmpty else { return nil }
        guard let number = Int(text) else {
            throw .wrong([.init(path: name, message: "should be a whole number", advice: "Write digits only.")])
        }
        return number
    }

    /// A text of the body.
    /// - Throws: 422 when it is missing.
    func text(_ name: String) throws(AdminError) -> String {
        guard let text = body?[name]?.string, !text.isEmpty else {
            throw .wrong([.init(path: name, message: "is missing", advice: "Give it a value.")])
        }
        return text
    }
}

/// The answer of an operation.
struct AdminAnswer: Sendable {
    enum Body: Sendable {
        case none
        case json(JSONValue)
        case bytes([UInt8], type: String)
        /// What comes little by little: server-sent events, a long file.
        case stream(AsyncStream<ByteBuffer>, type: String)
    }

    var status = 200
    var body = Body.none
    var fields: [(HTTPField.Name, String)] = []

    static let noContent = AdminAnswer(status: 204)
    static func json(_ value: JSONValue, status: Int = 200) -> AdminAnswer { AdminAnswer(status: status, body: .json(value)) }
}

/// Why an operation was refused, with what is wrong in which value.
struct AdminError: Error, Sendable {
    struct Problem: Sendable {
        /// The key path in the body; empty for the whole.
        var path: String
        var message: String
        var advice: String
        var line: Int?

        init(path: String, message: String, advice: String = "", line: Int? = nil) {
            self.path = path
            self.message = message
            self.advice = advice
            self.line = line
        }

        var json: JSONValue {
            var object = JSONObject()
            object["path"] = .string(path)
            object["message"] = .string(message)
            object["advice"] = .string(advice)
            if let line { object["line"] = .int(line) }
            return .object(object)
        }
    }

    var status: Int
    var message: String
    var problems: [Problem] = []
    var retryAfterSeconds: Int?

    init(_ status: Int, _ message: String, problems: [Problem] = [], retryAfterSeconds: Int? = nil) {
        self.status = status
        self.message = message
        self.problems = problems
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// What was sent can't be used.
    static func wrong(_ problems: [Problem]) -> AdminError { AdminError(422, "Some values are missing or wrong.", problems: problems) }

    var answer: AdminAnswer {
        var answer = AdminAnswer.json(["message": .string(message), "problems": .array(problems.map(\.json))], status: status)
        if let retryAfterSeconds { answer.fields.append((.retryAfter, String(retryAfterSeconds))) }
        return answer
    }
}
