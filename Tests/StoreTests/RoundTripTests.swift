import Testing

@testable import Store

@Suite("Configurations survive every representation")
struct RoundTripTests {
    @Test("A random configuration exported as YAML and applied to any other gives the same again", arguments: 0..<300)
    func yaml(seed: Int) throws {
        var random = RandomConfiguration(seed: UInt64(seed))
        let (configuration, other) = (random.make(), random.make())
        let text = ConfigurationFile.export(configuration)
        let file = try ConfigurationFile.load(text)
        #expect(try file.merged(onto: other) == configuration)
        #expect(ConfigurationFile.export(try file.merged(onto: Configuration())) == text)
    }

    @Test("A random configuration stored over another is read back the same", arguments: 0..<40)
    func database(seed: Int) throws {
        let folder = try TemporaryFolder()
        let store = try Store(folder: folder.path)
        var random = RandomConfiguration(seed: UInt64(seed))
        try store.replace(with: random.make())
        let configuration = random.make()
        try store.replace(with: configuration)
        #expect(try store.configuration() == configuration)
        try store.close()
        let again = try Store(folder: folder.path)
        #expect(try again.configuration() == configuration)
        #expect(try again.replace(with: configuration).isEmpty)
    }

    @Test("A configuration without problems stays without problems", arguments: 0..<50)
    func validity(seed: Int) {
        var random = RandomConfiguration(seed: UInt64(seed))
        #expect(random.make().problems().filter { $0.severity == .error } == [])
    }

    @Test(
        "Texts that YAML could take for something else stay texts",
        arguments: [
            "", " ", "yes", "No", "~", "null", "201", "0201", "1_000", "0x1F", "1e3", ".5", "-1", "2026-11-22", "12:30:45", "a: b",
            "a #b", "- a", "? a", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "'a'", "\"a\"", "\\", "a\tb", "[a]", "{a}", "a,b",
            "\u{85}", "\u{2028}", "🎵", "é", "=", "<<", "---", "...", "10-20", "a-b", "/a b/c", "\u{FFFD}",
        ])
    func scalars(text: String) throws {
        let node = DocumentNode(.map([DocumentNode.Entry(text.isEmpty ? "k" : text, DocumentNode(.list([DocumentNode(.text(text))])))]))
        let read = try YAMLReader.document(YAMLWriter.block(node), fileName: nil)
        guard case .map(let entries) = read.value else {
            Issue.record("no mapping")
            return
        }
        #expect(entries.first?.key == (text.isEmpty ? "k" : text))
        #expect(entries.first?.value.texts == [text])
    }

    @Test(
        "Texts of several lines keep each line end and blank",
        arguments: [
            "a\nb", "a\nb\n", "a\n\n\n", "a\n b\n", " a\nb\n", "\na\n", "a\n\tb\n", "\n", "\n\n", "a \nb", "a\n ", "a\n  \nb\n",
            "#a\n- b\n",
        ])
    func blocks(text: String) throws {
        var configuration = Configuration()
        configuration.dialplan = [.init(name: "a.conf", text: text)]
        let yaml = ConfigurationFile.export(configuration)
        #expect(try ConfigurationFile.load(yaml).merged(onto: Configuration()).dialplan.first?.text == text)
    }

    @Test("An export is short: each section, and what differs from the default")
    func exportOfDefaults() {
        let text = ConfigurationFile.export(.secureDefault)
        #expect(text.contains("\nsip: {}\n"))
        #expect(text.contains("\nextensions: []\n"))
        #expect(!text.contains("5060"))
    }
}
