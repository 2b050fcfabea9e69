import Foundation
import GRDB
import Synchronization
import Testing

@testable import Store

@Suite("The database")
struct StoreTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var data: String { "\(folder.path)/data" }

    @Test("Folder and file are made for their owner alone")
    func permissions() throws {
        let store = try Store(folder: data)
        #expect(store.isNew)
        #expect(try folder.mode(of: "data") == 0o700)
        try store.replace(with: .quickstart { "0123456789abcdef" })
        for file in try FileManager.default.contentsOfDirectory(atPath: data) {
            #expect(try folder.mode(of: "data/\(file)") == 0o600, "\(file)")
        }
        try store.close()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(data)/arioso.sqlite")
        #expect(try !Store(folder: data).isNew)
        #expect(try folder.mode(of: "data/arioso.sqlite") == 0o600)
    }

    @Test("A new database has the secure default")
    func newDatabase() throws {
        #expect(try Store(folder: data).configuration() == .secureDefault)
    }

    @Test("Applying a file tells what changed, and changes the revision only then")
    func apply() throws {
        let store = try Store(folder: data)
        let before = try store.revision()
        let file = try ConfigurationFile.load(
            """
            extensions:
              - {number: 201, secret: aaaaaaaaaaaaaaaa}
              - {number: 202, secret: aaaaaaaaaaaaaaaa}
            ari: {users: [{name: a, password: aaaaaaaaaaaaaaaa}]}
            http: {httpPort: 8000}
            """)
        #expect(try store.apply(file).map(\.description) == ["http: changed", "ari.users: added a", "extensions: added 201, 202"])
        let after = try store.revision()
        #expect(after > before)
        #expect(try store.apply(file).isEmpty)
        #expect(try store.revision() == after)
        let second = try ConfigurationFile.load(
            "extensions:\n  - {number: 203, secret: aaaaaaaaaaaaaaaa}\n  - {number: 202, secret: bbbbbbbbbbbbbbbb}\n")
        #expect(try store.apply(second).map(\.description) == ["extensions: added 203, changed 202, removed 201"])
        #expect(try store.configuration().http.httpPort == 8000)
    }

    @Test("A refused file changes nothing")
    func refused() throws {
        let store = try Store(folder: data)
        let file = try ConfigurationFile.load("http: {httpPort: 5060}")
        #expect(throws: ConfigurationErrors.self) { try store.apply(file) }
        let problem = ConfigurationProblem(severity: .error, path: "dialplan", message: "is wrong", advice: "Correct it.")
        let other = try ConfigurationFile.load("http: {httpPort: 5070}")
        #expect(throws: ConfigurationErrors([problem])) { try store.apply(other) { _ in [problem] } }
        #expect(try store.configuration() == .secureDefault)
    }

    @Test("The entity id is made once, kept, and never exported")
    func entityID() throws {
        let store = try Store(folder: data)
        let made = store.entityID(for: .secureDefault)
        #expect(TextRule.entityID.isMet(by: made))
        try store.close()
        let again = try Store(folder: data)
        var configuration = try again.configuration()
        #expect(again.entityID(for: configuration) == made)
        #expect(!ConfigurationFile.export(configuration).contains(made))
        configuration.identity.entityID = "02:00:00:00:00:01"
        #expect(again.entityID(for: configuration) == "02:00:00:00:00:01")
    }

    // MARK: Other processes

    @Test("A watch tells of a change through another connection, once, and not of values kept by programs")
    func watch() throws {
        let store = try Store(folder: data)
        let seen = Mutex<[StoredConfiguration]>([])
        let watch = try store.watch(intervalMs: 3_600_000) { result in
            if case .success(let configuration) = result { seen.withLock { $0.append(configuration) } }
        }
        watch.lookNow()
        let other = try Store(folder: data)
        other.keyValues.set("1", family: "a", key: "b")
        try other.keyValues.flush()
        watch.lookNow()
        #expect(seen.withLock { $0.isEmpty })
        try other.replace(with: Configuration.quickstart { "0123456789abcdef" })
        watch.lookNow()
        watch.lookNow()
        let stored = try other.configuration()
        #expect(seen.withLock { $0 } == [stored])
        watch.cancel()
        try other.replace(with: .secureDefault)
        watch.lookNow()
        #expect(seen.withLock { $0.count } == 1)
    }

    @Test("A watch looks by itself")
    func watchTimer() async throws {
        let store = try Store(folder: data)
        let (changes, continuation) = AsyncStream.makeStream(of: Bool.self)
        let watch = try store.watch(intervalMs: 1) { _ in continuation.yield(true) }
        try Store(folder: data).replace(with: .quickstart { "0123456789abcdef" })
        #expect(await changes.first { _ in true } == true)
        watch.cancel()
    }

    @Test("A row added by hand has the defaults of the rest, and is noticed")
    func handMadeRows() throws {
        let store = try Store(folder: data)
        let revision = try store.revision()
        try edit(
            """
            INSERT INTO extensions (number, secret) VALUES ('203', 'aaaaaaaaaaaaaaaa');
            INSERT INTO ari_users (name, password) VALUES ('a', 'aaaaaaaaaaaaaaaa');
            INSERT INTO dialplan_applications (extension, steps) VALUES ('1000', 'Answer');
            DELETE FROM sip_listeners; INSERT INTO sip_listeners DEFAULT VALUES;
            """)
        let configuration = try store.configuration()
        #expect(configuration.extensions == [.init(number: "203", secret: "aaaaaaaaaaaaaaaa")])
        #expect(configuration.ari.users == [.init(name: "a", password: "aaaaaaaaaaaaaaaa")])
        #expect(configuration.dialplanApplications == [.init(extension: "1000", name: "", steps: ["Answer"])])
        #expect(configuration.sip.listeners == [.init()])
        #expect(try store.revision() > revision)
    }

    @Test("A wrong row is told with its key path, and can be put right by applying that section")
    func wrongRows() throws {
        let store = try Store(folder: data)
        try edit("INSERT INTO extensions (number, secret, dtmf) VALUES ('203', 'aaaaaaaaaaaaaaaa', 'foo')")
        let error = #expect(throws: StoreError.self) { try store.configuration() }
        #expect(error?.description.contains("extensions[0].dtmf is \"foo\"") == true)
        let other = try ConfigurationFile.load("http: {httpPort: 8000}")
        #expect(throws: StoreError.self) { try store.apply(other) }
        try store.apply(try ConfigurationFile.load("extensions: []"))
        #expect(try store.configuration() == .secureDefault)
    }

    private func edit(_ sql: String) throws {
        let queue = try DatabaseQueue(path: "\(data)/arioso.sqlite")
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    // MARK: Failures

    @Test("A file that is no database is told as such")
    func damaged() throws {
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        try folder.write(String(repeating: "no database ", count: 100), to: "data/arioso.sqlite")
        #expect(throws: StoreError.damaged(path: "\(data)/arioso.sqlite")) { try Store(folder: data) }
    }

    @Test("A data folder that is a file is told as such")
    func folderIsFile() throws {
        try folder.write("x", to: "data")
        #expect(throws: StoreError.folder(path: data, reason: "it is a file")) { try Store(folder: data) }
        let error = #expect(throws: StoreError.self) { try Store(folder: "\(data)/below") }
        #expect(error?.description.contains("\(data)/below") == true)
    }

    @Test("A database that another process holds is told as such")
    func locked() throws {
        let store = try Store(folder: data, busyTimeoutMs: 10)
        var settings = GRDB.Configuration()
        settings.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: "\(data)/arioso.sqlite", configuration: settings)
        try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let error = #expect(throws: StoreError.self) { try store.replace(with: .quickstart { "0123456789abcdef" }) }
        #expect(error == .locked(path: "\(data)/arioso.sqlite"))
        try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
        try store.replace(with: .quickstart { "0123456789abcdef" })
    }

    @Test("A database of a later version is refused")
    func newerVersion() throws {
        try Store(folder: data).close()
        try edit("INSERT INTO grdb_migrations VALUES ('999 later')")
        #expect(throws: StoreError.newerVersion(path: "\(data)/arioso.sqlite")) { try Store(folder: data) }
    }

    @Test(
        "Failures of SQLite are told in plain words",
        arguments: [
            (ResultCode.SQLITE_CORRUPT, "damaged"), (.SQLITE_READONLY, "cannot be written"), (.SQLITE_FULL, "disk is full"),
            (.SQLITE_CANTOPEN, "cannot be opened"), (.SQLITE_BUSY, "in use by another process"),
            (.SQLITE_IOERR, "code 10: broken"),
        ])
    func descriptions(code: ResultCode, words: String) {
        let error = StoreError(DatabaseError(resultCode: code, message: "broken"), path: "/a")
        #expect(error.description.contains(words))
        #expect(error.description.contains("/a"))
    }
}
