internal import GRDB

/// How a list of mappings is kept: one row per item, and one table for each list inside the items.
struct ListTable: Sendable {
    /// A key of the items and its column.
    struct Column: Sendable {
        let path: String
        let name: String
        /// The migration that made the column.
        let version: Int

        init(_ path: String, _ name: String? = nil, since version: Int = 1) {
            self.version = version
            self.path = path
            self.name = name ?? path
        }
    }

    /// A list inside the items: one row per value, which names the item that it belongs to.
    struct Values: Sendable {
        let path: String
        let table: String
        let owner: String
        let column: String
        /// The migration that made the table.
        var version = 1
    }

    /// The list's path in the document.
    let path: String
    let table: String
    let columns: [Column]
    /// The column that names an item in tables of `values`.
    var key = ""
    var values: [Values] = []
    /// A key with a list of texts that is kept as lines in the column of the same name.
    var lines: String?
    /// The migration that made the table.
    var version = 1

    static let all: [ListTable] = [
        ListTable(path: "sip.listeners", table: "sip_listeners", columns: [Column("transport"), Column("host"), Column("port")]),
        ListTable(
            path: "ari.users", table: "ari_users",
            columns: [
                Column("name"), Column("password"), Column("readOnly", "read_only"), Column("enabled"), Column("description"),
                Column("weakPassword", "weak_password", since: 3),
            ],
            key: "name",
            values: [
                Values(path: "applications", table: "ari_user_applications", owner: "user", column: "application"),
                Values(path: "allowedNetworks", table: "ari_user_networks", owner: "user", column: "network", version: 3),
            ]),
        ListTable(
            path: "extensions", table: "extensions",
            columns: [
                Column("number"), Column("secret"), Column("context"), Column("messageContext", "message_context"),
                Column("callerID.name", "caller_id_name"), Column("callerID.number", "caller_id_number"), Column("dtmf"),
                Column("maxContacts", "max_contacts"), Column("removeExisting", "remove_existing"),
                Column("qualifySeconds", "qualify_seconds"), Column("busyLimit", "busy_limit"), Column("language"),
                Column("accountCode", "account_code"), Column("mailbox"), Column("ringSeconds", "ring_seconds", since: 5),
                Column("forwarding.always", "forward_always", since: 5), Column("forwarding.busy", "forward_busy", since: 5),
                Column("forwarding.unanswered", "forward_unanswered", since: 5),
                Column("forwarding.unavailable", "forward_unavailable", since: 5),
                Column("outside.maxCalls", "outside_max_calls", since: 5), Column("outside.maxMinutes", "outside_max_minutes", since: 5),
                Column("authenticate", since: 8), Column("mediaEncryption", "media_encryption", since: 9),
            ],
            key: "number",
            values: [
                Values(path: "codecs", table: "extension_codecs", owner: "extension", column: "codec"),
                Values(path: "transports", table: "extension_transports", owner: "extension", column: "transport", version: 5),
            ]),
        ListTable(
            path: "providers", table: "providers",
            columns: [
                Column("name"), Column("enabled"), Column("registration"), Column("host"), Column("port"), Column("transport"),
                Column("proxy"), Column("user"), Column("authUser", "auth_user"), Column("secret"), Column("fromUser", "from_user"),
                Column("fromDomain", "from_domain"), Column("callerID.name", "caller_id_name"),
                Column("callerID.number", "caller_id_number"), Column("assertIdentity", "assert_identity"),
                Column("trustIdentity", "trust_identity"), Column("context"), Column("dtmf"), Column("expirySeconds", "expiry_seconds"),
                Column("qualifySeconds", "qualify_seconds"), Column("maxCalls", "max_calls"), Column("number", since: 8),
            ],
            key: "name",
            values: [
                Values(path: "allowedNetworks", table: "provider_networks", owner: "provider", column: "network"),
                Values(path: "codecs", table: "provider_codecs", owner: "provider", column: "codec"),
            ],
            version: 5),
        ListTable(
            path: "incomingRoutes", table: "incoming_routes",
            columns: [
                Column("name"), Column("enabled"), Column("provider"), Column("number"), Column("destination"), Column("application"),
                Column("seconds"), Column("fallback"), Column("fallbackApplication", "fallback_application"),
            ],
            version: 5),
        ListTable(
            path: "outgoingRoutes", table: "outgoing_routes",
            columns: [
                Column("name"), Column("enabled"), Column("pattern"), Column("strip"), Column("prepend"), Column("seconds"),
            ],
            key: "name",
            values: [
                Values(path: "providers", table: "outgoing_route_providers", owner: "route", column: "provider"),
                Values(path: "extensions", table: "outgoing_route_extensions", owner: "route", column: "extension"),
            ],
            version: 5),
        ListTable(path: "dialplan", table: "dialplan_files", columns: [Column("name"), Column("text")]),
        ListTable(
            path: "dialplanApplications", table: "dialplan_applications", columns: [Column("extension"), Column("name")],
            lines: "steps"),
        ListTable(
            path: "webSocketClients", table: "websocket_clients",
            columns: [
                Column("name"), Column("uri"), Column("user"), Column("password"), Column("authorities"),
                Column("verifyCertificate", "verify_certificate"), Column("connectTimeoutMs", "connect_timeout_ms"),
                Column("reconnectMs", "reconnect_ms"),
            ],
            key: "name",
            values: [Values(path: "subprotocols", table: "websocket_client_subprotocols", owner: "client", column: "subprotocol")],
            version: 2),
        ListTable(
            path: "ami.managers", table: "ami_managers",
            columns: [Column("name"), Column("secret"), Column("enabled"), Column("description")],
            key: "name",
            values: [
                Values(path: "read", table: "ami_manager_read", owner: "manager", column: "class"),
                Values(path: "write", table: "ami_manager_write", owner: "manager", column: "class"),
                Values(path: "eventFilters", table: "ami_manager_filters", owner: "manager", column: "filter"),
                Values(path: "allowedNetworks", table: "ami_manager_networks", owner: "manager", column: "network"),
            ],
            version: 8),
        ListTable(
            path: "ari.outbound", table: "ari_outbound",
            columns: [
                Column("name"), Column("client"), Column("perCall", "per_call"), Column("subscribeAll", "subscribe_all"), Column("user"),
            ],
            key: "name",
            values: [Values(path: "applications", table: "ari_outbound_applications", owner: "connection", column: "application")],
            version: 2),
    ]

    // MARK: Reading

    func read(from db: Database) throws -> DocumentNode {
        var inner: [String: [String: [DocumentNode]]] = [:]
        for list in values { inner[list.path] = try readValues(list, from: db) }
        let rows = try Row.fetchAll(db, sql: "SELECT * FROM \(table) ORDER BY position IS NULL, position, rowid")
        return DocumentNode(.list(rows.map { item(from: $0, values: inner) }))
    }

    private func readValues(_ list: Values, from db: Database) throws -> [String: [DocumentNode]] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT \(list.owner), \(list.column) FROM \(list.table) ORDER BY position IS NULL, position, rowid")
        return Dictionary(grouping: rows) { $0[list.owner] as String? ?? "" }
            .mapValues { $0.map { DocumentNode(database: $0[list.column]) } }
    }

    private func item(from row: Row, values inner: [String: [String: [DocumentNode]]]) -> DocumentNode {
        var tree = DocumentTree()
        for column in columns { tree.insert(DocumentNode(database: row[column.name]), at: column.path) }
        let owner = key.isEmpty ? "" : row[key] as String? ?? ""
        for list in values {
            if let items = inner[list.path]?[owner] { tree.insert(DocumentNode(.list(items)), at: list.path) }
        }
        if let lines {
            let texts = (row[lines] as String? ?? "").split(separator: "\n").map { DocumentNode(.text(String($0))) }
            tree.insert(DocumentNode(.list(texts)), at: lines)
        }
        return tree.node
    }

    // MARK: Writing

    /// Puts the items of a list in place of the stored ones.
    ///
    /// - Parameter version: the last migration that has been carried out.
    func write(_ list: DocumentNode?, to db: Database, version: Int) throws {
        let values = values.filter { $0.version <= version }
        let columns = columns.filter { $0.version <= version }
        for inner in values { try db.execute(sql: "DELETE FROM \(inner.table)") }
        try db.execute(sql: "DELETE FROM \(table)")
        guard case .list(let items) = list?.value else { return }
        let names = ["position"] + columns.map(\.name) + (lines.map { [$0] } ?? [])
        let marks = names.map { _ in "?" }.joined(separator: ", ")
        let insert = try db.makeStatement(sql: "INSERT INTO \(table) (\(names.joined(separator: ", "))) VALUES (\(marks))")
        let inserts = try values.map {
            try db.makeStatement(sql: "INSERT INTO \($0.table) (\($0.owner), position, \($0.column)) VALUES (?, ?, ?)")
        }
        for (position, item) in items.enumerated() {
            let columns = columns.map { item.at(path: $0.path)?.databaseValue ?? .null }
            let text = lines.map { [(item[$0]?.texts ?? []).joined(separator: "\n").databaseValue] } ?? []
            try insert.execute(arguments: StatementArguments([(position + 1).databaseValue] + columns + text))
            for (list, statement) in zip(values, inserts) {
                for (position, value) in (item.at(path: list.path)?.texts ?? []).enumerated() {
                    try statement.execute(arguments: [item[key]?.scalarText ?? "", position + 1, value])
                }
            }
        }
    }
}
