internal import GRDB

/// The steps that lead from an empty database to the present tables. Steps that were released never change.
enum Migrations {
    /// Tables whose changes count as a change of the configuration.
    static let configurationTables = [
        "settings", "setting_values", "sip_listeners", "ari_users", "ari_user_applications", "music_classes", "extensions",
        "extension_codecs", "dialplan_files", "dialplan_applications",
    ]

    static func migrator() -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 first tables") { db in
            try db.execute(sql: tables)
            for table in configurationTables {
                for event in ["INSERT", "UPDATE", "DELETE"] {
                    // So that a running server notices each change, one made by hand with sqlite3 too.
                    try db.execute(
                        sql: """
                            CREATE TRIGGER \(table)_after_\(event.lowercased()) AFTER \(event) ON \(table)
                            BEGIN UPDATE revision SET number = number + 1; END
                            """)
                }
            }
            // Lists are stored in full, so that an empty list can be told from one with its default.
            try ConfigurationTables.write(Configuration.secureDefault, sections: nil, to: db)
        }
        return migrator
    }

    private static let tables = """
        -- One row for each single setting that differs from its default, e.g. http.httpPort.
        CREATE TABLE settings (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT;
        -- One row for each value of a setting that has several, e.g. sounds.
        CREATE TABLE setting_values (
            name TEXT NOT NULL, position INTEGER NOT NULL, value ANY NOT NULL, PRIMARY KEY (name, position)) STRICT;
        CREATE TABLE sip_listeners (
            position INTEGER, transport TEXT NOT NULL DEFAULT 'udp', host TEXT NOT NULL DEFAULT '0.0.0.0',
            port INTEGER NOT NULL DEFAULT 5060) STRICT;
        CREATE TABLE ari_users (
            position INTEGER, name TEXT PRIMARY KEY, password TEXT NOT NULL, read_only INTEGER NOT NULL DEFAULT 0,
            enabled INTEGER NOT NULL DEFAULT 1, description TEXT NOT NULL DEFAULT '') STRICT;
        CREATE TABLE ari_user_applications (
            user TEXT NOT NULL REFERENCES ari_users(name) ON DELETE CASCADE ON UPDATE CASCADE,
            position INTEGER, application TEXT NOT NULL) STRICT;
        CREATE TABLE music_classes (name TEXT PRIMARY KEY, folder TEXT NOT NULL) STRICT;
        CREATE TABLE extensions (
            position INTEGER, number TEXT PRIMARY KEY, secret TEXT NOT NULL, context TEXT NOT NULL DEFAULT 'internal',
            message_context TEXT NOT NULL DEFAULT '', caller_id_name TEXT NOT NULL DEFAULT '',
            caller_id_number TEXT NOT NULL DEFAULT '', dtmf TEXT NOT NULL DEFAULT 'rfc4733',
            max_contacts INTEGER NOT NULL DEFAULT 5, remove_existing INTEGER NOT NULL DEFAULT 1,
            qualify_seconds INTEGER NOT NULL DEFAULT 60, busy_limit INTEGER NOT NULL DEFAULT 0,
            language TEXT NOT NULL DEFAULT '', account_code TEXT NOT NULL DEFAULT '',
            mailbox TEXT NOT NULL DEFAULT '') STRICT;
        CREATE TABLE extension_codecs (
            extension TEXT NOT NULL REFERENCES extensions(number) ON DELETE CASCADE ON UPDATE CASCADE,
            position INTEGER, codec TEXT NOT NULL) STRICT;
        CREATE TABLE dialplan_files (position INTEGER, name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
        CREATE TABLE dialplan_applications (
            position INTEGER, extension TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', steps TEXT NOT NULL) STRICT;
        CREATE INDEX extension_codecs_extension ON extension_codecs(extension);
        CREATE INDEX ari_user_applications_user ON ari_user_applications(user);

        -- Grows with every change of the configuration.
        CREATE TABLE revision (number INTEGER NOT NULL) STRICT;
        INSERT INTO revision VALUES (0);
        -- What belongs to this installation and is never exported.
        CREATE TABLE installation (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
        -- What dialplan and programs keep: DB(family/key).
        CREATE TABLE key_values (
            family TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (family, key)) STRICT, WITHOUT ROWID;
        """
}
