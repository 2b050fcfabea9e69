import ARIModel
import HTTPTypes
import Store

/// Reading and changing the configuration.
struct SettingsOperations: Sendable {
    let environment: ConsoleEnvironment
    let blocking: Blocking

    /// The sections that have a form, with what of them has a list of its own or is nobody's business.
    static let sections: [(name: String, hidden: [String])] = [
        ("identity", []), ("log", []), ("sip", []), ("rtp", []), ("http", []), ("ari", ["users", "outbound"]), ("ami", ["managers"]),
        ("security", []),
        ("console", []),
        ("history", []), ("audioSocket", []), ("remoteMedia", []),
    ]

    /// The lists by their name in paths.
    static let lists: [(name: String, list: SettingsList, schema: String, word: String)] = [
        ("ari-users", .ariUsers, "ARIUser", "ARI user"), ("ami-managers", .amiManagers, "AMIManager", "manager"),
        ("extensions", .extensions, "Extension", "extension"),
        ("providers", .providers, "Provider", "provider"), ("incoming-routes", .incomingRoutes, "IncomingRoute", "incoming route"),
        ("outgoing-routes", .outgoingRoutes, "OutgoingRoute", "outgoing route"),
        ("dialplan-applications", .dialplanApplications, "DialplanApplication", "dialplan application"),
        ("dialplan-files", .dialplan, "DialplanFile", "dialplan file"),
        ("websocket-clients", .webSocketClients, "WebSocketClient", "WebSocket client"),
        ("outbound-websockets", .outboundWebSockets, "OutboundWebSocket", "outbound WebSocket"),
    ]

    var all: [AdminOperation] {
        (Self.sections.flatMap(operations) + Self.lists.flatMap(operations)).map { operation in
            var operation = operation
            operation.isEdit = operation.method == .post || operation.method == .patch
            return operation
        }
    }

    private func operations(_ section: (name: String, hidden: [String])) -> [AdminOperation] {
        let schema = "Settings_\(section.name)"
        @Sendable func shown(_ value: SettingsValue?) -> JSONValue {
            section.hidden.reduce(value ?? .map([])) { $0.without($1) }.json
        }
        return [
            AdminOperation(.get, "/settings/\(section.name)", "Gives the settings of \(section.name).", answer: schema) { _ in
                .json(shown(try await read(section.name)))
            },
            AdminOperation(
                .patch, "/settings/\(section.name)", "Changes settings of \(section.name); those that are not named stay.", body: schema,
                answer: schema
            ) { call in
                let value = try object(call)
                for key in section.hidden where value[key] != nil {
                    throw AdminError.wrong([.init(path: key, message: "has a list of its own")])
                }
                let edit = SettingsEdit.merge(path: section.name, value)
                if isTrial(call) { return try await trial(edit) }
                var edited = try await self.edit(edit)
                // What is unwise about the items of a list is told with the list.
                edited.warnings.removeAll { warning in section.hidden.contains { warning.path.hasPrefix("\($0)[") } }
                return answer(edited, show: shown)
            },
        ]
    }

    private func operations(_ entry: (name: String, list: SettingsList, schema: String, word: String)) -> [AdminOperation] {
        let (path, list) = ("/\(entry.name)", entry.list)
        let item = "\(path)/{\(list.key)}"
        @Sendable func shown(_ value: SettingsValue?) -> JSONValue { Self.shown(value ?? .null, in: list) }
        return [
            AdminOperation(.get, path, "Lists every \(entry.word).", answer: entry.schema, list: true) { _ in
                .json(.array((try await read(list.rawValue)?.items ?? []).map { shown($0) }))
            },
            AdminOperation(.post, path, "Adds one \(entry.word).", body: entry.schema, answer: entry.schema, status: 201) { call in
                let edit = SettingsEdit.insert(list, try object(call))
                if isTrial(call) { return try await trial(edit) }
                var answer = answer(try await self.edit(edit), show: shown)
                answer.status = 201
                return answer
            },
            AdminOperation(.get, item, "Gives one \(entry.word).", answer: entry.schema) { call in
                let name = call.parameter(list.key)
                guard let found = try await read(list.rawValue)?.items.first(where: { $0[list.key]?.text == name }) else {
                    throw AdminError(SettingsEditError.missing)
                }
                return .json(shown(found))
            },
            AdminOperation(
                .patch, item, "Changes one \(entry.word); values that are not named stay.", body: entry.schema, answer: entry.schema
            ) { call in
                let edit = SettingsEdit.update(list, name: call.parameter(list.key), try object(call))
                return isTrial(call) ? try await trial(edit) : answer(try await self.edit(edit), show: shown)
            },
            AdminOperation(.put, path, "Puts them in an order: \(entry.word)s that are not named come last.", body: "Order", status: 204) {
                call in
                guard let names = call.body?["names"]?.array?.compactMap(\.string) else {
                    throw AdminError.wrong([.init(path: "names", message: "is missing", advice: "List the names in their order.")])
                }
                _ = try await edit(.order(list, names: names))
                return .noContent
            },
            AdminOperation(.delete, item, "Removes one \(entry.word).", status: 204) { call in
                _ = try await edit(.remove(list, name: call.parameter(list.key)))
                return .noContent
            },
        ]
    }

    /// An item as it is shown: of an ARI user's password only a hash is there, and nobody needs that.
    private static func shown(_ value: SettingsValue, in list: SettingsList) -> JSONValue {
        (list == .ariUsers ? value.without("password") : value).json
    }

    private func object(_ call: AdminCall) throws(AdminError) -> SettingsValue {
        guard let body = call.body, body.object != nil else { throw AdminError(400, "The body must be a JSON object.") }
        return SettingsValue(body)
    }

    private func read(_ path: String) async throws -> SettingsValue? {
        try await blocking.run { [store = environment.store] in try store.settings(at: path) }
    }

    private func edit(_ edit: SettingsEdit, isTrial: Bool = false) async throws -> SettingsEdited {
        try await environment.edit(edit, isTrial: isTrial, on: blocking)
    }

    /// Whether the caller only wants to know what is wrong: `?check=yes`.
    private func isTrial(_ call: AdminCall) -> Bool { call.query["check"] == "yes" }

    /// Tells what is wrong with an edit, without doing it.
    private func trial(_ edit: SettingsEdit) async throws -> AdminAnswer {
        do {
            _ = try await self.edit(edit, isTrial: true)
            return .json(["problems": []])
        } catch let error as AdminError where error.status == 422 {
            return .json(["problems": .array(error.problems.map(\.json))])
        }
    }

    /// The value as it is stored now, with what is unwise about it.
    private func answer(_ edited: SettingsEdited, show: (SettingsValue?) -> JSONValue) -> AdminAnswer {
        let warnings = edited.warnings.map { AdminError.Problem(path: $0.path, message: $0.message, advice: $0.advice).json }
        return .json(["value": show(edited.value), "warnings": .array(warnings)])
    }
}
