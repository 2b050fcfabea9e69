/// A list of named items in the configuration.
public enum SettingsList: String, Sendable, CaseIterable {
    case ariUsers = "ari.users"
    case outboundWebSockets = "ari.outbound"
    case amiManagers = "ami.managers"
    case webSocketClients
    case extensions
    case providers
    case incomingRoutes
    case outgoingRoutes
    case dialplan
    case dialplanApplications

    /// The key that names an item.
    public var key: String {
        switch self {
        case .extensions: "number"
        case .dialplanApplications: "extension"
        case .ariUsers, .amiManagers, .outboundWebSockets, .webSocketClients, .dialplan, .providers, .incomingRoutes, .outgoingRoutes:
            "name"
        }
    }
}

/// A change of the configuration by an administrator.
public enum SettingsEdit: Sendable {
    /// Puts values over those at a dotted path, such as `ari`; keys that are not named stay.
    case merge(path: String, SettingsValue)
    /// Adds an item; keys that are not named have their default.
    case insert(SettingsList, SettingsValue)
    /// Changes the item of that name; keys that are not named stay.
    case update(SettingsList, name: String, SettingsValue)
    case remove(SettingsList, name: String)
    /// Puts items in an order; those that are not named come last.
    case order(SettingsList, names: [String])
}

/// Why an edit came to nothing.
public enum SettingsEditError: Error, Sendable, Equatable {
    /// There is no item of that name, or nothing at that path.
    case missing
    /// What is wrong with it; paths are those of the value that was given, where they lie in it.
    case invalid([ConfigurationProblem])
    case unavailable(String)
}
