import GRDB
import Testing

@testable import Store

@Suite("Passwords of ARI users")
struct PasswordTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("A hash matches its password only, and reads back as it was written; one by another program of scrypt is understood")
    func hash() throws {
        let hash = try PasswordHash(of: "pässword 1")
        #expect(hash.matches("pässword 1") && !hash.matches("password 1") && !hash.matches(""))
        #expect(PasswordHash(hash.description) == hash)
        #expect(try PasswordHash(of: "pässword 1").description != hash.description, "each has a salt of its own")
        let other = try #require(PasswordHash(PasswordHash.example))
        #expect(other.matches("secret") && !other.matches("Secret"))
    }

    @Test(
        "What is no hash, or would cost too much, is none",
        arguments: [
            "", "secret", "$scrypt$", "$scrypt$ln=14,r=8,p=5$$", "$scrypt$ln=14,r=8$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
            "$scrypt$ln=30,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
            "$scrypt$ln=14,r=800,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg",
            "$scrypt$ln=14,r=8,p=1$!!$MDEyMzQ1Njc4OWFiY2RlZg", "$scrypt$ln=14,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZg$x",
        ])
    func refused(text: String) {
        #expect(PasswordHash(text) == nil)
    }

    @Test("Only a hash is stored, the same for the same password; what was easy to guess is remembered")
    func storing() throws {
        let store = try Store(folder: folder.path)
        var configuration = Configuration.secureDefault
        configuration.ari.users = [.init(name: "a", password: "password"), .init(name: "b", password: "kJ8-sd_02kfMMx9q")]
        try store.replace(with: configuration)
        let stored = try store.configuration()
        let hashes = stored.ari.users.compactMap { PasswordHash($0.password) }
        #expect(hashes.count == 2 && hashes[0].matches("password") && hashes[1].matches("kJ8-sd_02kfMMx9q"))
        #expect(stored.ari.users.map(\.weakPassword) == [true, false])
        #expect(stored.problems().map(\.path) == ["ari.users[0].password"])
        #expect(try store.replace(with: configuration).isEmpty, "the same passwords change nothing")
        configuration.ari.users[1].password = "another-one-0815"
        let changes = try store.replace(with: configuration)
        #expect(changes.map(\.description) == ["ari.users: changed b"])
    }

    @Test("Passwords that an earlier version kept as they are become hashes")
    func migration() throws {
        try Store(folder: folder.path).close()
        let queue = try DatabaseQueue(path: "\(folder.path)/\(Store.fileName)")
        try queue.write { db in
            try db.execute(
                sql: """
                    DROP TABLE ari_user_networks;
                    ALTER TABLE ari_users DROP COLUMN weak_password;
                    DELETE FROM grdb_migrations WHERE identifier LIKE '3 %';
                    INSERT INTO ari_users (name, password) VALUES ('old', 'asterisk');
                    """)
        }
        try queue.close()
        let user = try #require(try Store(folder: folder.path).configuration().ari.users.first)
        #expect(try #require(PasswordHash(user.password)).matches("asterisk") && user.weakPassword)
    }

    @Test("Reserved names and names with other characters are refused", arguments: ["general", "PBXcore", "a@b", "a b", "ä"])
    func names(name: String) {
        var configuration = Configuration.secureDefault
        configuration.ari.users = [.init(name: name, password: PasswordHash.example)]
        #expect(configuration.problems().contains { $0.path == "ari.users[0].name" && $0.severity == .error })
    }
}
