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

    private var known: [String: (addresses: [String], until: NIODeadline)] = [:]
    private var underWay = 0

    /// What the last look-up of a host gave; a numeric host is its own address. Empty when nothing is known.
    func lastKnown(_ host: String) -> [String] {
        NumericAddress.bytes(host) == nil ? known[host]?.addresses ?? [] : [host]
    }

    /// Finds the numeric addresses of a host, the preferred one first, never none. The completion may run before this returns.
    func resolve(_ host: String, _ completion: @escaping @CallActor (Result<[String], TransportError>) -> Void) {
        if NumericAddress.bytes(host) != nil { return completion(.success([host])) }
        let now = NIODeadline.now()
        if let entry = known[host], entry.until > now { return completion(.success(entry.addresses)) }
        guard underWay < Self.concurrentLimit else { return completion(.failure(.tooManyLookups)) }
        underWay += 1
        NIOThreadPool.singleton.runIfActive(eventLoop: CallActor.loop) {
            HostAddresses.lookUp(host)
        }.whenComplete { [self] result in
            CallActor.assumeIsolated { self.finish(host, (try? result.get()) ?? [], completion) }
        }
    }

    private func finish(_ host: String, _ addresses: [String], _ completion: @CallActor (Result<[String], TransportError>) -> Void) {
        underWay -= 1
        guard !addresses.isEmpty else { return completion(.failure(.unknownHost(host))) }
        if known.count >= Self.kept { known.removeAll(keepingCapacity: true) }
        known[host] = (addresses, .now() + Self.lifetime)
        completion(.success(addresses))
    }
}
