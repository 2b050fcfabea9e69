/// Describes the event WebSocket in AsyncAPI 3.0, from the models of the events that the server sends.
public enum AsyncAPIDescription {
    /// Encodes `asyncapi.json`.
    ///
    /// - Parameters:
    ///   - host: host and port as the client sees them.
    ///   - pathPrefix: the path of the interface, such as `/ari`.
    ///   - version: the version of the server.
    public static func document(host: String, pathPrefix: String, isEncrypted: Bool, version: String) -> [UInt8] {
        let document: JSONValue = [
            "asyncapi": "3.0.0",
            "info": ["title": "Asterisk REST Interface: events", "version": .string(version)],
            "defaultContentType": "application/json",
            "servers": [
                "ari": [
                    "host": .string(host), "pathname": .string(pathPrefix), "protocol": isEncrypted ? "wss" : "ws",
                    "security": [["$ref": "#/components/securitySchemes/basic"], ["$ref": "#/components/securitySchemes/apiKey"]],
                ]
            ],
            "channels": ["events": channel],
            "operations": [
                "sendEvent": [
                    "action": "send", "channel": channelReference, "summary": "Tells what happens.",
                    "messages": .array(sent.map { messageReference($0) }),
                ],
                "receiveRequest": [
                    "action": "receive", "channel": channelReference,
                    "summary": "Carries out an operation of openapi.json; RESTResponse answers.",
                    "messages": [messageReference("RESTRequest")],
                ],
            ],
            "components": [
                "messages": messages,
                "schemas": JSONSchema.all,
                "securitySchemes": [
                    "basic": ["type": "http", "scheme": "basic"],
                    "apiKey": ["type": "httpApiKey", "in": "query", "name": "api_key"],
                ],
            ],
        ]
        return document.encodedJSON()
    }

    private static let channelReference: JSONValue = ["$ref": "#/channels/events"]

    /// The names of the messages that the server sends.
    private static let sent = EventType.allCases.map(\.rawValue)

    private static func messageReference(_ name: String) -> JSONValue { ["$ref": .string("#/channels/events/messages/\(name)")] }

    private static var channel: JSONValue {
        var messages = JSONObject()
        for name in sent + ["RESTRequest"] { messages[name] = ["$ref": .string("#/components/messages/\(name)")] }
        return [
            "address": "/events", "summary": "Opened by GET with app and the other parameters.", "messages": .object(messages),
            "bindings": ["ws": ["method": "GET", "query": query]],
        ]
    }

    private static var query: JSONValue {
        var properties = JSONObject()
        var required: [JSONValue] = []
        let declared = ARIResource.events.operations.first(where: \.isWebSocket)?.parameters ?? []
        for parameter in declared {
            properties[parameter.name] = property(parameter.type, parameter.allowedValues, parameter.isList, parameter.summary ?? "")
            if parameter.isRequired { required.append(.string(parameter.name)) }
        }
        for parameter in OnRequest.parameters {
            properties[parameter.name] = property(parameter.type, parameter.allowedValues, parameter.isList, parameter.summary)
        }
        return ["type": "object", "properties": .object(properties), "required": .array(required)]
    }

    private static func property(
        _ type: ARIParameter.DataType, _ values: [String], _ isList: Bool, _ summary: String
    ) -> JSONValue {
        var schema = JSONSchema.schema(ofType: isList ? "string" : type.rawValue, allowedValues: values).object ?? JSONObject()
        schema["description"] = .string(isList ? summary + " Separated by commas." : summary)
        return .object(schema)
    }

    private static var messages: JSONValue {
        var messages = JSONObject()
        for type in EventType.allCases {
            var message = message(type.rawValue)
            if type.isOnRequest { message["x-on-request"] = true }
            messages[type.rawValue] = .object(message)
        }
        messages["RESTRequest"] = .object(message("RESTRequest"))
        return .object(messages)
    }

    private static func message(_ name: String) -> JSONObject {
        var message = JSONObject()
        message["name"] = .string(name)
        message["payload"] = JSONSchema.reference(name)
        return message
    }
}
