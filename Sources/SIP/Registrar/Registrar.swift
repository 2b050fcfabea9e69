/// Holds the bindings of addresses of record and answers REGISTER (RFC 3261 10.3, RFC 3327, RFC 5626 6). Does no I/O and knows no clock.
///
/// The caller has authenticated the request and decided the address of record, and calls `expire(at:)` at `nextDeadline`.
/// A request changes all of its bindings or none.
public struct Registrar: Sendable {
    /// A longer User-Agent is cut.
    public static let maximumUserAgentBytes = 256
    /// More Path values are malformed.
    public static let maximumPathValues = 8

    private var bindings: [String: [RegistrarBinding]] = [:]
    /// Addresses of record by the connections that their bindings need.
    private var connections: [UInt64: Set<String>] = [:]
    private var deadlines = BindingDeadlines()
    private var lastID: UInt64 = 0
    /// The number of bindings over all addresses of record.
    public private(set) var count = 0

    public init() {}

    /// Gives the key of a REGISTER's address of record: its To URI without parameters, host in lower case (RFC 3261 10.3 (5)).
    /// Nil when To is no SIP URI.
    public static func addressOfRecord(of request: SIPRequest) -> String? {
        guard let uri = request.headers.to?.uri.sip else { return nil }
        return SIPURI(user: uri.user, host: uri.host.asciiLowercased, port: uri.port, isSecure: uri.isSecure).description
    }

    /// Lists the bindings of an address of record, the preferred ones first (by q, then the newest).
    public func bindings(of addressOfRecord: String) -> [RegistrarBinding] {
        (bindings[addressOfRecord] ?? []).sorted {
            ($0.qThousandths, $0.registeredAt, $0.id) > ($1.qThousandths, $1.registeredAt, $1.id)
        }
    }

    /// Lists the addresses of record that have bindings, in no order.
    public var addressesOfRecord: [String] { Array(bindings.keys) }

    /// The time of the next expiry; nil when nothing is bound.
    public var nextDeadline: SIPInstant? { deadlines.next }

    /// Applies an authenticated REGISTER and makes its response.
    /// - Parameter addressOfRecord: The key, from `addressOfRecord(of:)` or of the caller's own making.
    public mutating func receive(
        _ request: SIPRequest, addressOfRecord: String, flow: SIPFlow, at now: SIPInstant, limits: RegistrarLimits = RegistrarLimits()
    ) -> (response: SIPResponse, changes: [RegistrarChange]) {
        var changes = expire(addressOfRecord, at: now)
        do {
            let registration = try Registration(request, addressOfRecord, flow, now, limits)
            let plan = try registration.plan(over: bindings[addressOfRecord] ?? [], nextID: lastID &+ 1)
            lastID = plan.lastID
            replace(addressOfRecord, by: plan.bindings)
            changes += plan.changes
            return (registration.success(request, plan.bindings), changes)
        } catch {
            return (error.rejection.response(to: request), changes)
        }
    }

    /// Removes what has expired.
    public mutating func expire(at now: SIPInstant) -> [RegistrarChange] {
        var changes: [RegistrarChange] = []
        while let addressOfRecord = deadlines.pop(until: now) { changes += expire(addressOfRecord, at: now) }
        return changes
    }

    /// Removes all bindings of an address of record.
    public mutating func removeAll(of addressOfRecord: String) -> [RegistrarChange] {
        remove(addressOfRecord, .administrative) { _ in true }
    }

    /// Removes the bindings that a lost connection (TCP, TLS, WS, WSS) carried.
    public mutating func removeBindings(flowID: UInt64) -> [RegistrarChange] {
        (connections[flowID] ?? []).sorted().flatMap { remove($0, .flowLost) { $0.connectionID == flowID } }
    }

    private mutating func expire(_ addressOfRecord: String, at now: SIPInstant) -> [RegistrarChange] {
        remove(addressOfRecord, .expired) { $0.expiresAt <= now }
    }

    private mutating func remove(
        _ addressOfRecord: String, _ reason: RegistrarChange.RemovalReason, where isGone: (RegistrarBinding) -> Bool
    ) -> [RegistrarChange] {
        guard let old = bindings[addressOfRecord], old.contains(where: isGone) else { return [] }
        replace(addressOfRecord, by: old.filter { !isGone($0) })
        return old.filter(isGone).map { .removed($0, reason) }
    }

    private mutating func replace(_ addressOfRecord: String, by new: [RegistrarBinding]) {
        let old = bindings[addressOfRecord] ?? []
        count += new.count - old.count
        bindings[addressOfRecord] = new.isEmpty ? nil : new
        reindex(addressOfRecord, Set(old.compactMap(\.connectionID)), Set(new.compactMap(\.connectionID)))
        for binding in new { deadlines.add(binding.expiresAt, addressOfRecord) }
        deadlines.prune(liveCount: count) { key, deadline in bindings[key]?.contains { $0.expiresAt == deadline } ?? false }
    }

    private mutating func reindex(_ addressOfRecord: String, _ old: Set<UInt64>, _ new: Set<UInt64>) {
        for id in new.subtracting(old) { connections[id, default: []].insert(addressOfRecord) }
        for id in old.subtracting(new) {
            connections[id]?.remove(addressOfRecord)
            if connections[id]?.isEmpty ?? false { connections[id] = nil }
        }
    }
}

extension RegistrarBinding {
    /// The connection that the binding needs; nil on UDP, where all share a listener.
    fileprivate var connectionID: UInt64? { flow.isReliable ? flow.id : nil }
}
