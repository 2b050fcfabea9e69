/// Writes the machine-readable description of the interface (Swagger 1.1) that ARI clients read at start.
public enum APIDescription {
    /// The reference's version of the list of resources and of each declaration.
    private static let listVersion = "12.0.0"
    private static let declarationVersion = "2.0.0"

    /// Encodes `resources.json`, the list of resources.
    ///
    /// - Parameter basePath: The absolute URL of the interface as the client sees it; left out when nil.
    public static func resourceList(basePath: String?) -> [UInt8] {
        var writer = JSONWriter(capacity: 2048)
        writer.beginObject()
        writeOrigin(&writer)
        writer.member("apiVersion", listVersion)
        writer.member("swaggerVersion", "1.1")
        writer.member("basePath", ifPresent: basePath)
        writer.key("apis")
        writer.beginArray()
        for resource in ARIResource.all {
            writer.beginObject()
            writer.member("path", resource.documentPath)
            writer.member("description", resource.summary)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// Encodes the declaration of one resource, such as `channels.json`.
    ///
    /// - Returns: Nil when there is no resource of that name.
    public static func declaration(of resource: String, basePath: String?) -> [UInt8]? {
        guard let resource = ARIResource.all.first(where: { $0.name == resource }) else { return nil }
        var writer = JSONWriter(capacity: 64 * 1024)
        writer.beginObject()
        writeOrigin(&writer)
        writer.member("apiVersion", declarationVersion)
        writer.member("swaggerVersion", resource.swaggerVersion)
        writer.member("basePath", ifPresent: basePath)
        writer.member("resourcePath", resource.documentPath)
        writer.member("since", resource.since)
        if !resource.requiredModules.isEmpty { writer.member("requiresModules", resource.requiredModules) }
        writeAPIs(resource, &writer)
        writer.key("models")
        writer.beginObject()
        for model in resource.models {
            writer.key(model.id)
            write(model, &writer)
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    private static func writeOrigin(_ writer: inout JSONWriter) {
        writer.member("_copyright", "The Arioso authors")
        writer.member("_author", "The Arioso authors")
        writer.member("_svn_revision", "")
    }

    // MARK: Operations

    private static func writeAPIs(_ resource: ARIResource, _ writer: inout JSONWriter) {
        var paths: [String] = []
        for operation in resource.operations where !paths.contains(operation.path) { paths.append(operation.path) }
        writer.key("apis")
        writer.beginArray()
        for path in paths {
            writer.beginObject()
            writer.member("path", path)
            writer.member("description", resource.pathSummary)
            writer.key("operations")
            writer.beginArray()
            for operation in resource.operations where operation.path == path { write(operation, &writer) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
    }

    private static func write(_ operation: ARIOperation, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("httpMethod", operation.method.rawValue)
        writer.member("since", operation.since)
        if operation.isWebSocket {
            writer.member("upgrade", "websocket")
            writer.member("websocketProtocol", "ari")
        }
        writer.member("summary", operation.summary)
        writer.member("nickname", operation.nickname)
        writer.member("responseClass", operation.responseClass)
        writer.key("parameters")
        writer.beginArray()
        for parameter in operation.parameters { write(parameter, &writer) }
        writer.endArray()
        writer.key("errorResponses")
        writer.beginArray()
        for error in operation.errors {
            writer.beginObject()
            writer.member("code", error.code)
            writer.member("reason", error.reason)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }

    private static func write(_ parameter: ARIParameter, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", parameter.name)
        writer.member("description", ifPresent: parameter.summary)
        writer.member("paramType", parameter.place.rawValue)
        writer.member("required", parameter.isRequired)
        writer.member("allowMultiple", parameter.isList)
        writer.member("dataType", parameter.type.rawValue)
        writer.member("defaultValue", ifPresent: parameter.defaultValue)
        writeAllowed(parameter.allowedValues, &writer)
        if let minimum = parameter.minimum {
            writer.key("allowableValues")
            writer.beginObject()
            writer.member("valueType", "RANGE")
            writer.member("min", minimum)
            writer.endObject()
        }
        writer.endObject()
    }

    private static func writeAllowed(_ values: [String], _ writer: inout JSONWriter) {
        guard !values.isEmpty else { return }
        writer.key("allowableValues")
        writer.beginObject()
        writer.member("valueType", "LIST")
        writer.member("values", values)
        writer.endObject()
    }

    // MARK: Models

    private static func write(_ model: ARIModelDeclaration, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", model.id)
        writer.member("description", model.summary)
        writer.member("discriminator", ifPresent: model.discriminator)
        writer.key("properties")
        writer.beginObject()
        for property in model.properties {
            writer.key(property.name)
            writer.beginObject()
            writer.member("type", property.type)
            writer.member("required", property.isRequired)
            writeAllowed(property.allowedValues, &writer)
            writer.endObject()
        }
        writer.endObject()
        if !model.subTypes.isEmpty { writer.member("subTypes", model.subTypes) }
        writer.endObject()
    }
}

extension ARIResource {
    fileprivate var documentPath: String { "/api-docs/\(name).{format}" }
}
