/// The HTTP methods of ARI, in the order in which an `Allow` header names them.
public enum ARIMethod: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
}

/// One operation of the REST interface: what the router, the parameter reader and the API description need to know.
public struct ARIOperation: Sendable {
    /// An error that the operation declares.
    public struct ErrorResponse: Sendable, Hashable {
        public let code: Int
        public let reason: String

        init(_ code: Int, _ reason: String) {
            self.code = code
            self.reason = reason
        }
    }

    public let method: ARIMethod
    /// The path below the ARI prefix, with parameters as `{name}`.
    public let path: String
    /// The name of the operation, unique within its resource.
    public let nickname: String
    /// `void`, the id of a model, `List[<model>]` or `binary`.
    public let responseClass: String
    public let summary: String
    /// Versions of the reference in which the operation appeared.
    public let since: [String]
    /// Whether the operation opens a WebSocket instead of answering.
    public let isWebSocket: Bool
    public let parameters: [ARIParameter]
    public let errors: [ErrorResponse]

    /// The status of an answer when all went well.
    public var successStatus: Int {
        switch (method, responseClass) {
        case (.post, "Playback"), (.post, "LiveRecording"): 201
        // What endpoints are sent is on its way, not delivered.
        case (_, "void"): path.hasPrefix("/endpoints") ? 202 : 204
        default: isWebSocket ? 101 : 200
        }
    }

    init(
        _ method: ARIMethod, _ path: String, _ nickname: String, returns responseClass: String, _ summary: String,
        since: [String], isWebSocket: Bool = false, parameters: [ARIParameter] = [], errors: [ErrorResponse] = []
    ) {
        self.method = method
        self.path = path
        self.nickname = nickname
        self.responseClass = responseClass
        self.summary = summary
        self.since = since
        self.isWebSocket = isWebSocket
        self.parameters = parameters
        self.errors = errors
    }
}

/// A parameter of an operation.
public struct ARIParameter: Sendable {
    public enum Place: String, Sendable, Hashable {
        case path
        /// In the query; also accepted as a form field or as a member of a JSON body.
        case query
        case body
    }

    public enum DataType: String, Sendable, Hashable {
        case string
        case int
        case long
        case boolean
        /// An object of names and values.
        case containers
        case object
    }

    public let name: String
    public let place: Place
    public let type: DataType
    /// Whether the declaration asks for it; what a missing one leads to is the operation's affair.
    public let isRequired: Bool
    public let isList: Bool
    /// The values that make sense; empty when any does.
    public let allowedValues: [String]
    public let minimum: Int?
    /// The declared default. The server never applies it by itself.
    public let defaultValue: JSONValue?

    static func path(_ name: String) -> ARIParameter {
        ARIParameter(name: name, place: .path, type: .string, isRequired: true)
    }

    static func query(
        _ name: String, _ type: DataType = .string, required: Bool = false, list: Bool = false, values: [String] = [],
        minimum: Int? = nil, default defaultValue: JSONValue? = nil
    ) -> ARIParameter {
        ARIParameter(
            name: name, place: .query, type: type, isRequired: required, isList: list, allowedValues: values,
            minimum: minimum, defaultValue: defaultValue)
    }

    static func body(_ name: String, _ type: DataType = .containers, required: Bool = false) -> ARIParameter {
        ARIParameter(name: name, place: .body, type: type, isRequired: required)
    }

    private init(
        name: String, place: Place, type: DataType, isRequired: Bool, isList: Bool = false, allowedValues: [String] = [],
        minimum: Int? = nil, defaultValue: JSONValue? = nil
    ) {
        self.name = name
        self.place = place
        self.type = type
        self.isRequired = isRequired
        self.isList = isList
        self.allowedValues = allowedValues
        self.minimum = minimum
        self.defaultValue = defaultValue
    }
}
