import CallCore
import NIOCore
import SIP

extension SIPTransports {
    /// Whether a message can be sent over this very flow.
    func isOpen(_ flow: SIPFlow) -> Bool {
        flow.transport == .udp ? listener(for: flow) != nil : connections[flow.id] != nil
    }

    /// Finds the flow to a next hop: host names are looked up, connections are used again or opened.
    /// The completion may run before this returns.
    func findFlow(to hop: NextHop, _ completion: @escaping @CallActor (Result<SIPFlow, TransportError>) -> Void) {
        let transport = hop.transport ?? (hop.isSecure ? .tls : .udp)
        guard transport == .tls || (!hop.isSecure && (transport == .udp || transport == .tcp)) else {
            return completion(.failure(.unsupportedTransport(transport.viaToken)))
        }
        resolver.resolve(hop.host) { [self] result in
            completion(
                result.flatMap { addresses in
                    let host = reachable(addresses, over: transport)
                    return flow(
                        to: SIPTransportAddress(transport: transport, host: host, port: hop.port ?? transport.defaultPort), name: hop.host)
                })
        }
    }

    /// The first address of a kind for which there is a listener; the first of all when there is none.
    private func reachable(_ addresses: [String], over transport: SIPTransportKind) -> String {
        let own = addresses.first { address in
            transport != .udp || udp.contains { NumericAddress.isIPv6($0.local.host) == NumericAddress.isIPv6(address) }
        }
        return own ?? addresses.first ?? ""
    }

    private func flow(to remote: SIPTransportAddress, name: String) -> Result<SIPFlow, TransportError> {
        guard remote.transport == .udp else {
            return connections.connection(to: remote).map { .success($0.flow) }
                ?? connect(to: remote, name: name == remote.host ? nil : name)
        }
        let isIPv6 = NumericAddress.isIPv6(remote.host)
        let candidates = udp.filter { NumericAddress.isIPv6($0.local.host) == isIPv6 }
        let route = candidates.count > 1 ? localAddresses.address(toward: remote.host, at: .now()) : nil
        let best = candidates.first { $0.local.host == route } ?? candidates.first
        guard let best else { return .failure(.noListener("\(remote)")) }
        return .success(best.flow(toward: remote.host, remote.port))
    }

    // MARK: - Who we are

    /// Addresses that a browser may reach a media port at: the one it is told, then those of this machine, where the port is bound to all.
    func candidateHosts(bound: String, told: String) -> [String] {
        guard NumericAddress.isWildcard(bound) else { return bound == told ? [told] : [told, bound] }
        let own = localAddresses.all(at: .now()).filter { NumericAddress.isIPv6($0) == NumericAddress.isIPv6(bound) && $0 != told }
        return [told] + own
    }

    /// The address at which the far end of a flow reaches us: what Via, Contact and session descriptions name.
    func ownAddress(for flow: SIPFlow, advertised: String?, localNetworks: [SIPNetwork]) -> SIPTransportAddress {
        let remote = flow.remote.host
        var own = flow.local
        if flow.transport != .udp {
            // The far end reaches us where we listen, not at the port of this connection.
            let isIPv6 = NumericAddress.isIPv6(remote)
            let doors = tcp.filter { $0.local.transport == flow.transport }
            let door = doors.first { $0.local.port == own.port } ?? doors.first { NumericAddress.isIPv6($0.local.host) == isIPv6 }
            if let door { own.port = door.local.port }
        }
        if let advertised, NumericAddress.isIPv6(advertised) == NumericAddress.isIPv6(remote),
            !localNetworks.contains(where: { $0.contains(remote) })
        {
            own.host = advertised
        } else if NumericAddress.isWildcard(own.host) {
            own.host = localAddresses.address(toward: remote, at: .now()) ?? own.host
        }
        return own
    }
}
