import CallCore
import Console
import SIPServer
import Store

extension SIPServer {
    /// How the lines to providers are, in an administrator's words.
    @CallActor
    func providerReports(_ providers: [Configuration.Provider]) -> [ProviderReport] {
        let states = providerStates
        return providers.filter(\.enabled).map { provider in
            guard let state = states.first(where: { $0.name == provider.name }) else { return phone(provider.name) }
            let calls = state.calls == 0 ? nil : "\(state.calls) call\(state.calls == 1 ? "" : "s")"
            let roundTrip = state.roundTripMicroseconds.map { "answers in \(max(1, $0 / 1_000)) ms" }
            let detail = [calls, roundTrip].compactMap { $0 }.joined(separator: ", ")
            switch state.registration {
            case .refused(let reason):
                return ProviderReport(name: state.name, state: "refused", isGood: false, detail: reason)
            case .failed(let reason):
                return ProviderReport(name: state.name, state: "not registered", isGood: false, detail: reason)
            case .trying:
                return ProviderReport(name: state.name, state: "registering", isGood: false, detail: "")
            case .none, .registered:
                let isThere = state.reachability != .unreachable
                let word = state.registration == .none ? (state.reachability == .reachable ? "reachable" : "not asked") : "registered"
                return ProviderReport(
                    name: state.name, state: isThere ? word : "unreachable", isGood: isThere,
                    detail: isThere ? detail : "does not answer")
            }
        }
    }

    /// A provider that logs in here.
    @CallActor
    private func phone(_ name: String) -> ProviderReport {
        let isThere = isRegistered(name)
        return ProviderReport(name: name, state: isThere ? "registered" : "not registered", isGood: isThere, detail: "")
    }
}
