internal import Crypto
internal import Foundation
internal import GRDB

/// Who may administer the installation: one administrator with a password, and programs with tokens.
extension Store {
    private static let passwordName = "administratorPassword"
    /// Tokens that may exist.
    public static let tokenLimit = 200

    /// The hash of the administrator's password; nil until it is set.
    public func administratorPassword() throws(StoreError) -> PasswordHash? {
        try perform {
            try self.queue.read { db in
                try String.fetchOne(db, sql: "SELECT value FROM installation WHERE name = ?", arguments: [Self.passwordName])
                    .flatMap(PasswordHash.init)
            }
        }
    }

    public func setAdministratorPassword(_ password: PasswordHash) throws(StoreError) {
        try perform {
            try self.queue.write { db in
                try db.execute(
                    sql: "INSERT OR REPLACE INTO installation VALUES (?, ?)", arguments: [Self.passwordName, password.description])
            }
        }
    }

    /// The tokens of programs, without what proves them.
    public func adminTokens() throws(StoreError) -> [AdminToken] {
        try perform {
            try self.queue.read { db in
                try Row.fetchAll(db, sql: "SELECT name, created FROM admin_tokens ORDER BY name").map {
                    AdminToken(name: $0["name"] ?? "", createdMs: $0["created"] ?? 0)
                }
            }
        }
    }

    /// Adds a token; of the text only a hash is kept.
    /// - Returns: false when the name is taken, or there are too many.
    public func addAdminToken(_ token: AdminToken, text: String) throws(StoreError) -> Bool {
        try perform {
            try self.queue.write { db in
                guard try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM admin_tokens") ?? 0 < Self.tokenLimit else { return false }
                try db.execute(
                    sql: "INSERT OR IGNORE INTO admin_tokens (name, hash, created) VALUES (?, ?, ?)",
                    arguments: [token.name, Self.hash(text), token.createdMs])
                return db.changesCount == 1
            }
        }
    }

    /// - Returns: false when there was none of that name.
    public func removeAdminToken(named name: String) throws(StoreError) -> Bool {
        try perform {
            try self.queue.write { db in
                try db.execute(sql: "DELETE FROM admin_tokens WHERE name = ?", arguments: [name])
                return db.changesCount == 1
            }
        }
    }

    /// The token that a program shows; nil for none of ours.
    public func adminToken(matching text: String) throws(StoreError) -> AdminToken? {
        try perform {
            try self.queue.read { db in
                try Row.fetchOne(db, sql: "SELECT name, created FROM admin_tokens WHERE hash = ?", arguments: [Self.hash(text)]).map {
                    AdminToken(name: $0["name"] ?? "", createdMs: $0["created"] ?? 0)
                }
            }
        }
    }

    // Tokens are made of 192 random bits, so a fast hash without salt is as good as a slow one.
    private static func hash(_ text: String) -> String {
        Data(SHA256.hash(data: Array(text.utf8))).base64EncodedString()
    }
}

/// The right of a program to administer the installation.
public struct AdminToken: Sendable, Equatable {
    public var name: String
    /// When it was made, in epoch milliseconds.
    public var createdMs: Int64

    public init(name: String, createdMs: Int64) {
        self.name = name
        self.createdMs = createdMs
    }
}
