/// The transaction layer (RFC 3261 section 17 with RFC 6026): matches messages to transactions, repeats what the
/// network loses, and tells the transaction user what is new.
///
/// Sans-IO: it sends nothing and knows no clock. Each input returns the outputs that follow from it, in order; call
/// `advance(to:)` no later than `nextDeadline`. Confine an instance to one thread or executor.
public final class TransactionLayer {
    public let timings: SIPTimings
    public let limits: TransactionLimits
    var tokens: SIPTokenSource
    let statelessTag: StatelessTag
    var wheel: TimerWheel<TransactionTimerToken>
    var clients: [ClientTransactionID: ClientTransaction] = [:]
    var servers: [ServerTransactionID: ServerTransaction] = [:]
    var serversByKey: [ServerTransactionKey: ServerTransaction] = [:]
    var serversByMergeKey: [MergeKey: ServerTransactionID] = [:]
    var nextServerNumber: UInt64 = 1
    /// The transactions on each connection, so that one that breaks need not look at all; datagrams are not indexed.
    private var ownersByConnection: [UInt64: Set<TransactionTimerToken.Owner>] = [:]
    private var fired: [TransactionTimerToken] = []

    /// Makes a layer whose branches and tags come from `tokens`.
    public init(
        tokens: SIPTokenSource, timings: SIPTimings = .standard, limits: TransactionLimits = TransactionLimits(),
        now: SIPInstant = SIPInstant(nanoseconds: 0)
    ) {
        self.tokens = tokens
        self.timings = timings
        self.limits = limits
        statelessTag = StatelessTag(source: &self.tokens)
        wheel = TimerWheel(now: now)
    }

    public var clientTransactionCount: Int { clients.count }
    public var serverTransactionCount: Int { servers.count }

    /// When to call `advance(to:)` next; nil while no timer runs.
    public var nextDeadline: SIPInstant? { wheel.nextDeadline }

    /// Takes a message from the network.
    public func receive(_ message: SIPMessage, from flow: SIPFlow, at now: SIPInstant) -> [TransactionOutput] {
        var outputs: [TransactionOutput] = []
        switch message {
        case .request(let request): receive(request, flow, now, &outputs)
        case .response(let response): receive(response, now, &outputs)
        }
        return outputs
    }

    /// Moves the time on and runs the timers that are due.
    public func advance(to now: SIPInstant) -> [TransactionOutput] {
        fired.removeAll(keepingCapacity: true)
        wheel.advance(to: now, into: &fired)
        var outputs: [TransactionOutput] = []
        for token in fired {
            switch token.owner {
            case .client(let id): fireClient(id, token.timer, now, &outputs)
            case .server(let id): fireServer(id, token.timer, now, &outputs)
            }
        }
        return outputs
    }

    /// Tells that a connection broke or a listener closed: all transactions on it fail.
    public func flowFailed(_ flowID: UInt64, at now: SIPInstant) -> [TransactionOutput] {
        var outputs: [TransactionOutput] = []
        for owner in owners(onFlow: flowID) {
            switch owner {
            case .client(let id):
                guard let transaction = clients[id] else { continue }
                apply(transaction.transportFailed(), to: transaction, response: nil, now, &outputs)
            case .server(let id):
                guard let transaction = servers[id] else { continue }
                apply(transaction.transportFailed(), to: transaction, request: nil, now, &outputs)
            }
        }
        return outputs
    }

    private func owners(onFlow flowID: UInt64) -> Set<TransactionTimerToken.Owner> {
        if let owners = ownersByConnection[flowID] { return owners }
        // A listener for datagrams closes once in a lifetime.
        let ours = clients.values.filter { $0.flow.id == flowID }.map { TransactionTimerToken.Owner.client($0.id) }
        let theirs = servers.values.filter { $0.flow.id == flowID }.map { TransactionTimerToken.Owner.server($0.id) }
        return Set(ours + theirs)
    }

    func track(_ owner: TransactionTimerToken.Owner, on flow: SIPFlow) {
        if flow.isReliable { ownersByConnection[flow.id, default: []].insert(owner) }
    }

    func untrack(_ owner: TransactionTimerToken.Owner, on flow: SIPFlow) {
        guard flow.isReliable else { return }
        ownersByConnection[flow.id]?.remove(owner)
        if ownersByConnection[flow.id]?.isEmpty == true { ownersByConnection[flow.id] = nil }
    }

    /// Gives back memory that a busier time left behind; what is kept is kept.
    public func dropSpareMemory() {
        clients.dropSpareRoom()
        servers.dropSpareRoom()
        serversByKey.dropSpareRoom()
        serversByMergeKey.dropSpareRoom()
        wheel.dropSpareNodes()
        fired = []
    }

    /// Whether nothing at all is kept.
    var isEmpty: Bool {
        clients.isEmpty && servers.isEmpty && serversByKey.isEmpty && serversByMergeKey.isEmpty && wheel.isEmpty
            && ownersByConnection.isEmpty
    }
}
