public import ARIModel
import CallCore

/// Phones' accounts as the configuration objects of the reference (ARI resource `asterisk`, config/dynamic).
public protocol DynamicConfiguration: Sendable {
    /// The settings of an object; nil when there is none.
    func settings(of object: DynamicObject) async throws(DynamicConfigurationProblem) -> [ConfigTuple]?
    /// Changes an object, or makes it; gives its settings then.
    func update(_ object: DynamicObject, _ settings: [ConfigTuple]) async throws(DynamicConfigurationProblem) -> [ConfigTuple]
    /// Removes an object.
    func delete(_ object: DynamicObject) async throws(DynamicConfigurationProblem)
}

/// Names a configuration object of the class `res_pjsip`.
public struct DynamicObject: Sendable, Hashable {
    public enum Kind: String, Sendable {
        case endpoint
        case auth
        case aor
    }

    public let kind: Kind
    public let id: String

    public init(_ kind: Kind, _ id: String) {
        self.kind = kind
        self.id = id
    }
}

/// Why the configuration can't be read or changed.
public enum DynamicConfigurationProblem: Error, Equatable {
    case invalid(String)
    case refused(String)
    case unavailable(String)
}

extension ARIHandlers {
    mutating func addDynamicConfiguration(_ configuration: any DynamicConfiguration, _ core: CallCore) {
        onAsync("asterisk.getObject") { call in
            let object = try dynamicObject(call)
            return .ok(try await settings(of: object, in: configuration))
        }
        onAsync("asterisk.updateObject") { call in
            let object = try dynamicObject(call)
            let exists = (try? await settings(of: object, in: configuration)) != nil
            let fields = call.body?["fields"]?.array ?? []
            if exists, fields.isEmpty { throw ARIError(400, "Fields must be provided to update object '\(object.id)'") }
            do throws(DynamicConfigurationProblem) {
                return .ok(try await configuration.update(object, fields.compactMap(ConfigTuple.init)))
            } catch {
                core.log.record(.notice, "configuration object not stored", channelID: nil, detail: "\(object.kind) \(object.id): \(error)")
                if case .invalid = error {
                    throw ARIError(400, "\(exists ? "Update" : "Creation") of object '\(object.id)' failed field value validation")
                }
                throw ARIError(403, "Cannot \(exists ? "update" : "create") sorcery objects of type '\(object.kind.rawValue)'")
            }
        }
        onAsync("asterisk.deleteObject") { call in
            let object = try dynamicObject(call)
            _ = try await settings(of: object, in: configuration)
            do throws(DynamicConfigurationProblem) {
                try await configuration.delete(object)
            } catch {
                throw ARIError(403, "Could not delete object with id '\(object.id)'")
            }
            return .noContent
        }
    }
}

extension ConfigTuple {
    fileprivate init?(_ field: JSONValue) {
        guard let attribute = field["attribute"]?.string, let value = field["value"]?.string else { return nil }
        self.init(attribute: attribute, value: value)
    }
}

private func dynamicObject(_ call: ARICall) throws(ARIError) -> DynamicObject {
    let (configClass, type) = (call.path("configClass"), call.path("objectType"))
    guard configClass == "res_pjsip" else { throw ARIError(404, "configClass '\(configClass)' not found") }
    guard let kind = DynamicObject.Kind(rawValue: type) else { throw ARIError(404, "objectType '\(type)' not found") }
    return DynamicObject(kind, call.path("id"))
}

private func settings(of object: DynamicObject, in configuration: any DynamicConfiguration) async throws(ARIError) -> [ConfigTuple] {
    do throws(DynamicConfigurationProblem) {
        if let settings = try await configuration.settings(of: object) { return settings }
    } catch {
        throw ARIError(500, "The configuration can't be read")
    }
    throw ARIError(404, "Object with id '\(object.id)' not found")
}
