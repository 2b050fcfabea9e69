import ARIModel

/// A REST request that came over a WebSocket.
struct RESTRequest: Sendable {
    var transactionID = ""
    var requestID = ""
    var method = ""
    /// Below the ARI prefix, without a leading slash and without the query.
    var path = ""
    /// The query of the URI, then the query strings, then the form fields of the body: the last of a name counts.
    var fields: [NamedValue] = []
    var body: JSONValue?

    /// Why a text is no request that can be carried out.
    struct Rejection: Error, Sendable {
        let response: RESTResponse
    }

    private static let methods = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"]

    /// Reads a request; faults are found in the reference's order.
    static func parse(_ text: String) -> Result<RESTRequest, Rejection> {
        var request = RESTRequest()
        guard let json = try? JSONParser.parse(text), json.object != nil || json.array != nil else {
            return .failure(request.rejection(reason: "Failed to parse request message JSON"))
        }
        request.transactionID = json["transaction_id"]?.string ?? ""
        request.requestID = json["request_id"]?.string ?? ""
        if let message = request.fill(from: json) { return .failure(request.rejection(message: message)) }
        return .success(request)
    }

    /// - Returns: What is wrong, or nil.
    private mutating func fill(from json: JSONValue) -> String? {
        guard let type = json["type"]?.string else { return "No 'type' property." }
        guard type == "RESTRequest" else { return "Unknown request type." }
        guard let uri = json["uri"]?.string, !uri.isEmpty else { return "Empty or missing 'uri' property." }
        let query = uri.firstIndex(of: "?") ?? uri.endIndex
        path = String(uri[..<query])
        guard let method = json["method"]?.string, RESTRequest.methods.contains(method) else {
            return "Unknown or missing 'method' property."
        }
        self.method = method
        fields = formFields(uri[query...].dropFirst())
        if let strings = json["query_strings"] {
            guard let more = RESTRequest.queryStrings(strings) else { return "Unable to parse 'query_strings' array." }
            fields += more
        }
        guard let text = json["message_body"]?.string, !text.isEmpty else { return nil }
        return takeBody(text, type: json["content_type"]?.string)
    }

    private static func queryStrings(_ json: JSONValue) -> [NamedValue]? {
        guard let entries = json.array else { return nil }
        var fields: [NamedValue] = []
        for entry in entries {
            guard let name = entry["name"]?.string, let value = entry["value"]?.string else { return nil }
            fields.append(NamedValue(name, value))
        }
        return fields
    }

    private mutating func takeBody(_ text: String, type: String?) -> String? {
        guard let type, !type.isEmpty else { return "No 'content_type' for 'message_body'." }
        switch mediaType(type) {
        case "application/x-www-form-urlencoded":
            fields += formFields(text[...])
        case "application/json":
            guard let json = try? JSONParser.parse(text), json.object != nil || json.array != nil else {
                return "Unable to parse 'message_body' as 'application/json'."
            }
            body = json
        default:
            return "Unknown content type."
        }
        return nil
    }

    // MARK: Answers

    private func rejection(reason: String) -> Rejection {
        Rejection(
            response: RESTResponse(
                transactionID: transactionID, requestID: requestID, statusCode: 400, reasonPhrase: reason, uri: path))
    }

    private func rejection(message: String) -> Rejection {
        var body = JSONObject()
        body["message"] = .string(message)
        var rejection = rejection(reason: "Bad request").response
        rejection.contentType = "application/json"
        rejection.messageBody = String(decoding: JSONValue.object(body).encodedJSON(), as: UTF8.self)
        return Rejection(response: rejection)
    }

    /// Puts the answer of an operation into the envelope of this request.
    func response(for answer: ARIResponse) -> RESTResponse {
        var response = RESTResponse(
            transactionID: transactionID, requestID: requestID, statusCode: answer.status,
            reasonPhrase: answer.reason ?? reasonPhrase(answer.status), uri: path)
        if case .json(let bytes) = answer.body {
            response.contentType = "application/json"
            response.messageBody = String(decoding: bytes, as: UTF8.self)
        }
        return response
    }
}
