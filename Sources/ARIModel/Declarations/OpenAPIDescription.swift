/// Describes the REST interface in OpenAPI 3.1, from the operations that the server routes by.
public enum OpenAPIDescription {
    /// Encodes `openapi.json`.
    ///
    /// - Parameters:
    ///   - basePath: the absolute URL of the interface as the client sees it; `/ari` when nil.
    ///   - version: the version of the server.
    public static func document(basePath: String?, version: String) -> [UInt8] {
        let document: JSONValue = [
            "openapi": "3.1.0",
            "info": [
                "title": "Asterisk REST Interface", "version": .string(version),
                "summary": "Calls, bridges, playbacks and recordings under the control of a program",
                "license": ["name": "Apache 2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": .string(basePath ?? "/ari")]],
            "security": [["basic": []], ["apiKey": []]],
            "tags": .array(ARIResource.all.map { ["name": .string($0.name), "description": .string($0.summary)] }),
            "paths": paths,
            "components": [
                "schemas": JSONSchema.all,
                "responses": ["Error": errorResponse],
                "securitySchemes": [
                    "basic": ["type": "http", "scheme": "basic"],
                    "apiKey": [
                        "type": "apiKey", "in": "query", "name": "api_key", "description": "The user's name, a colon, the password.",
                    ],
                ],
            ],
        ]
        return document.encodedJSON()
    }

    private static var errorResponse: JSONValue {
        let schema: JSONValue = [
            "type": "object", "anyOf": [["required": ["message"]], ["required": ["error"]]],
            "properties": ["message": ["type": "string"], "error": ["type": "string"]],
        ]
        // What is no HTTP request for this interface is refused with a page.
        return ["description": "What was wrong.", "content": ["application/json": ["schema": schema], "text/html": [:]]]
    }

    private static func json(_ schema: JSONValue) -> JSONValue { ["application/json": ["schema": schema]] }

    private static var paths: JSONValue {
        var paths = JSONObject()
        for resource in ARIResource.all {
            for operation in resource.operations {
                var item = paths[operation.path]?.object ?? JSONObject()
                item[operation.method.rawValue.lowercased()] = describe(operation, of: resource)
                paths[operation.path] = .object(item)
            }
        }
        return .object(paths)
    }

    private static func describe(_ operation: ARIOperation, of resource: ARIResource) -> JSONValue {
        var object = JSONObject()
        object["operationId"] = .string("\(resource.name).\(operation.nickname)")
        object["tags"] = [.string(resource.name)]
        object["summary"] = .string(operation.summary)
        var parameters = operation.parameters.filter { $0.place != .body }.map(describe)
        if operation.isWebSocket { parameters += OnRequest.parameters.map(describe) }
        if !parameters.isEmpty { object["parameters"] = .array(parameters) }
        if let body = operation.parameters.first(where: { $0.place == .body }) { object["requestBody"] = describeBody(body) }
        object["responses"] = responses(of: operation)
        return .object(object)
    }

    private static func describe(_ parameter: ARIParameter) -> JSONValue {
        var schema = JSONSchema.schema(ofType: parameter.type.rawValue, allowedValues: parameter.allowedValues).object ?? JSONObject()
        if let minimum = parameter.minimum { schema["minimum"] = .int(minimum) }
        schema["default"] = parameter.defaultValue
        return query(
            parameter.name, place: parameter.place.rawValue, isRequired: parameter.isRequired, isList: parameter.isList,
            summary: parameter.summary ?? "", schema: .object(schema))
    }

    private static func describe(_ parameter: OnRequest.Parameter) -> JSONValue {
        query(
            parameter.name, place: "query", isRequired: false, isList: parameter.isList, summary: parameter.summary,
            schema: JSONSchema.schema(ofType: parameter.type.rawValue, allowedValues: parameter.allowedValues))
    }

    private static func query(
        _ name: String, place: String, isRequired: Bool, isList: Bool, summary: String, schema: JSONValue
    ) -> JSONValue {
        var object = JSONObject()
        object["name"] = .string(name)
        object["in"] = .string(place)
        object["required"] = .bool(isRequired || place == "path")
        object["description"] = .string(summary)
        // Lists are written a,b,c.
        if isList { object["explode"] = false }
        object["schema"] = isList ? ["type": "array", "items": schema] : schema
        return .object(object)
    }

    private static func describeBody(_ parameter: ARIParameter) -> JSONValue {
        [
            "required": .bool(parameter.isRequired), "description": .string(parameter.summary ?? ""),
            "content": json(["type": "object", "properties": [parameter.name: ["type": ["object", "array"]]]]),
        ]
    }

    private static func responses(of operation: ARIOperation) -> JSONValue {
        var responses = JSONObject()
        responses["\(operation.successStatus)"] = success(of: operation)
        for error in operation.errors { responses["\(error.code)"] = ["$ref": "#/components/responses/Error"] }
        responses["default"] = ["$ref": "#/components/responses/Error"]
        return .object(responses)
    }

    private static func success(of operation: ARIOperation) -> JSONValue {
        if operation.isWebSocket { return ["description": "The connection becomes a WebSocket; asyncapi.json tells what comes over it."] }
        switch operation.responseClass {
        case "void": return ["description": "Done."]
        case "binary": return ["description": "The file.", "content": ["audio/*": JSONValue.object(JSONObject())]]
        default: return ["description": "Done.", "content": json(JSONSchema.schema(ofType: operation.responseClass))]
        }
    }
}
