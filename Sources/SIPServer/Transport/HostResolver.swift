import CallCore
import NIOCore
import NIOPosix

/// Looks host names up without blocking the control loop.
@CallActor
final class HostResolver {
    /// Look-ups under way at one time.
    static let concurrentLimit = 64
    static let kept = 1_024
    static let lifetime = TimeAmount.seconds(60)

    private var known: [String: (address: String, until: NIODeadline)] = [:]
    private var underWay = 0

    /// Finds a numeric address; a numeric host is its own. The completion may run before this returns.
    func resolve(_ host: String, _ completion: @escaping @CallActor (Result<String, TransportError>) -> Void) {
        if NumericAddress.bytes(host) != nil { return completion(.success(host)) }
        let now = NIODeadline.now()
        if let entry = known[host], entry.until > now { return completion(.success(entry.address)) }
        guard underWay < Self.concurrentLimit else { return completion(.failure(.tooManyLookups)) }
        underWay += 1
        NIOThreadPool.singleton.runIfActive(eventLoop: CallActor.loop) {
            // getaddrinfo blocks, hence the thread; the port does not matter.
            try SocketAddress.makeAddressResolvingHost(host, port: 5060).ipAddress
        }.whenComplete { [self] result in
            CallActor.assumeIsolated { self.finish(host, (try? result.get()) ?? nil, completion) }
        }
    }

    private func finish(_ host: String, _ address: String?, _ completion: @CallActor (Result<String, TransportError>) -> Void) {
        underWay -= 1
        guard let address else { return completion(.failure(.unknownHost(host))) }
        if known.count >= Self.kept { known.removeAll(keepingCapacity: true) }
        known[host] = (address, .now() + Self.lifetime)
        completion(.success(address))
    }
}
