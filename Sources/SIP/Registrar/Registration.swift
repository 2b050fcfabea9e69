/// One REGISTER against the bindings that there are: plans all changes, so that a fault leaves everything as it was.
struct Registration {
    struct Plan {
        var bindings: [RegistrarBinding]
        var changes: [RegistrarChange] = []
        var lastID: UInt64
    }

    private let contacts: RegisterContacts
    private let addressOfRecord: String
    private let flow: SIPFlow
    private let now: SIPInstant
    private let limits: RegistrarLimits
    private let callID: String
    private let cseq: UInt32
    private let path: [String]
    private let userAgent: String?

    init(
        _ request: SIPRequest, _ addressOfRecord: String, _ flow: SIPFlow, _ now: SIPInstant, _ limits: RegistrarLimits
    ) throws(RegisterFault) {
        guard let callID = request.headers.callID, let cseq = request.headers.cseq else {
            throw .badRequest("Missing Call-ID or CSeq header")
        }
        contacts = try RegisterContacts(request, limits)
        path = try Self.path(request)
        self.addressOfRecord = addressOfRecord
        self.flow = flow
        self.now = now
        self.limits = limits
        self.callID = callID
        self.cseq = cseq.number
        userAgent = request.headers[.userAgent].map { agent in
            let bytes = agent.utf8.span
            return bytes.text(0..<min(bytes.count, Registrar.maximumUserAgentBytes))
        }
        if usesOutbound { try checkFirstHop(request) }
    }

    private static func path(_ request: SIPRequest) throws(RegisterFault) -> [String] {
        guard let values = request.headers.nameAddrs(.path), values.count <= Registrar.maximumPathValues else {
            throw .badRequest("Malformed Path header")
        }
        return values.map(\.description)
    }

    private var usesOutbound: Bool {
        guard case .items(let items) = contacts.content else { return false }
        return items.contains { $0.outbound != nil }
    }

    /// RFC 5626 6: with more than one hop, the first must have put itself on the path with `ob`.
    private func checkFirstHop(_ request: SIPRequest) throws(RegisterFault) {
        guard request.headers.all(.via).count > 1 else { return }
        let first = request.headers.nameAddrs(.path)?.last?.uri.sip
        guard first?.parameters.has("ob") ?? false else { throw .firstHopLacksOutbound }
    }

    /// Plans what becomes of the bindings (RFC 3261 10.3 (6), (7)).
    func plan(over existing: [RegistrarBinding], nextID: UInt64) throws(RegisterFault) -> Plan {
        var plan = Plan(bindings: existing, lastID: nextID &- 1)
        switch contacts.content {
        case .query: break
        case .wildcard:
            for binding in existing { try checkOrder(binding) }
            plan.bindings = []
            plan.changes = existing.map { .removed($0, .unregistered) }
        case .items(let items):
            var touched: Set<UInt64> = []
            for item in items { try apply(item, &plan, &touched) }
            try makeRoom(&plan, keeping: touched)
        }
        return plan
    }

    private func apply(_ item: RegisterContacts.Item, _ plan: inout Plan, _ touched: inout Set<UInt64>) throws(RegisterFault) {
        guard let index = plan.bindings.firstIndex(where: { matches($0, item) }) else {
            guard item.expiresSeconds > 0 else { return }
            plan.lastID &+= 1
            let binding = binding(item, id: plan.lastID, since: now)
            touched.insert(binding.id)
            plan.bindings.append(binding)
            plan.changes.append(.added(binding))
            return
        }
        let old = plan.bindings[index]
        // The same contact twice in one request: the later one counts, and its order was checked with the first.
        if !touched.contains(old.id) { try checkOrder(old) }
        touched.insert(old.id)
        guard item.expiresSeconds > 0 else {
            plan.bindings.remove(at: index)
            plan.changes.append(.removed(old, .unregistered))
            return
        }
        let new = binding(item, id: old.id, since: old.registeredAt)
        plan.bindings[index] = new
        plan.changes.append(.refreshed(new))
    }

    /// A phone's instance and reg-id name its binding whatever its address is now (RFC 5626 6); else the URI does.
    private func matches(_ binding: RegistrarBinding, _ item: RegisterContacts.Item) -> Bool {
        if let key = item.outbound { return binding.instanceID == key.instanceID && binding.regID == key.regID }
        return binding.uri?.isEquivalent(to: item.uri) ?? false
    }

    private func checkOrder(_ binding: RegistrarBinding) throws(RegisterFault) {
        if binding.callID == callID, cseq <= binding.cseq { throw .outOfOrder }
    }

    private func binding(_ item: RegisterContacts.Item, id: UInt64, since: SIPInstant) -> RegistrarBinding {
        RegistrarBinding(
            id: id, addressOfRecord: addressOfRecord, contact: item.contact, flow: flow, path: path, userAgent: userAgent,
            callID: callID, cseq: cseq, registeredAt: since,
            expiresAt: now.advanced(byMs: item.expiresSeconds.multipliedReportingOverflow(by: 1000).partialValue))
    }

    /// Keeps to the contact limit: refuses, or removes the bindings that were refreshed longest ago and are not in this request.
    private func makeRoom(_ plan: inout Plan, keeping touched: Set<UInt64>) throws(RegisterFault) {
        var excess = plan.bindings.count - limits.maximumContacts
        guard excess > 0, plan.changes.contains(where: \.isAddition) else { return }
        let others = plan.bindings.filter { !touched.contains($0.id) }.sorted { ($0.expiresAt, $0.id) < ($1.expiresAt, $1.id) }
        guard limits.removesExisting, others.count >= excess else { throw .tooManyContacts }
        for binding in others where excess > 0 {
            plan.bindings.removeAll { $0.id == binding.id }
            plan.changes.append(.removed(binding, .replaced))
            excess -= 1
        }
    }

    /// An address that leads to this very device, for phones that know what that is (RFC 5627 section 5.3).
    private func publicGRUU(of binding: RegistrarBinding, _ request: SIPRequest) -> String? {
        guard request.headers.tokens("Supported").contains("gruu"), let instance = binding.instanceID, instance.hasPrefix("<"),
            instance.hasSuffix(">"), let own = request.headers.to?.uri.sip
        else { return nil }
        var uri = SIPURI(user: own.user, host: own.host, port: own.port)
        uri.parameters.set("gr", String(instance.dropFirst().dropLast()))
        return uri.description
    }

    /// Makes the 200 with all bindings and what is left of their time (10.3 (8)).
    func success(_ request: SIPRequest, _ bindings: [RegistrarBinding]) -> SIPResponse {
        var response = request.response(200)
        for binding in bindings {
            var contact = binding.contact
            contact.parameters.set("expires", String(binding.remainingSeconds(at: now)))
            if let gruu = publicGRUU(of: binding, request) { contact.parameters.set("pub-gruu", gruu) }
            response.headers.add(.contact, contact.description)
        }
        if request.headers.tokens("Supported").contains("path") {
            for value in path { response.headers.add(.path, value) }
        }
        if usesOutbound { response.headers.add(.require, "outbound") }
        return response
    }
}

extension RegistrarChange {
    fileprivate var isAddition: Bool {
        if case .added = self { true } else { false }
    }
}
