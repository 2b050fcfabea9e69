public import RTP

/// What an agent wants done.
public enum ICEAction: Sendable, Equatable {
    case send([UInt8], to: NetworkAddress)
    /// Both sides agreed on where to send to; again when it changes, and after a restart.
    case selected(NetworkAddress)
    /// Nobody answers any more where was sent to, or nobody ever did.
    case failed(ICEFailure)
}

public enum ICEFailure: Sendable, Equatable, CustomStringConvertible {
    /// No check found a way to the other side.
    case noWay
    /// The other side did not confirm for 30 s that it wants to hear us (RFC 7675).
    case consentExpired

    public var description: String {
        switch self {
        case .noWay: "no way to the far end was found"
        case .consentExpired: "the far end does not answer any more"
        }
    }
}

/// Finds the way between two sides that don't know each other's networks: a full ICE agent (RFC 8445) of one component over UDP.
///
/// Sans-IO: datagrams and times in milliseconds go in, actions come out. Call ``advance(to:)`` at ``nextDeadlineMs``.
public struct ICEAgent: Sendable {
    /// Candidates of the other side that are looked at, those learnt on the way included.
    public static let maxChecks = 48
    /// Milliseconds between two new checks (Ta).
    static let pacingMs: Int64 = 50
    /// How long the controlling side waits for a better pair than the first one that works.
    static let patienceMs: Int64 = 300
    /// How long a way is looked for.
    static let searchMs: Int64 = 30_000
    /// RFC 7675 section 5.1.
    static let consentMs: Int64 = 30_000
    static let consentIntervalMs: ClosedRange<Int64> = 4_000...6_000
    static let consentRetryMs: Int64 = 1_000

    public private(set) var isControlling: Bool
    public private(set) var local: ICECredentials
    public private(set) var remote: ICECredentials?
    /// Where to send to; nil until both sides agree.
    public private(set) var selected: NetworkAddress?
    /// Whether `selected` is from before a restart, and only serves until another way is found.
    public private(set) var isSelectionFormer = false
    /// The first bits of all our transactions.
    public let tag: UInt32
    private let random: @Sendable () -> UInt64
    private var tieBreaker: UInt64
    private var checks: [ICECheck] = []
    /// Credentials from before a restart, under which the other side may still check.
    private var former: ICECredentials?
    /// Requests that came before the other side's description.
    private var early: [EarlyRequest] = []
    private var hasFailed = false
    private var searchEndsMs: Int64?
    private var nextCheckMs: Int64 = 0
    private var firstValidMs: Int64?
    private var consent: Consent?

    private struct EarlyRequest {
        var source: NetworkAddress
        var priority: UInt32
        var useCandidate: Bool
    }

    private struct Consent {
        var expiresMs: Int64
        var nextMs: Int64
        var pending: [STUNMessage.TransactionID] = []
    }

    /// - Parameter random: gives numbers that nobody can foresee.
    public init(isControlling: Bool, random: @escaping @Sendable () -> UInt64) {
        self.isControlling = isControlling
        self.random = random
        local = ICECredentials(random: random)
        tag = UInt32(truncatingIfNeeded: random())
        tieBreaker = random()
    }

    /// Addresses that answered a check: the other side's without doubt.
    public var validated: [NetworkAddress] {
        let answered = checks.filter { $0.state == .succeeded || $0.isSelected }.map(\.remote.address)
        return (selected.map { [$0] } ?? []) + answered.filter { $0 != selected }
    }

    /// Decides from now on which way is used: the other side only answers (RFC 8445 section 6.1.1).
    public mutating func takeControl() { isControlling = true }

    /// Priority of what our checks are sent from, as the other side would learn it (RFC 8445 section 7.1.1).
    private var ownPriority: UInt32 { ICECandidate.Kind.peerReflexive.preference << 24 | 65_535 << 8 | 255 }

    // MARK: - From descriptions

    /// Begins to check the other side's candidates, those that came with its description.
    public mutating func setRemote(_ credentials: ICECredentials, _ candidates: [ICECandidate], at nowMs: Int64) -> [ICEAction] {
        guard remote != credentials else {
            add(candidates, at: nowMs)
            return advance(to: nowMs)
        }
        isSelectionFormer = selected != nil
        if remote != nil {
            // Another one answered than before, or restarted: what was known of the ways is worth nothing.
            checks = []
            firstValidMs = nil
        }
        remote = credentials
        hasFailed = false
        searchEndsMs = nowMs + Self.searchMs
        nextCheckMs = nowMs
        add(candidates, at: nowMs)
        for request in early { checked(request.source, request.priority, request.useCandidate, at: nowMs) }
        early = []
        return advance(to: nowMs)
    }

    private mutating func add(_ candidates: [ICECandidate], at nowMs: Int64) {
        for candidate in candidates where place(of: candidate.address) == nil && checks.count < Self.maxChecks {
            checks.append(ICECheck(remote: candidate))
        }
        checks = checks.sorted { priority($0) > priority($1) }
        nextCheckMs = max(nextCheckMs, nowMs)
    }

    /// Begins anew with other credentials, as a new offer says; packets go on to where they went until there is another way.
    public mutating func restart(at nowMs: Int64) {
        former = local
        local = ICECredentials(random: random)
        remote = nil
        checks = []
        early = []
        firstValidMs = nil
        hasFailed = false
        searchEndsMs = nil
        consent?.expiresMs = nowMs + Self.consentMs
        consent?.nextMs = .max
    }

    // MARK: - Time

    /// When ``advance(to:)`` is to be called; nil while nothing is due.
    public var nextDeadlineMs: Int64? {
        guard !hasFailed else { return nil }
        var times: [Int64] = []
        if remote != nil, checks.contains(where: { $0.state == .waiting }) { times.append(nextCheckMs) }
        for check in checks { if case .inProgress = check.state { times.append(check.deadlineMs) } }
        if let firstValidMs, mayNominate { times.append(firstValidMs + Self.patienceMs) }
        if let consent { times.append(min(consent.nextMs, consent.expiresMs)) } else if let searchEndsMs { times.append(searchEndsMs) }
        return times.min()
    }

    /// Does what is due.
    public mutating func advance(to nowMs: Int64) -> [ICEAction] {
        guard !hasFailed else { return [] }
        var actions: [ICEAction] = []
        if let consent, consent.expiresMs <= nowMs { return fail(.consentExpired) }
        if consent == nil, let searchEndsMs, searchEndsMs <= nowMs { return fail(.noWay) }
        for place in checks.indices { actions += repeated(place, at: nowMs) }
        if remote != nil, nextCheckMs <= nowMs, let place = checks.firstIndex(where: { $0.state == .waiting }) {
            nextCheckMs = nowMs + Self.pacingMs
            actions += start(place, at: nowMs)
        }
        actions += nominated(at: nowMs)
        actions += askedForConsent(at: nowMs)
        return actions
    }

    private mutating func fail(_ failure: ICEFailure) -> [ICEAction] {
        hasFailed = true
        consent = nil
        selected = nil
        return [.failed(failure)]
    }

    // MARK: - Checks

    private func place(of address: NetworkAddress) -> Int? { checks.firstIndex { $0.remote.address == address } }

    private func priority(_ check: ICECheck) -> UInt64 { check.priority(own: ownPriority, isControlling: isControlling) }

    private func best(where isWanted: (ICECheck) -> Bool) -> Int? {
        checks.indices.filter { isWanted(checks[$0]) }.max { priority(checks[$0]) < priority(checks[$1]) }
    }

    private func newTransaction() -> STUNMessage.TransactionID { .init(tag: tag, rest: random()) }

    private mutating func start(_ place: Int, at nowMs: Int64) -> [ICEAction] {
        checks[place].earlier = []
        checks[place].transaction = nil
        return request(place, attempt: 0, at: nowMs)
    }

    private mutating func request(_ place: Int, attempt: Int, at nowMs: Int64) -> [ICEAction] {
        let id = newTransaction()
        if let former = checks[place].transaction { checks[place].earlier.append(former) }
        checks[place].transaction = id
        checks[place].state = .inProgress(attempt: attempt)
        checks[place].deadlineMs = nowMs + ICECheck.retryMs[attempt]
        guard let bytes = encodedRequest(id, nominates: checks[place].nominates) else { return [] }
        return [.send(bytes, to: checks[place].remote.address)]
    }

    private func encodedRequest(_ id: STUNMessage.TransactionID, nominates: Bool) -> [UInt8]? {
        guard let remote else { return nil }
        var attributes = STUNAttributes()
        attributes.username = "\(remote.user):\(local.user)"
        attributes.priority = ownPriority
        if isControlling { attributes.controlling = tieBreaker } else { attributes.controlled = tieBreaker }
        attributes.useCandidate = nominates
        return STUNMessage(.request, id: id, attributes: attributes).encoded(password: Array(remote.password.utf8))
    }

    private mutating func repeated(_ place: Int, at nowMs: Int64) -> [ICEAction] {
        guard case .inProgress(let attempt) = checks[place].state, checks[place].deadlineMs <= nowMs else { return [] }
        guard attempt + 1 < ICECheck.retryMs.count else {
            checks[place].state = .failed
            checks[place].nominates = false
            return []
        }
        return request(place, attempt: attempt + 1, at: nowMs)
    }

    private var mayNominate: Bool {
        isControlling && remote != nil && !checks.contains { $0.nominates || $0.isSelected } && checks.contains { $0.state == .succeeded }
    }

    /// Asks the other side to use the best way that was found, once no better one is to be hoped for (RFC 8445 section 8.1.1).
    private mutating func nominated(at nowMs: Int64) -> [ICEAction] {
        guard let firstValidMs, mayNominate, let best = best(where: { $0.state == .succeeded }) else { return [] }
        let isBetterHoped = checks.contains { $0.state != .failed && priority($0) > priority(checks[best]) }
        guard !isBetterHoped || nowMs >= firstValidMs + Self.patienceMs else { return [] }
        checks[best].nominates = true
        return start(best, at: nowMs)
    }

    private mutating func select(_ place: Int, at nowMs: Int64) -> [ICEAction] {
        for other in checks.indices { checks[other].isSelected = other == place }
        former = nil
        searchEndsMs = nil
        let address = checks[place].remote.address
        consent = Consent(expiresMs: nowMs + Self.consentMs, nextMs: nowMs + consentInterval())
        guard selected != address || isSelectionFormer else { return [] }
        selected = address
        isSelectionFormer = false
        return [.selected(address)]
    }

    // MARK: - Consent (RFC 7675)

    private func consentInterval() -> Int64 {
        let range = Self.consentIntervalMs
        return range.lowerBound + Int64(random() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    private mutating func askedForConsent(at nowMs: Int64) -> [ICEAction] {
        guard var asked = consent, asked.nextMs <= nowMs, let selected else { return [] }
        let id = newTransaction()
        asked.pending = asked.pending.suffix(31) + [id]
        asked.nextMs = nowMs + Self.consentRetryMs
        consent = asked
        return encodedRequest(id, nominates: false).map { [.send($0, to: selected)] } ?? []
    }

    // MARK: - From the network

    /// Takes a datagram that looks like STUN; what is not the other side's is left alone.
    public mutating func receive(_ bytes: [UInt8], from source: NetworkAddress, at nowMs: Int64) -> [ICEAction] {
        guard let received = try? ReceivedSTUN(parsing: bytes), received.message.method == STUNMessage.binding else { return [] }
        switch received.message.messageClass {
        case .request: return answer(received, from: source, at: nowMs)
        case .success, .failure: return take(received, from: source, at: nowMs)
        case .indication: return []
        }
    }

    private mutating func answer(_ received: ReceivedSTUN, from source: NetworkAddress, at nowMs: Int64) -> [ICEAction] {
        let message = received.message
        guard let used = credentials(of: message), received.isSigned(with: Array(used.password.utf8)) else { return [] }
        func reply(_ messageClass: STUNMessage.Class, _ change: (inout STUNAttributes) -> Void) -> ICEAction {
            var attributes = STUNAttributes()
            change(&attributes)
            let reply = STUNMessage(messageClass, id: message.id, attributes: attributes)
            return .send(reply.encoded(password: Array(used.password.utf8)), to: source)
        }
        guard message.attributes.unknown.isEmpty else {
            return [reply(.failure) { ($0.errorCode, $0.errorText, $0.unknown) = (420, "Unknown Attribute", message.attributes.unknown) }]
        }
        guard settlesRoles(message.attributes) else {
            return [reply(.failure) { ($0.errorCode, $0.errorText) = (487, "Role Conflict") }]
        }
        var actions = [reply(.success) { $0.mappedAddress = source }]
        guard used == local else { return actions }
        let priority = message.attributes.priority ?? 0
        if remote == nil {
            if early.count < 8 { early.append(.init(source: source, priority: priority, useCandidate: message.attributes.useCandidate)) }
            return actions
        }
        checked(source, priority, message.attributes.useCandidate, at: nowMs)
        if let place = place(of: source), checks[place].state == .succeeded, checks[place].isNominatedByPeer, !isControlling {
            actions += selectNominated(at: nowMs)
        }
        return actions + advance(to: nowMs)
    }

    /// The credentials of ours that a request was made for.
    private func credentials(of message: STUNMessage) -> ICECredentials? {
        guard let username = message.attributes.username else { return nil }
        return [local, former].compactMap { $0 }.first { username.hasPrefix("\($0.user):") }
    }

    /// Changes our role where both sides think to have the same one and ours is the weaker claim (RFC 8445 section 7.3.1.1).
    private mutating func settlesRoles(_ attributes: STUNAttributes) -> Bool {
        if isControlling, let theirs = attributes.controlling {
            guard tieBreaker < theirs else { return false }
            isControlling = false
        } else if !isControlling, let theirs = attributes.controlled {
            guard tieBreaker >= theirs else { return false }
            isControlling = true
        }
        return true
    }

    /// The other side checks: its address may be new to us, and is checked back at once.
    private mutating func checked(_ source: NetworkAddress, _ priority: UInt32, _ useCandidate: Bool, at nowMs: Int64) {
        if place(of: source) == nil {
            guard checks.count < Self.maxChecks else { return }
            checks.insert(ICECheck(remote: ICECandidate(.peerReflexive, source, priority: priority, foundation: "p")), at: 0)
            nextCheckMs = min(nextCheckMs, nowMs)
        }
        guard let place = place(of: source) else { return }
        if useCandidate { checks[place].isNominatedByPeer = true }
        if checks[place].state == .failed || checks[place].state == .waiting {
            checks[place].state = .waiting
            nextCheckMs = min(nextCheckMs, nowMs)
            // Triggered checks come before all others.
            checks.insert(checks.remove(at: place), at: 0)
        }
    }

    private mutating func selectNominated(at nowMs: Int64) -> [ICEAction] {
        let best = best { $0.state == .succeeded && $0.isNominatedByPeer }
        guard let best, !checks[best].isSelected else { return [] }
        return select(best, at: nowMs)
    }

    private mutating func take(_ received: ReceivedSTUN, from source: NetworkAddress, at nowMs: Int64) -> [ICEAction] {
        guard let remote, received.isSigned(with: Array(remote.password.utf8)) else { return [] }
        let message = received.message
        if let asked = consent, asked.pending.contains(message.id), source == selected, message.messageClass == .success {
            consent = Consent(expiresMs: nowMs + Self.consentMs, nextMs: nowMs + consentInterval())
            return []
        }
        guard let place = checks.firstIndex(where: { $0.belongs(message.id) }) else { return [] }
        guard case .inProgress = checks[place].state else { return [] }
        guard message.messageClass == .success else { return refused(place, message, at: nowMs) }
        guard source == checks[place].remote.address else {
            checks[place].state = .failed
            return []
        }
        return succeeded(place, at: nowMs)
    }

    private mutating func succeeded(_ place: Int, at nowMs: Int64) -> [ICEAction] {
        checks[place].state = .succeeded
        firstValidMs = firstValidMs ?? nowMs
        var actions: [ICEAction] = []
        if isControlling, checks[place].nominates {
            checks[place].nominates = false
            actions += select(place, at: nowMs)
        } else if !isControlling {
            actions += selectNominated(at: nowMs)
        }
        return actions + advance(to: nowMs)
    }

    private mutating func refused(_ place: Int, _ message: STUNMessage, at nowMs: Int64) -> [ICEAction] {
        guard message.attributes.errorCode == 487 else {
            checks[place].state = .failed
            checks[place].nominates = false
            return []
        }
        isControlling.toggle()
        tieBreaker = random()
        checks[place].nominates = false
        checks[place].state = .waiting
        return advance(to: nowMs)
    }
}
