/// All endpoints, by technology and resource.
@CallActor
public final class EndpointRegistry {
    private unowned let core: CallCore
    private var byID: [String: Endpoint] = [:]

    init(core: CallCore) {
        self.core = core
    }

    /// All endpoints, by technology and resource.
    public var all: [Endpoint] { byID.values.sorted { $0.id < $1.id } }

    public func all(technology: String) -> [Endpoint] {
        all.filter { $0.technology.lowercased() == technology.lowercased() }
    }

    public subscript(technology: String, resource: String) -> Endpoint? {
        byID["\(technology)/\(resource)"]
    }

    public subscript(id: String) -> Endpoint? { byID[id] }

    /// The endpoint, made when it is not there yet, with this limit.
    public func ensure(technology: String, resource: String, busyLimit: Int) -> Endpoint {
        if let present = byID["\(technology)/\(resource)"] {
            present.busyLimit = busyLimit
            return present
        }
        let endpoint = Endpoint(core: core, technology: technology, resource: resource, busyLimit: busyLimit)
        byID[endpoint.id] = endpoint
        return endpoint
    }

    /// Removes an endpoint; calls that run on it go on.
    public func remove(technology: String, resource: String) {
        byID.removeValue(forKey: "\(technology)/\(resource)")?.dissolve()
    }
}
