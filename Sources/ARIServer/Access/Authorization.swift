import ARIModel

/// What somebody who proved to be a user wants to do.
enum Deed {
    /// Any request, from an address.
    case request(method: String, address: String)
    /// An operation, over HTTP or over a WebSocket.
    case operation(ARICall)
    /// To get the events of applications.
    case events([String])
}

extension ARIUser {
    /// Decides whether the user may do something: the one place for HTTP, WebSockets and REST over WebSockets.
    ///
    /// What an operation names is not looked at here: objects beyond the user's applications are absent to it (``ARICall/scope``).
    ///
    /// - Throws: ``ARIError`` 403 with the reason.
    func authorize(_ deed: Deed) throws(ARIError) {
        switch deed {
        case .request(let method, let address):
            if let permitsAddress, !permitsAddress(address) { throw ARIError(403, "Access denied by ACL") }
            if isReadOnly, method != "GET", method != "OPTIONS" { throw ARIError(403, "Write access denied") }
        case .events(let names): try authorize(applications: names)
        case .operation(let call):
            guard let applications else { return }
            if Self.sharedOperations.contains(call.id) {
                throw ARIError(403, "This concerns everybody: only users of all applications may do it")
            }
            let named = call.operation.parameters.filter { ["app", "application", "applicationName"].contains($0.name) }
                .compactMap { $0.place == .path ? call.path($0.name) : call.nonEmpty($0.name) }
            try authorize(applications: named)
            if named.isEmpty, Self.startingOperations.contains(call.id) {
                throw ARIError(403, "This user may start calls only into its applications: give app as one of \(Self.list(applications))")
            }
        }
    }

    private func authorize(applications names: [String]) throws(ARIError) {
        guard let applications, let other = names.first(where: { !mayUse(application: $0) }) else { return }
        throw ARIError(403, "This user may not act for the application \(other), only for \(Self.list(applications))")
    }

    private static func list(_ applications: Set<String>) -> String { applications.sorted().joined(separator: ", ") }

    /// Operations on what all applications share.
    private static let sharedOperations: Set<String> = [
        "asterisk.getObject", "asterisk.updateObject", "asterisk.deleteObject", "asterisk.listModules", "asterisk.getModule",
        "asterisk.loadModule", "asterisk.unloadModule", "asterisk.reloadModule", "asterisk.listLogChannels", "asterisk.addLog",
        "asterisk.deleteLog", "asterisk.rotateLog", "asterisk.getGlobalVar", "asterisk.setGlobalVar", "mailboxes.update",
        "mailboxes.delete", "endpoints.refer", "endpoints.referToEndpoint",
    ]

    /// Operations that make a call, which may go anywhere when no application is named.
    private static let startingOperations: Set<String> = ["channels.originate", "channels.originateWithId", "channels.create"]
}
