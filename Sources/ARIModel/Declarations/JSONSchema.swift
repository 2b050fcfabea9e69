/// Writes models and types as JSON Schema (draft 2020-12), for OpenAPI and AsyncAPI.
enum JSONSchema {
    /// The schemas of all models by id; those of events include what all events have.
    static var all: JSONValue {
        let models = ARIResource.all.flatMap(\.models) + OnRequest.events
        var parents: [String: String] = [:]
        for model in models { for child in model.subTypes { parents[child] = model.id } }
        for event in OnRequest.events { parents[event.id] = "Event" }
        var schemas = JSONObject()
        for model in models { schemas[model.id] = schema(of: model, parent: parents[model.id]) }
        return .object(schemas)
    }

    /// A reference to the schema of a model.
    static func reference(_ model: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(model)")] }

    /// Gives the schema of a type as declared: a primitive, `List[…]`, or the id of a model.
    static func schema(ofType type: String, allowedValues: [String] = []) -> JSONValue {
        if type.hasPrefix("List["), type.hasSuffix("]") {
            return ["type": "array", "items": schema(ofType: String(type.dropFirst(5).dropLast()))]
        }
        switch type {
        case "string": return limited("string", to: allowedValues)
        case "boolean": return ["type": "boolean"]
        case "int": return ["type": "integer", "format": "int32"]
        case "long": return ["type": "integer", "format": "int64"]
        case "double": return ["type": "number", "format": "double"]
        // ISO 8601 with milliseconds and an offset without a colon, so not the format date-time of RFC 3339.
        case "Date": return ["type": "string", "pattern": #"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$"#]
        case "object", "containers": return ["type": "object"]
        default: return reference(type)
        }
    }

    private static func limited(_ type: String, to values: [String]) -> JSONValue {
        values.isEmpty ? ["type": .string(type)] : ["type": .string(type), "enum": .array(values.map { .string($0) })]
    }

    private static func schema(of model: ARIModelDeclaration, parent: String?) -> JSONValue {
        var own = JSONObject()
        own["type"] = "object"
        own["description"] = .string(model.summary)
        var properties = JSONObject()
        for property in model.properties {
            properties[property.name] = schema(ofType: property.type, allowedValues: property.allowedValues)
        }
        if model.id == "Event" { properties["seq"] = OnRequest.sequence }
        own["properties"] = .object(properties)
        let required = model.properties.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { own["required"] = .array(required) }
        guard let parent else { return .object(own) }
        return ["allOf": [reference(parent), .object(own)]]
    }
}
