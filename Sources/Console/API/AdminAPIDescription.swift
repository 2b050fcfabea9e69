import ARIModel
import HTTPTypes
import Store

/// Describes the admin interface in OpenAPI 3.1, from the operations that the router serves and the configuration's own keys.
enum AdminAPIDescription {
    static func document(_ operations: [AdminOperation], version: String) -> JSONValue {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Arioso administration", "version": .string(version),
                "license": ["name": "Apache 2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": .string(AdminRouter.prefix)]], "security": [["token": []]], "paths": paths(operations),
            "components": [
                "schemas": schemas(operations), "responses": ["Refusal": refusal],
                "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
            ],
        ]
    }

    private static func paths(_ operations: [AdminOperation]) -> JSONValue {
        var paths = JSONObject()
        for operation in operations {
            var item = paths[operation.path]?.object ?? JSONObject()
            item[operation.method.rawValue.lowercased()] = describe(operation)
            paths[operation.path] = .object(item)
        }
        return .object(paths)
    }

    private static func describe(_ operation: AdminOperation) -> JSONValue {
        var object = JSONObject()
        object["operationId"] = .string("\(operation.method.rawValue.lowercased())\(operation.path.replacing("/", with: "_"))")
        object["summary"] = .string(operation.summary)
        if operation.access == .anybody { object["security"] = [] }
        var parameters = operation.parameters.map { name -> JSONValue in
            ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        parameters += operation.query.map { parameter in
            [
                "name": .string(parameter.name), "in": "query", "description": .string(parameter.description),
                "schema": ["type": .string(parameter.type)],
            ]
        }
        if operation.isEdit {
            parameters.append([
                "name": "check", "in": "query", "description": "yes: only tells what would be wrong.",
                "schema": ["type": "string", "enum": ["yes"]],
            ])
        }
        if !parameters.isEmpty { object["parameters"] = .array(parameters) }
        if let body = operation.body { object["requestBody"] = ["required": true, "content": json(reference(body))] }
        if operation.takesFile {
            object["requestBody"] = [
                "required": true, "content": ["application/octet-stream": ["schema": ["type": "string", "format": "binary"]]],
            ]
        }
        object["responses"] = responses(of: operation)
        return .object(object)
    }

    private static func responses(of operation: AdminOperation) -> JSONValue {
        var success: JSONObject = JSONObject()
        success["description"] = "Done."
        if operation.streamsEvents {
            success["content"] = ["text/event-stream": ["schema": ["type": "string"]]]
        } else if let type = operation.contentType {
            var content = JSONObject()
            content[type] = ["schema": ["type": "string"]]
            success["content"] = .object(content)
        } else if let answer = operation.answer {
            let one = reference(answer)
            let plain = operation.answersList ? ["type": "array", "items": one] as JSONValue : one
            success["content"] = json(operation.isEdit ? edited(plain) : plain)
        }
        var responses = JSONObject()
        responses[String(operation.successStatus)] = .object(success)
        // A trial of an addition adds nothing.
        if operation.isEdit, operation.successStatus == 201 {
            responses["200"] = ["description": "What would be wrong.", "content": json(trial)]
        }
        for status in operation.refusals { responses[String(status)] = ["$ref": "#/components/responses/Refusal"] }
        return .object(responses)
    }

    private static func edited(_ value: JSONValue) -> JSONValue {
        let problems: JSONValue = ["type": "array", "items": reference("Problem")]
        return [
            "oneOf": [
                ["type": "object", "required": ["value", "warnings"], "properties": ["value": value, "warnings": problems]], trial,
            ]
        ]
    }

    private static var trial: JSONValue {
        ["type": "object", "required": ["problems"], "properties": ["problems": ["type": "array", "items": reference("Problem")]]]
    }

    private static var refusal: JSONValue {
        [
            "description": "Why not.",
            "content": json([
                "type": "object", "required": ["message", "problems"],
                "properties": ["message": ["type": "string"], "problems": ["type": "array", "items": reference("Problem")]],
            ]),
        ]
    }

    private static func json(_ schema: JSONValue) -> JSONValue { ["application/json": ["schema": schema]] }
    private static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    // MARK: Schemas

    private static func schemas(_ operations: [AdminOperation]) -> JSONValue {
        var schemas = JSONObject()
        let whole = Configuration.schema
        for section in SettingsOperations.sections {
            let own = whole.property(section.name) ?? .null
            schemas["Settings_\(section.name)"] = section.hidden.reduce(own) { $0.withoutProperty($1) }.json
        }
        for entry in SettingsOperations.lists {
            let items = entry.list.rawValue.split(separator: ".").reduce(whole as SettingsValue?) { $0?.property(String($1)) }?["items"]
            schemas[entry.schema] = (items ?? .null).json
        }
        for (name, schema) in plain { schemas[name] = schema }
        for name in operations.flatMap({ [$0.body, $0.answer] }).compactMap({ $0 }) where schemas[name] == nil {
            schemas[name] = ["type": "object"]
        }
        return .object(schemas)
    }

    private static func object(_ members: KeyValuePairs<String, String>, required: [String]? = nil) -> JSONValue {
        var properties = JSONObject()
        for (name, type) in members { properties[name] = ["type": .string(type)] }
        let needed = required ?? members.map(\.key)
        return ["type": "object", "required": .array(needed.map { .string($0) }), "properties": .object(properties)]
    }

    private static var ownSound: JSONValue {
        object(["name": "string", "language": "string", "bytes": "integer", "modifiedMs": "integer", "durationMs": "integer"])
    }

    private static func call(timeline: Bool) -> JSONValue {
        let members: KeyValuePairs = [
            "row": "integer", "channel": "string", "startedMs": "integer", "endedMs": "integer", "callerName": "string",
            "callerNumber": "string", "callerEndpoint": "string", "dialled": "string", "answeredBy": "string", "application": "string",
            "accountCode": "string", "result": "string", "cause": "integer",
        ]
        let moment = object(["ms": "integer", "what": "string", "channel": "string", "detail": "string"])
        let schema = object(members).withProperty("answeredMs", ["type": ["integer", "null"]])
        return timeline ? schema.withProperty("timeline", ["type": "array", "items": moment]) : schema
    }

    private static var plain: KeyValuePairs<String, JSONValue> {
        [
            "Problem": object(
                ["path": "string", "message": "string", "advice": "string", "line": "integer"], required: ["path", "message", "advice"]),
            "Session": object(["state": "string", "csrfToken": "string"], required: ["state"]),
            "Setup": object(["code": "string", "password": "string"]), "Login": object(["password": "string"]),
            "NewPassword": object(["current": "string", "password": "string"]), "TokenName": object(["name": "string"]),
            "Token": object(["name": "string", "createdMs": "integer"]), "NewToken": object(["name": "string", "token": "string"]),
            "PasswordQuestion": object(["password": "string", "name": "string"], required: []),
            "PasswordAnswer": object(["password": "string", "weak": "boolean"], required: ["weak"]),
            "Suspect": object([
                "service": "string", "address": "string", "failures": "integer", "lastName": "string", "lastMs": "integer",
            ]),
            "Recording": object([
                "name": "string", "format": "string", "bytes": "integer", "modifiedMs": "integer", "durationMs": "integer",
            ]),
            "Waveform": [
                "type": "object", "required": ["durationMs", "peaks"],
                "properties": ["durationMs": ["type": "integer"], "peaks": ["type": "array", "items": ["type": "integer"]]],
            ],
            "ARIUserUse": object(["name": "string", "createdMs": "integer", "lastAddress": "string"]).withProperty(
                "lastUsedMs", ["type": ["integer", "null"]]),
            "OwnSound": ownSound, "Sound": ["type": "object", "required": ["value"], "properties": ["value": ownSound]],
            "Sounds": [
                "type": "object", "required": ["own", "others"],
                "properties": [
                    "own": ["type": "array", "items": ownSound],
                    "others": [
                        "type": "array",
                        "items": object(["name": "string"]).withProperty("languages", ["type": "array", "items": ["type": "string"]]),
                    ],
                ],
            ],
            "Certificate": object(["certificate": "string", "key": "string"]),
            "SoundRecording": object(["number": "string"]), "Started": object(["channel": "string"]),
            "Order": ["type": "object", "required": ["names"], "properties": ["names": ["type": "array", "items": ["type": "string"]]]],
            "Call": call(timeline: false), "CallWithTimeline": call(timeline: true),
            "LogLine": object(["row": "integer", "atMs": "integer", "level": "string", "message": "string", "details": "string"]),
            "ARICall": object(["method": "string", "path": "string"]),
            "ARIAnswer": object(["status": "integer"]),
        ]
    }
}

extension SettingsValue {
    fileprivate func property(_ name: String) -> SettingsValue? { self["properties"]?[name] }

    fileprivate func withoutProperty(_ name: String) -> SettingsValue {
        guard case .map(var members) = self, let index = members.firstIndex(where: { $0.key == "properties" }) else { return self }
        members[index].value = members[index].value.without(name)
        return .map(members)
    }
}

extension JSONValue {
    /// The object with one more member.
    func with(_ name: String, _ value: JSONValue) -> JSONValue {
        guard var object else { return self }
        object[name] = value
        return .object(object)
    }

    /// The schema of an object with one more property.
    fileprivate func withProperty(_ name: String, _ schema: JSONValue) -> JSONValue {
        with("properties", (self["properties"] ?? [:]).with(name, schema))
    }
}
