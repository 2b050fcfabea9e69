import Foundation
import Testing

@testable import Store

@Suite("Files replace the sections they have")
struct ConfigurationFileTests {
    @Test("A section that is absent stays, one that is present is replaced as a whole")
    func partial() throws {
        var stored = Configuration.quickstart { "0123456789abcdef" }
        stored.http.httpPort = 9000
        stored.http.httpsPort = 9001
        let file = try ConfigurationFile.load("http:\n  httpPort: 8000\n")
        let merged = try file.merged(onto: stored)
        #expect(merged.http.httpPort == 8000)
        #expect(merged.http.httpsPort == Configuration().http.httpsPort)
        stored.http = merged.http
        #expect(merged == stored)
        #expect(file.sections == ["http"])
    }

    @Test("A dialplan file beside the YAML is read when it is applied, and exported as text")
    func dialplanFile() throws {
        let folder = try TemporaryFolder()
        try folder.write("[phones]\r\nexten => 1,1,Hangup\r\n", to: "extensions.conf")
        try folder.write("dialplan:\n  - file: extensions.conf\n  - {name: other.conf, file: ./extensions.conf}\n", to: "a.yaml")
        let configuration = try ConfigurationFile.load(contentsOf: "\(folder.path)/a.yaml").merged(onto: Configuration())
        #expect(configuration.dialplan.map(\.name) == ["extensions.conf", "other.conf"])
        #expect(configuration.dialplan.first?.text == "[phones]\nexten => 1,1,Hangup\n")
        let export = ConfigurationFile.export(configuration)
        #expect(export.contains("  - name: extensions.conf\n    text: |\n      [phones]\n      exten => 1,1,Hangup\n"))
    }

    @Test(
        "A file that cannot be read is told with its path",
        arguments: ["", "nosuch.yaml"])
    func unreadable(name: String) throws {
        let folder = try TemporaryFolder()
        let path = name.isEmpty ? folder.path : "\(folder.path)/\(name)"
        let errors = #expect(throws: ConfigurationErrors.self) { try ConfigurationFile.load(contentsOf: path) }
        #expect(errors?.description.contains(path) == true)
    }

    @Test("Values may be written in all the usual ways")
    func spellings() throws {
        let yaml = """
            http: {httpEnabled: true, httpsEnabled: Off, host: "[::1]"}
            extensions:
              - number: 0201
                secret: 'it''s: #1 and long'
                callerID: {name: "Bob \\u00e9"}
            sounds: [/a, "b c"]
            """
        let configuration = try ConfigurationFile.load(yaml).merged(onto: Configuration())
        #expect(configuration.http.httpEnabled && !configuration.http.httpsEnabled)
        #expect(configuration.http.host == "::1")
        #expect(configuration.extensions.first?.number == "0201")
        #expect(configuration.extensions.first?.secret == "it's: #1 and long")
        #expect(configuration.extensions.first?.callerID.name == "Bob é")
        #expect(configuration.sounds == ["/a", "b c"])
    }

    @Test("The examples can be applied", arguments: ["hello-world.yaml", "conformance.yaml"])
    func examples(name: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(String(contentsOfFile: "\(packageFolder)/examples/\(name)", encoding: .utf8), to: "a.yaml")
        // One example takes its dialplan from a file that is not part of this package.
        try folder.write("[phones]\n", to: "extensions.conf")
        let configuration = try ConfigurationFile.load(contentsOf: "\(folder.path)/a.yaml").merged(onto: .secureDefault)
        #expect(configuration.ari.enabled && !configuration.extensions.isEmpty)
    }
}

@Suite("The document about configuration")
struct ConfigurationDocumentTests {
    /// Rows of tables: path, type, default.
    private static func rows() throws -> [String: [String]] {
        let text = try String(contentsOfFile: "\(packageFolder)/docs/configuration.md", encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
            row.split(separator: "|").map(\.trimmed)
        }
        return Dictionary(rows.map { ($0[0].replacing("`", with: ""), Array($0.dropFirst())) }, uniquingKeysWith: { first, _ in first })
    }

    private static let leaves = Configuration.fields.flatMap(\.leaves)

    @Test("It has each key that the parser knows, with its default")
    func keysAndDefaults() throws {
        let rows = try Self.rows()
        for leaf in Self.leaves {
            let row = try #require(rows[leaf.path], "\(leaf.path) is missing in docs/configuration.md")
            guard let standard = leaf.standard, row.count > 1 else { continue }
            #expect(row[1] == "`\(standard)`", "default of \(leaf.path)")
        }
    }

    @Test("It has no key that the parser does not know")
    func noOthers() throws {
        let known = Set(Self.leaves.map(\.path))
        #expect(try Self.rows().keys.filter { !known.contains($0) } == [])
    }

    @Test("Its examples can be applied")
    func examples() throws {
        let text = try String(contentsOfFile: "\(packageFolder)/docs/configuration.md", encoding: .utf8)
        let blocks = text.components(separatedBy: "```yaml\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
        #expect(blocks.count >= 10)
        for block in blocks where !block.contains("file:") {
            #expect(throws: Never.self, "\(block)") { try ConfigurationFile.load(block) }
        }
    }
}
