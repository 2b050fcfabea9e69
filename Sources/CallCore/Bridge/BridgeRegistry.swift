import ARIModel

/// All bridges, by id.
@CallActor
public final class BridgeRegistry {
    private unowned let core: CallCore
    private var byID: [String: Bridge] = [:]
    private var byAge = SerialOrder<Bridge>()
    private var nextSerial: UInt64 = 1

    init(core: CallCore) {
        self.core = core
    }

    /// All bridges, the oldest first.
    public var all: [Bridge] { byAge.elements }

    public subscript(id: String) -> Bridge? { byID[id] }

    /// Makes a bridge for an application; nil when the id is taken.
    ///
    /// - Parameter scope: what its maker may use, which decides to whom it belongs.
    public func make(id: String?, name: String, kind: BridgeKind, for scope: AccessScope = .everything) -> Bridge? {
        make(id: id, name: name, kind: kind, bridgeClass: "stasis", creator: "Stasis", applications: scope.applications ?? [])
    }

    func make(id: String?, name: String, kind: BridgeKind, bridgeClass: String, creator: String, applications: Set<String> = []) -> Bridge?
    {
        let id = id ?? core.randomUUID()
        guard byID[id] == nil else { return nil }
        let bridge = Bridge(
            core: core, id: id, name: name, kind: kind, bridgeClass: bridgeClass, creator: creator, serial: nextSerial)
        nextSerial &+= 1
        bridge.applications = applications
        byID[id] = bridge
        byAge.insert(bridge, serial: bridge.serial)
        core.events.publish(about: bridge) { .bridgeCreated(bridge: bridge.snapshot) }
        return bridge
    }

    func remove(_ bridge: Bridge) {
        guard byID.removeValue(forKey: bridge.id) != nil else { return }
        byAge.remove(serial: bridge.serial)
    }
}
