import ARIModel

/// The header fields that let web pages of allowed origins use the interface (the CORS protocol).
struct OriginFields: Sendable {
    /// Empty when the request came from no web page, or from one that is not allowed.
    let fields: [NamedValue]

    init(_ request: HTTPRequest, settings: ARISettings) {
        guard let origin = request.field("Origin"), settings.allowedOrigins.contains(where: { $0 == "*" || $0 == origin }) else {
            fields = []
            return
        }
        fields = [
            NamedValue("Access-Control-Allow-Origin", origin), NamedValue("Access-Control-Allow-Credentials", "true"),
            NamedValue("Vary", "Origin"),
        ]
    }

    /// Returns the further fields for an OPTIONS request that asks whether a method may be used.
    func preflight(_ request: HTTPRequest, allow: String) -> [NamedValue] {
        guard !fields.isEmpty, let method = request.field("Access-Control-Request-Method"),
            allow.split(separator: ",").contains(method[...])
        else { return [] }
        var answer = [NamedValue("Access-Control-Allow-Methods", allow)]
        if let names = request.field("Access-Control-Request-Headers") {
            answer.append(NamedValue("Access-Control-Allow-Headers", names))
        }
        return answer
    }
}
