public import ARIModel

/// The answer of an operation.
public struct ARIResponse: Sendable {
    public enum Body: Sendable {
        case none
        case json([UInt8])
        /// The content of a file.
        case file(ByteStream)
    }

    public var status: Int
    /// The reason phrase; nil for the usual one of the status.
    public var reason: String?
    /// The path of a new object below the ARI prefix, such as `/playbacks/1`, already percent-encoded.
    public var location: String?
    /// The value of the `Allow` field.
    var allow: String?
    /// The value of a `Retry-After` field.
    var retryAfterSeconds: Int?
    /// The realm for a `WWW-Authenticate` field.
    var realm: String?
    public var body: Body

    public init(_ status: Int, reason: String? = nil, location: String? = nil, body: Body = .none) {
        self.status = status
        self.reason = reason
        self.location = location
        self.body = body
    }

    /// The JSON of the body; nil for none or another one.
    public var json: [UInt8]? {
        if case .json(let bytes) = body { bytes } else { nil }
    }

    /// 204 without a body.
    public static let noContent = ARIResponse(204)
    /// 202 without a body.
    public static let accepted = ARIResponse(202)

    /// 200 with one object.
    public static func ok(_ value: some JSONWritable) -> ARIResponse {
        ARIResponse(200, body: .json(value.encodedJSON()))
    }

    /// 200 with a list of objects.
    public static func ok(_ values: [some JSONWritable]) -> ARIResponse {
        var writer = JSONWriter(capacity: 2 + 512 * values.count)
        writer.value(values)
        return ARIResponse(200, body: .json(writer.bytes))
    }

    /// 201 with the new object and where it is; `segments` are encoded one by one.
    public static func created(_ value: some JSONWritable, at segments: String...) -> ARIResponse {
        ARIResponse(
            201, location: segments.map { "/" + percentEncoded($0) }.joined(), body: .json(value.encodedJSON()))
    }

    /// An error with its text as the member `message`.
    static func error(_ status: Int, _ message: String, reason: String? = nil) -> ARIResponse {
        ARIError(status, message, reason: reason).response
    }
}

/// Why an operation failed, thrown by handlers.
public struct ARIError: Error, Sendable, Hashable {
    public let status: Int
    public let message: String
    public let reason: String?
    /// The name of the JSON member that holds the message.
    let member: String

    public init(_ status: Int, _ message: String, reason: String? = nil) {
        self.init(status, message, reason: reason, member: "message")
    }

    private init(_ status: Int, _ message: String, reason: String?, member: String) {
        self.status = status
        self.message = message
        self.reason = reason
        self.member = member
    }

    /// More wait for their turn already than are kept.
    static let tooManyPlaybacks = ARIError(409, "Too many playbacks are waiting")
    /// The answer to a request that the core refused for want of means; the reference calls the member `error` here.
    public static let allocationFailed = ARIError(500, "Allocation failed", reason: nil, member: "error")

    var response: ARIResponse {
        var writer = JSONWriter(capacity: message.utf8.count + 16)
        writer.beginObject()
        writer.key(member)
        writer.value(message)
        writer.endObject()
        return ARIResponse(status, reason: reason, body: .json(writer.bytes))
    }
}
