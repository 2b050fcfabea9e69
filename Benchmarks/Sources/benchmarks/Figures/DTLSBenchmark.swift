import Glibc
import SecureMedia

/// DTLS handshakes that one core does in a second, our side of them alone: half as the end that begins, half as the one that waits.
struct DTLSBenchmark: Benchmark {
    private static let handshakes = 400

    let meanings = [Goal.dtlsHandshakes]

    func measure(with installation: Installation) async throws -> [Figure] {
        let perSecond = try await medianOfThree(Goal.dtlsHandshakes.name) { try Self.handshakesPerSecond() }
        return [Figure(meaning: .dtlsHandshakes, value: perSecond)]
    }

    private static func handshakesPerSecond() throws -> Double {
        let own = try DTLSIdentity(), other = try DTLSIdentity()
        var ownNs: Int64 = 0
        for number in 0..<handshakes {
            let role: DTLSRole = number % 2 == 0 ? .active : .passive
            ownNs += try handshake(own, other, role)
        }
        return Double(handshakes) / (Double(ownNs) / 1e9)
    }

    /// Gives the CPU time of one side, in nanoseconds.
    private static func handshake(_ own: DTLSIdentity, _ other: DTLSIdentity, _ role: DTLSRole) throws -> Int64 {
        var ownNs: Int64 = 0
        func timed<T>(_ work: () throws -> T) rethrows -> T {
            let start = threadNs()
            defer { ownNs += threadNs() - start }
            return try work()
        }
        let mine = try timed { try DTLSSession(own, role: role, fingerprint: other.fingerprint) }
        let theirs = try DTLSSession(other, role: role == .active ? .passive : .active, fingerprint: own.fingerprint)
        var forTheirs = timed { mine.start() }, forMine = theirs.start()
        var isSecured = false
        while !forTheirs.isEmpty || !forMine.isEmpty {
            let (toTheirs, toMine) = (forTheirs, forMine)
            (forTheirs, forMine) = ([], [])
            for case .send(let datagram) in toTheirs { forMine += theirs.receive(datagram) }
            for case .send(let datagram) in toMine {
                let actions = timed { mine.receive(datagram) }
                isSecured = isSecured || actions.contains { if case .secured = $0 { true } else { false } }
                forTheirs += actions
            }
        }
        guard isSecured else { throw BenchmarkError("a handshake did not come to its end") }
        return ownNs
    }

    private static func threadNs() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
