import ARIModel
import Foundation
import Testing

@Suite("API description")
struct APIDescriptionTests {
    private static let shared = ProcessInfo.processInfo.environment["ARIOSO_SHARED"] ?? "../shared"

    private func reference(_ name: String) throws -> JSONValue? {
        let path = "\(Self.shared)/reference/api-docs/\(name).json"
        guard let data = FileManager.default.contents(atPath: path) else {
            Issue.record(Comment(rawValue: "SKIPPED: no \(path); set ARIOSO_SHARED"), severity: .warning)
            return nil
        }
        return try JSONParser.parse(Array(data))
    }

    @Test("There are 109 operations and 85 models, each once")
    func counts() {
        let operations = ARIResource.all.flatMap { resource in resource.operations.map { "\(resource.name).\($0.nickname)" } }
        #expect(Set(operations).count == 109)
        #expect(operations.count == 109)
        let models = ARIResource.all.flatMap(\.models).map(\.id)
        #expect(Set(models).count == 85)
        #expect(models.count == 85)
    }

    @Test("Every parameter has a summary and every path parameter stands in the path")
    func parameters() {
        for operation in ARIResource.all.flatMap(\.operations) {
            for parameter in operation.parameters {
                #expect(parameter.summary != nil, "\(parameter.name)")
                #expect((parameter.place == .path) == operation.path.contains("{\(parameter.name)}"), "\(operation.path)")
            }
        }
    }

    @Test("The list of resources has the members that readers insist on")
    func resourceList() throws {
        let list = try JSONParser.parse(APIDescription.resourceList(basePath: "http://h:1/ari"))
        #expect(list["swaggerVersion"] == "1.1")
        #expect(list["basePath"] == "http://h:1/ari")
        #expect(list["apis"]?.array?.count == 11)
        #expect(try JSONParser.parse(APIDescription.resourceList(basePath: nil))["basePath"] == nil)
        #expect(APIDescription.declaration(of: "nosuch", basePath: nil) == nil)
    }

    @Test("Names, types and requirements are those of the reference", arguments: ARIResource.all.map(\.name))
    func sameAsReference(name: String) throws {
        guard let theirs = try reference(name) else { return }
        let ours = try JSONParser.parse(#require(APIDescription.declaration(of: name, basePath: "http://localhost:8088/ari")))
        #expect(ours.object.map { Set($0.members.map(\.name)) } == theirs.object.map { Set($0.members.map(\.name)) })
        for member in ["swaggerVersion", "apiVersion", "resourcePath", "since", "requiresModules", "basePath"] {
            #expect(ours[member] == theirs[member], "\(member)")
        }
        #expect(ours["apis"]?.array?.compactMap { $0["path"] } == theirs["apis"]?.array?.compactMap { $0["path"] })
        #expect(operationFacts(ours) == operationFacts(theirs))
        #expect(modelFacts(ours) == modelFacts(theirs))
    }

    /// Parameters that the reference does not have.
    private static let additions: Set = ["stereo"]

    private func operationFacts(_ declaration: JSONValue) -> [[String]] {
        var facts: [[String]] = []
        for api in declaration["apis"]?.array ?? [] {
            for operation in api["operations"]?.array ?? [] { facts.append(operationFact(operation)) }
        }
        return facts
    }

    private func operationFact(_ operation: JSONValue) -> [String] {
        var facts: [String] = []
        for member in ["httpMethod", "nickname", "responseClass", "since", "upgrade", "websocketProtocol"] {
            facts.append(plain(operation[member]))
        }
        for parameter in operation["parameters"]?.array ?? [] where !Self.additions.contains(plain(parameter["name"])) {
            facts.append(parameterFacts(parameter))
        }
        for error in operation["errorResponses"]?.array ?? [] { facts.append(plain(error["code"])) }
        return facts
    }

    /// A path parameter is always required and a flag that is left out is false, whether the reference says so or not.
    private func parameterFacts(_ parameter: JSONValue) -> String {
        let isRequired = parameter["paramType"] == "path" || parameter["required"] == true
        let facts: [String] = ["name", "paramType", "dataType", "defaultValue", "allowableValues"].map { plain(parameter[$0]) }
        return facts.joined(separator: " ") + " \(isRequired) \(parameter["allowMultiple"] == true)"
    }

    private func modelFacts(_ declaration: JSONValue) -> [String] {
        (declaration["models"]?.object?.members ?? []).map { model in
            let properties = (model.value["properties"]?.object?.members ?? []).map {
                "\($0.name) \(plain($0.value["type"])) \($0.value["required"] == true) \(plain($0.value["allowableValues"]))"
            }
            return
                "\(model.name) \(plain(model.value["id"])) \(plain(model.value["subTypes"])) \(plain(model.value["discriminator"])) \(properties)"
        }
    }

    /// Some numbers of the reference are written as strings.
    private func plain(_ value: JSONValue?) -> String {
        value.map { $0.string ?? String(decoding: $0.encodedJSON(), as: UTF8.self) } ?? "-"
    }
}
