import Testing

@testable import SecureMedia

@Suite("DTLS")
struct DTLSTests {
    /// Lets both sides talk until neither has a word; gives what each told.
    private func talk(
        _ active: DTLSSession, _ passive: DTLSSession, drop: (Int) -> Bool = { _ in false }
    ) -> (active: [DTLSAction], passive: [DTLSAction]) {
        var told: [[DTLSAction]] = [[], []]
        var underWay: [(to: Int, bytes: [UInt8])] = []
        var count = 0
        let sides = [active, passive]
        func take(_ actions: [DTLSAction], of side: Int) {
            for action in actions {
                if case .send(let bytes) = action {
                    count += 1
                    if !drop(count) { underWay.append((1 - side, bytes)) }
                } else {
                    told[side].append(action)
                }
            }
        }
        take(active.start(), of: 0)
        while !underWay.isEmpty {
            let next = underWay.removeFirst()
            take(sides[next.to].receive(next.bytes), of: next.to)
        }
        return (told[0], told[1])
    }

    @Test("Both sides get the same keys, each the other's to receive with; datagrams fit into what networks carry")
    func handshake() throws {
        let (one, other) = (try DTLSIdentity(), try DTLSIdentity())
        let active = try DTLSSession(one, role: .active, fingerprint: other.fingerprint)
        let passive = try DTLSSession(other, role: .passive, fingerprint: one.fingerprint)
        let told = talk(active, passive)
        guard case .secured(let keys)? = told.active.first, case .secured(let theirs)? = told.passive.first else {
            Issue.record("\(told)")
            return
        }
        #expect(keys.profile == theirs.profile && keys.sending == theirs.receiving && keys.receiving == theirs.sending)
        #expect(keys.sending != keys.receiving && told.active.count == 1 && told.passive.count == 1)
        for case .send(let bytes) in active.close() { #expect(passive.receive(bytes) == [.closed]) }
        #expect(passive.isOver && active.isOver)
    }

    @Test("Who has another certificate than signalling told is found out, by either side")
    func mismatch() throws {
        let (one, other, stranger) = (try DTLSIdentity(), try DTLSIdentity(), try DTLSIdentity())
        var told = talk(
            try DTLSSession(stranger, role: .active, fingerprint: other.fingerprint),
            try DTLSSession(other, role: .passive, fingerprint: one.fingerprint))
        #expect(told.passive == [.failed(.fingerprintMismatch)])
        told = talk(
            try DTLSSession(one, role: .active, fingerprint: other.fingerprint),
            try DTLSSession(stranger, role: .passive, fingerprint: one.fingerprint))
        #expect(told.active == [.failed(.fingerprintMismatch)])
    }

    @Test("Random bytes, and bytes of a handshake that were changed, end nothing but the session they came to")
    func random() throws {
        var random = SplitMix64(state: 5)
        let (one, other) = (try DTLSIdentity(), try DTLSIdentity())
        for _ in 0..<200 {
            let active = try DTLSSession(one, role: .active, fingerprint: other.fingerprint)
            let passive = try DTLSSession(other, role: .passive, fingerprint: one.fingerprint)
            for case .send(var bytes) in active.start() {
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
                }
                _ = passive.receive(bytes)
            }
            _ = passive.receive((0..<Int.random(in: 1...2_000, using: &random)).map { _ in .random(in: 0...255, using: &random) })
        }
    }

    @Test("Fingerprints are read and written as descriptions have them")
    func fingerprints() throws {
        let own = try DTLSIdentity().fingerprint
        #expect(DTLSFingerprint(attribute: own.description) == own)
        #expect(DTLSFingerprint(attribute: own.description.lowercased()) == own)
        for wrong in ["sha-1 00:11", "sha-256", "sha-256 00:11", "sha-256 " + Array(repeating: "zz", count: 32).joined(separator: ":"), ""]
        {
            #expect(DTLSFingerprint(attribute: wrong) == nil)
        }
    }

    @Test("What was lost is said again")
    func repetition() async throws {
        let (one, other) = (try DTLSIdentity(), try DTLSIdentity())
        let active = try DTLSSession(one, role: .active, fingerprint: other.fingerprint)
        let passive = try DTLSSession(other, role: .passive, fingerprint: one.fingerprint)
        var told = talk(active, passive) { $0 == 2 }
        #expect(told.active.isEmpty && told.passive.isEmpty)
        let waitMs = try #require(active.msToDeadline)
        #expect((1...1_001).contains(waitMs))
        // OpenSSL has a clock of its own.
        try await Task.sleep(for: .milliseconds(waitMs))
        var repeated = active.advance()
        var isActive = true
        while !repeated.isEmpty {
            var answers: [DTLSAction] = []
            for action in repeated {
                if case .send(let bytes) = action { answers += (isActive ? passive : active).receive(bytes) }
                if case .secured = action { if isActive { told.active.append(action) } else { told.passive.append(action) } }
            }
            (repeated, isActive) = (answers, !isActive)
        }
        #expect(told.active.count == 1 && told.passive.count == 1)
    }
}
