import Testing

@testable import Store

@Suite("Edits of the configuration")
struct EditingTests {
    private let folder: TemporaryFolder
    private let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(folder: folder.path)
    }

    private func map(_ members: KeyValuePairs<String, SettingsValue>) -> SettingsValue {
        .map(members.map { .init($0.key, $0.value) })
    }

    private func user(_ name: String, _ more: KeyValuePairs<String, SettingsValue> = [:]) -> SettingsValue {
        .map([.init("name", .text(name)), .init("password", .text(PasswordHash.example))] + more.map { .init($0.key, $0.value) })
    }

    @Test("A section is merged: what is not named stays, and what is unwise is told")
    func merge() throws {
        let edited = try store.edit(.merge(path: "ari", map(["enabled": .flag(true), "allowedOrigins": .list([.text("*")])])))
        #expect(edited.value?["enabled"] == .flag(true) && edited.value?["realm"] == .text("Asterisk REST Interface"))
        #expect(edited.warnings.map(\.path) == ["users", "allowedOrigins[0]"])
        #expect(try store.settings(at: "ari.enabled") == .flag(true))
        #expect(throws: SettingsEditError.missing) { try store.edit(.merge(path: "nosuch", map([:]))) }
    }

    @Test("Items are added, changed, put in order and removed; a password that is not named stays")
    func items() throws {
        for name in ["a", "b", "c"] { _ = try store.edit(.insert(.ariUsers, user(name))) }
        let edited = try store.edit(.update(.ariUsers, name: "b", map(["name": .text("bob"), "readOnly": .flag(true)])))
        #expect(edited.value?["password"] == .text(PasswordHash.example) && edited.value?["readOnly"] == .flag(true))
        _ = try store.edit(.order(.ariUsers, names: ["c", "bob"]))
        _ = try store.edit(.remove(.ariUsers, name: "a"))
        #expect(try store.configuration().ari.users.map(\.name) == ["c", "bob"])
        #expect(throws: SettingsEditError.missing) { try store.edit(.remove(.ariUsers, name: "a")) }
    }

    @Test("What is wrong is told with its place in what was given, and nothing changes")
    func wrong() throws {
        _ = try store.edit(.insert(.ariUsers, user("a")))
        _ = try store.edit(.insert(.ariUsers, user("b")))
        func problems(_ edit: SettingsEdit) -> [String] {
            do {
                _ = try store.edit(edit)
                return []
            } catch .invalid(let problems) {
                return problems.map(\.path)
            } catch {
                return ["\(error)"]
            }
        }
        #expect(problems(.insert(.ariUsers, user("x y", ["nosuch": .null]))) == ["name", "nosuch"])
        #expect(problems(.insert(.ariUsers, map(["name": .text("c")]))) == ["password"])
        #expect(problems(.insert(.ariUsers, user("a"))) == ["name"])
        #expect(problems(.update(.ariUsers, name: "a", map(["name": .text("b")]))) == ["name"])
        #expect(problems(.update(.ariUsers, name: "a", map(["allowedNetworks": .list([.text("x")])]))) == ["allowedNetworks[0]"])
        #expect(problems(.merge(path: "http", map(["httpPort": .text("many")]))) == ["httpPort"])
        #expect(try store.configuration().ari.users.map(\.name) == ["a", "b"])
    }
}
