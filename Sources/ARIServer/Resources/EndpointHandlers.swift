import ARIModel
import CallCore

extension ARIHandlers {
    mutating func addEndpoints(_ core: CallCore) {
        on("endpoints.list") { _ in .ok(core.endpoints.all.map(\.snapshot)) }
        on("endpoints.listByTech") { call in
            let technology = call.path("tech")
            guard core.technologyNames.contains(where: { $0.lowercased() == technology.lowercased() }) else {
                throw ARIError(404, "No Endpoints found - invalid tech \(technology)")
            }
            return .ok(core.endpoints.all(technology: technology).map(\.snapshot))
        }
        on("endpoints.get") { call in
            guard let endpoint = core.endpoints[call.path("tech"), call.path("resource")] else {
                throw ARIError(404, "Endpoint not found")
            }
            return .ok(endpoint.snapshot)
        }
    }
}
