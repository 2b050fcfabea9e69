/// A group of operations and models that the API description keeps in one file.
public struct ARIResource: Sendable {
    /// The name of the group, and of its file in the API description.
    public let name: String
    public let summary: String
    /// What the paths of the group are, for the API description.
    public let pathSummary: String
    public let swaggerVersion: String
    public let since: [String]
    /// Modules of the reference that the group needs; kept because readers may expect the member.
    public let requiredModules: [String]
    public let operations: [ARIOperation]
    public let models: [ARIModelDeclaration]

    init(
        _ name: String, _ summary: String, paths pathSummary: String, swaggerVersion: String = "1.1", since: [String],
        requiredModules: [String] = [], operations: [ARIOperation], models: [ARIModelDeclaration]
    ) {
        self.name = name
        self.summary = summary
        self.pathSummary = pathSummary
        self.swaggerVersion = swaggerVersion
        self.since = since
        self.requiredModules = requiredModules
        self.operations = operations
        self.models = models
    }

    /// All groups, in the order of the API description.
    public static let all: [ARIResource] = [
        .asterisk, .endpoints, .channels, .bridges, .recordings, .sounds, .playbacks, .deviceStates, .mailboxes, .events,
        .applications,
    ]
}
