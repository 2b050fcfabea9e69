import CallCore

/// The accounts, by name.
@CallActor
final class EndpointDirectory {
    private let core: CallCore
    private var byName: [String: SIPEndpoint] = [:]

    init(core: CallCore) {
        self.core = core
    }

    subscript(name: String) -> SIPEndpoint? { byName[name] }

    /// All accounts by name.
    var all: [SIPEndpoint] { byName.values.sorted { $0.name < $1.name } }

    /// Takes a new list. Endpoints that stay keep their calls and contacts.
    /// - Returns: the names of those that are gone.
    func apply(_ list: [SIPEndpointSettings]) -> [String] {
        let names = Set(list.map(\.name))
        let gone = byName.keys.filter { !names.contains($0) }.sorted()
        for settings in list {
            let shown = core.endpoints.ensure(
                technology: SIPSettings.technology, resource: settings.name, busyLimit: settings.busyLimit)
            if let known = byName[settings.name] {
                known.settings = settings
            } else {
                byName[settings.name] = SIPEndpoint(settings, shown: shown)
            }
        }
        for name in gone { byName[name] = nil }
        return gone
    }
}
