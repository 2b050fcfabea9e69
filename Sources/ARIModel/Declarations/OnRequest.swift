/// What the event WebSocket offers beyond the reference, only to clients that ask for it. The Swagger description leaves it out, because
/// some clients stop at types that they don't know.
public enum OnRequest {
    /// A parameter of the event WebSocket.
    struct Parameter {
        let name: String
        let type: ARIParameter.DataType
        let isList: Bool
        let allowedValues: [String]
        let summary: String

        init(_ name: String, _ type: ARIParameter.DataType, list: Bool = false, values: [String] = [], _ summary: String) {
            self.name = name
            self.type = type
            isList = list
            allowedValues = values
            self.summary = summary
        }
    }

    static let parameters = [
        Parameter("seq", .boolean, "Number the events of each application, and keep them for a client that comes back."),
        Parameter("resume", .string, list: true, "Tokens of the streams to go on with, in the order of app."),
        Parameter("after", .long, list: true, "Numbers of the last events that came, in the order of app."),
        Parameter("consumers", .string, values: ["exclusive", "shared"], "Whether calls are shared out among all connections."),
        Parameter("finalEvents", .boolean, "Tell the end of every channel that the application has seen."),
    ]

    /// The member that numbers an event.
    static let sequence: JSONValue = [
        "type": "integer", "format": "int64", "description": "The event's number in its application, for who asked with seq.",
    ]

    /// The events that are sent on request.
    public static let events: [ARIModelDeclaration] = [
        ARIModelDeclaration(
            "EventStreamStarted", "Events are numbered from here on.", [.required("resume"), .required("seq", "long")]),
        ARIModelDeclaration(
            "EventStreamResumed", "The events that were missed follow, then new ones.",
            [.required("resume"), .required("seq", "long"), .required("missed", "int")]),
        ARIModelDeclaration(
            "ResumeFailed", "What was missed is gone; a new stream begins with what there is now.",
            [
                .required("reason", values: ["unknown_token", "too_old"]), .required("resume"), .required("seq", "long"),
                .required("channels", "List[Channel]"), .required("bridges", "List[Bridge]"), .required("complete", "boolean"),
            ]),
        ARIModelDeclaration(
            "ChannelAssigned", "The connection takes over a channel from another one that is gone.",
            [.required("args", "List[string]"), .required("channel", "Channel")]),
    ]
}
