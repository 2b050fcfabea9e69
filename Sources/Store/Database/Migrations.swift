internal import GRDB

/// The steps that lead from an empty database to the present tables. Steps that were released never change.
enum Migrations {
    /// Tables whose changes count as a change of the configuration, by the step that made them.
    private static let firstTables = [
        "settings", "setting_values", "sip_listeners", "ari_users", "ari_user_applications", "music_classes", "extensions",
        "extension_codecs", "dialplan_files", "dialplan_applications",
    ]

    private static let outboundTables = [
        "websocket_clients", "websocket_client_subprotocols", "ari_outbound", "ari_outbound_applications",
    ]

    private static let routingTables = [
        "extension_transports", "providers", "provider_networks", "provider_codecs", "incoming_routes", "outgoing_routes",
        "outgoing_route_providers", "outgoing_route_extensions",
    ]

    private static let managerTables = [
        "ami_managers", "ami_manager_read", "ami_manager_write", "ami_manager_filters", "ami_manager_networks",
    ]

    static func migrator() -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 first tables") { db in
            try db.execute(sql: tables)
            try watch(firstTables, in: db)
            // Lists are stored in full, so that an empty list can be told from one with its default.
            try ConfigurationTables.write(Configuration.secureDefault, sections: nil, to: db, version: 1)
        }
        migrator.registerMigration("2 connections to programs") { db in
            try db.execute(sql: tablesOfOutbound)
            try watch(outboundTables, in: db)
        }
        migrator.registerMigration("3 hashed passwords") { db in
            try db.execute(sql: tablesOfAccess)
            try watch(["ari_user_networks"], in: db)
            try ConfigurationTables.write(Configuration.secureDefault, sections: ["security"], to: db, version: 3)
            try hashPasswords(in: db)
        }
        migrator.registerMigration("4 administrators") { db in
            try db.execute(
                sql: "CREATE TABLE admin_tokens (name TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, created INTEGER NOT NULL) STRICT")
        }
        migrator.registerMigration("5 providers and routes") { db in
            try db.execute(sql: tablesOfRouting)
            try watch(routingTables, in: db)
        }
        migrator.registerMigration("6 codecs and use of ARI users") { db in
            for (index, codec) in Configuration.SIP().codecs.enumerated() {
                try db.execute(
                    sql: "INSERT OR IGNORE INTO setting_values VALUES ('sip.codecs', ?, ?)", arguments: [index + 1, codec.rawValue])
            }
            try db.execute(
                sql: """
                    CREATE TABLE ari_user_uses (
                        user TEXT PRIMARY KEY, created INTEGER NOT NULL, last_used INTEGER, last_address TEXT NOT NULL DEFAULT '') STRICT
                    """)
        }
        migrator.registerMigration("7 busy with one call") { db in
            // A default can't be changed; what is stored stays as it is.
            try db.execute(
                sql: """
                    ALTER TABLE extensions RENAME COLUMN busy_limit TO former_busy_limit;
                    ALTER TABLE extensions ADD COLUMN busy_limit INTEGER NOT NULL DEFAULT 1;
                    UPDATE extensions SET busy_limit = former_busy_limit;
                    ALTER TABLE extensions DROP COLUMN former_busy_limit;
                    """)
        }
        migrator.registerMigration("8 managers") { db in
            try db.execute(sql: tablesOfManagers)
            try watch(managerTables, in: db)
        }
        migrator.registerMigration("9 media encryption") { db in
            try db.execute(sql: "ALTER TABLE extensions ADD COLUMN media_encryption TEXT NOT NULL DEFAULT 'automatic'")
        }
        return migrator
    }

    /// Lets each change of tables count, so that a running server notices it, one made by hand with sqlite3 too.
    private static func watch(_ tables: [String], in db: Database) throws {
        for table in tables {
            for event in ["INSERT", "UPDATE", "DELETE"] {
                try db.execute(
                    sql: """
                        CREATE TRIGGER \(table)_after_\(event.lowercased()) AFTER \(event) ON \(table)
                        BEGIN UPDATE revision SET number = number + 1; END
                        """)
            }
        }
    }

    /// Puts hashes in place of the passwords that were kept as they are.
    private static func hashPasswords(in db: Database) throws {
        for row in try Row.fetchAll(db, sql: "SELECT name, password FROM ari_users") {
            let (name, password) = (row["name"] as String? ?? "", row["password"] as String? ?? "")
            guard PasswordHash(password) == nil else { continue }
            try db.execute(
                sql: "UPDATE ari_users SET password = ?, weak_password = ? WHERE name = ?",
                arguments: [try PasswordHash(of: password).description, WeakPassword.matches(password, name: name), name])
        }
    }

    private static let tablesOfAccess = """
        ALTER TABLE ari_users ADD COLUMN weak_password INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE ari_user_networks (
            user TEXT NOT NULL REFERENCES ari_users(name) ON DELETE CASCADE ON UPDATE CASCADE,
            position INTEGER, network TEXT NOT NULL) STRICT;
        """

    private static let tablesOfRouting = """
        ALTER TABLE extensions ADD COLUMN ring_seconds INTEGER NOT NULL DEFAULT 30;
        ALTER TABLE extensions ADD COLUMN forward_always TEXT NOT NULL DEFAULT '';
        ALTER TABLE extensions ADD COLUMN forward_busy TEXT NOT NULL DEFAULT '';
        ALTER TABLE extensions ADD COLUMN forward_unanswered TEXT NOT NULL DEFAULT '';
        ALTER TABLE extensions ADD COLUMN forward_unavailable TEXT NOT NULL DEFAULT '';
        ALTER TABLE extensions ADD COLUMN outside_max_calls INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE extensions ADD COLUMN outside_max_minutes INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE extension_transports (
            extension TEXT NOT NULL REFERENCES extensions(number) ON DELETE CASCADE ON UPDATE CASCADE,
            position INTEGER, transport TEXT NOT NULL) STRICT;
        CREATE TABLE providers (
            position INTEGER, name TEXT PRIMARY KEY, enabled INTEGER NOT NULL DEFAULT 1,
            registration TEXT NOT NULL DEFAULT 'outbound', host TEXT NOT NULL DEFAULT '', port INTEGER NOT NULL DEFAULT 0,
            transport TEXT NOT NULL DEFAULT 'udp', proxy TEXT NOT NULL DEFAULT '', user TEXT NOT NULL DEFAULT '',
            auth_user TEXT NOT NULL DEFAULT '', secret TEXT NOT NULL DEFAULT '', from_user TEXT NOT NULL DEFAULT '',
            from_domain TEXT NOT NULL DEFAULT '', caller_id_name TEXT NOT NULL DEFAULT '',
            caller_id_number TEXT NOT NULL DEFAULT '', assert_identity INTEGER NOT NULL DEFAULT 0,
            trust_identity INTEGER NOT NULL DEFAULT 0, context TEXT NOT NULL DEFAULT '', dtmf TEXT NOT NULL DEFAULT 'rfc4733',
            expiry_seconds INTEGER NOT NULL DEFAULT 600, qualify_seconds INTEGER NOT NULL DEFAULT 60,
            max_calls INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE TABLE provider_networks (
            provider TEXT NOT NULL REFERENCES providers(name) ON DELETE CASCADE ON UPDATE CASCADE,
            position INTEGER, network TEXT NOT NULL) STRICT;
        CREATE TABLE provider_codecs (
            provider TEXT NOT NULL REFERENCES providers(name) ON DELETE CASCADE ON UPDATE CASCADE,
            position INTEGER, codec TEXT NOT NULL) STRICT;
        CREATE TABLE incoming_routes (
            position INTEGER, name TEXT PRIMARY KEY, enabled INTEGER NOT NULL DEFAULT 1, provider TEXT NOT NULL DEFAULT '',
            number TEXT NOT NULL DEFAULT '', destination TEXT NOT NULL DEFAULT '', application TEXT NOT NULL DEFAULT '',
            seconds INTEGER NOT NULL DEFAULT 30, fallback TEXT NOT NULL DEFAULT '',
            fallback_application TEXT NOT NULL DEFAULT '') STRICT;
        CREATE TABLE outgoing_routes (
            position INTEGER, name TEXT PRIMARY KEY, enabled INTEGER NOT NULL DEFAULT 1, pattern TEXT NOT NULL,
            strip INTEGER NOT NULL DEFAULT 0, prepend TEXT NOT NULL DEFAULT '', seconds INTEGER NOT NULL DEFAULT 60) STRICT;
        CREATE TABLE outgoing_route_providers (
            route TEXT NOT NULL REFERENCES outgoing_routes(name) ON DELETE CASCADE ON UPDATE CASCADE,
            position INTEGER, provider TEXT NOT NULL) STRICT;
        CREATE TABLE outgoing_route_extensions (
            route TEXT NOT NULL REFERENCES outgoing_routes(name) ON DELETE CASCADE ON UPDATE CASCADE,
            position INTEGER, extension TEXT NOT NULL) STRICT;
        CREATE INDEX extension_transports_extension ON extension_transports(extension);
        """

    private static let tablesOfManagers = """
        ALTER TABLE extensions ADD COLUMN authenticate INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE providers ADD COLUMN number TEXT NOT NULL DEFAULT '';
        CREATE TABLE ami_managers (
            position INTEGER, name TEXT PRIMARY KEY, secret TEXT NOT NULL, enabled INTEGER NOT NULL DEFAULT 1,
            description TEXT NOT NULL DEFAULT '') STRICT;
        CREATE TABLE ami_manager_read (
            manager TEXT NOT NULL REFERENCES ami_managers(name) ON DELETE CASCADE ON UPDATE CASCADE,
            position INTEGER, class TEXT NOT NULL) STRICT;
        CREATE TABLE ami_manager_write (
            manager TEXT NOT NULL REFERENCES ami_managers(name) ON DELETE CASCADE ON UPDATE CASCADE,
            position INTEGER, class TEXT NOT NULL) STRICT;
        CREATE TABLE ami_manager_filters (
            manager TEXT NOT NULL REFERENCES ami_managers(name) ON DELETE CASCADE ON UPDATE CASCADE,
            position INTEGER, filter TEXT NOT NULL) STRICT;
        CREATE TABLE ami_manager_networks (
            manager TEXT NOT NULL REFERENCES ami_managers(name) ON DELETE CASCADE ON UPDATE CASCADE,
            position INTEGER, network TEXT NOT NULL) STRICT;
        """

    private static let tablesOfOutbound = """
        CREATE TABLE websocket_clients (
            position INTEGER, name TEXT PRIMARY KEY, uri TEXT NOT NULL, user TEXT NOT NULL DEFAULT '',
            password TEXT NOT NULL DEFAULT '', authorities TEXT NOT NULL DEFAULT '', verify_certificate INTEGER NOT NULL DEFAULT 1,
            connect_timeout_ms INTEGER NOT NULL DEFAULT 500, reconnect_ms INTEGER NOT NULL DEFAULT 500) STRICT;
        CREATE TABLE websocket_client_subprotocols (
            client TEXT NOT NULL REFERENCES websocket_clients(name) ON DELETE CASCADE ON UPDATE CASCADE,
            position INTEGER, subprotocol TEXT NOT NULL) STRICT;
        CREATE TABLE ari_outbound (
            position INTEGER, name TEXT PRIMARY KEY, client TEXT NOT NULL, per_call INTEGER NOT NULL DEFAULT 0,
            subscribe_all INTEGER NOT NULL DEFAULT 0, user TEXT NOT NULL) STRICT;
        CREATE TABLE ari_outbound_applications (
            connection TEXT NOT NULL REFERENCES ari_outbound(name) ON DELETE CASCADE ON UPDATE CASCADE,
            position INTEGER, application TEXT NOT NULL) STRICT;
        """

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
