internal import GRDB

/// When an ARI user was made and used last; it belongs to the installation, not to the configuration.
public struct ARIUserUse: Sendable, Equatable {
    /// Milliseconds since the epoch.
    public var createdMs: Int64
    /// To the minute; nil when nobody ever logged in with it.
    public var lastUsedMs: Int64?
    public var lastAddress = ""

    public init(createdMs: Int64) { self.createdMs = createdMs }
}

extension Store {
    /// What is known of all ARI users, by name.
    public func ariUserUses() throws(StoreError) -> [String: ARIUserUse] {
        try perform {
            try self.queue.read { db in
                let rows = try Row.fetchAll(db, sql: "SELECT user, created, last_used, last_address FROM ari_user_uses")
                return Dictionary(
                    rows.map { row in
                        var use = ARIUserUse(createdMs: row["created"])
                        use.lastUsedMs = row["last_used"]
                        use.lastAddress = row["last_address"]
                        return (row["user"] as String, use)
                    }, uniquingKeysWith: { first, _ in first })
            }
        }
    }

    /// Stores what changed; nil forgets a user.
    public func keepARIUserUses(_ changes: [String: ARIUserUse?]) throws(StoreError) {
        try perform {
            try self.queue.write { db in
                for (name, use) in changes {
                    try db.execute(sql: "DELETE FROM ari_user_uses WHERE user = ?", arguments: [name])
                    guard let use else { continue }
                    try db.execute(
                        sql: "INSERT INTO ari_user_uses VALUES (?, ?, ?, ?)",
                        arguments: [name, use.createdMs, use.lastUsedMs, use.lastAddress])
                }
            }
        }
    }
}
