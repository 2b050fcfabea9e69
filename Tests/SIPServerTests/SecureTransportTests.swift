import CallCore
import Media
import RTP
import SDP
import SecureMedia
import Testing

@testable import SIPServer

/// How two ends find each other and agree on keys, and what becomes of it in the course of a call.
@CallActor
@Suite("Secure transport")
struct SecureTransportTests {
    /// Two ends that have agreed on keys.
    private func connected(_ body: (SecureEnds, _ caller: SecureEnd, _ callee: SecureEnd) async throws -> Void) async throws {
        let network = SecureEnds()
        defer { network.stop() }
        let (caller, callee) = (try network.add("192.0.2.1", isOfferer: true), try network.add("192.0.2.2", isOfferer: false))
        try caller.offer(to: callee)
        try await network.pass(ms: 1_000)
        #expect(caller.selected == [callee.address] && callee.selected == [caller.address])
        #expect(caller.secured == 1 && callee.secured == 1)
        try await body(network, caller, callee)
    }

    @Test("Two ends find each other, agree on keys, and hear from each other for as long as the call lasts")
    func agree() async throws {
        try await connected { network, caller, callee in
            try await network.pass(ms: 600_000)
            #expect(caller.failures.isEmpty && callee.failures.isEmpty)
            #expect(caller.secured == 1 && callee.secured == 1)
        }
    }

    @Test("The end that answers begins DTLS, and stays the one that did when either offers again")
    func roles() async throws {
        try await connected { network, caller, callee in
            #expect(try callee.description(isOffer: false).setup == "active")
            try callee.offer(to: caller)
            #expect(try caller.description(isOffer: false).setup == "passive")
            try await network.pass(ms: 1_000)
            #expect(caller.secured == 1 && callee.secured == 1)
        }
    }

    @Test("An end that is the one it was, elsewhere, is found again with the keys there are")
    func moves() async throws {
        try await connected { network, caller, callee in
            let place = NetworkAddress(host: "198.51.100.9", port: 6_000)!
            let moved = try MovedEnd(callee, to: place, in: network)
            try caller.transport.take(moved.description, isOffer: true)
            try moved.take(caller.description(isOffer: false))
            try await network.pass(ms: 1_000)
            #expect(caller.selected == [callee.address, place])
            #expect(caller.secured == 1 && caller.failures.isEmpty)
        }
    }

    @Test("An end with another certificate, as after a transfer behind a gateway, agrees on new keys")
    func another() async throws {
        try await connected { network, caller, callee in
            let other = try network.add("192.0.2.3", isOfferer: false)
            try caller.offer(to: other)
            try await network.pass(ms: 1_000)
            #expect(caller.selected.last == other.address)
            #expect(caller.secured == 2 && other.secured == 1)
            #expect(caller.failures.isEmpty)
        }
    }

    @Test("A certificate that is not the one signalling told ends the call as one that can't be carried")
    func impostor() async throws {
        let network = SecureEnds()
        defer { network.stop() }
        let (caller, callee) = (try network.add("192.0.2.1", isOfferer: true), try network.add("192.0.2.2", isOfferer: false))
        try callee.transport.take(caller.description(isOffer: true), isOffer: true)
        var answer = try callee.description(isOffer: false)
        answer.fingerprints = [MediaSecurityTests.fingerprint]
        try caller.transport.take(answer, isOffer: false)
        try await network.pass(ms: 1_000)
        #expect(caller.failures == [.dtls(.fingerprintMismatch)])
        #expect(caller.secured == 0)
        #expect(caller.failures.first?.cause == .bearerCapabilityNotAvailable)
    }

    @Test("An end that closes tells the other, which waits a moment for what follows and then gives up")
    func closes() async throws {
        try await connected { network, caller, callee in
            callee.close()
            try await network.pass(ms: SecureTransport.graceMs - 1)
            #expect(callee.isClosed && caller.failures.isEmpty)
            try await network.pass(ms: 1)
            #expect(caller.failures == [.closed])
            #expect(caller.failures.first?.cause == .normalClearing)
        }
    }

    @Test("An end that closes and offers anew goes on")
    func closesAndOffers() async throws {
        try await connected { network, caller, callee in
            callee.close()
            try await network.pass(ms: 10)
            let anew = try network.add("192.0.2.2", port: 7_000, isOfferer: true)
            try anew.offer(to: caller)
            try await network.pass(ms: 5_000)
            #expect(caller.failures.isEmpty)
            #expect(caller.secured == 2 && anew.secured == 1)
        }
    }

    @Test("An end that says nothing any more is given up after 30 seconds, and not before")
    func silence() async throws {
        try await connected { network, caller, callee in
            network.delivers = { _, target in target != callee.address }
            try await network.pass(ms: 23_000)
            #expect(caller.failures.isEmpty)
            try await network.pass(ms: 8_000)
            #expect(caller.failures == [.ice(.consentExpired)])
        }
    }

    @Test("A network that lets nothing through is given up after 30 seconds")
    func noWay() async throws {
        let network = SecureEnds()
        defer { network.stop() }
        network.delivers = { _, _ in false }
        let (caller, callee) = (try network.add("192.0.2.1", isOfferer: true), try network.add("192.0.2.2", isOfferer: false))
        try caller.offer(to: callee)
        try await network.pass(ms: 29_000)
        #expect(caller.failures.isEmpty && callee.failures.isEmpty)
        try await network.pass(ms: 2_000)
        #expect(caller.failures == [.ice(.noWay)] && callee.failures == [.ice(.noWay)])
        #expect(caller.failures.first?.cause == .recoveryOnTimerExpiry)
    }

    @Test("A third of all datagrams may be lost on the way to a call", arguments: 0..<10)
    func losses(turn: Int) async throws {
        let network = SecureEnds()
        defer { network.stop() }
        var count = UInt64(turn) << 8
        network.delivers = { datagram, _ in
            count += 1
            // Multiplied by a large number to look like chance. OpenSSL repeats DTLS by its own clock.
            return datagram.kind == .dtls || (count &* 0x9E37_79B9_7F4A_7C15) >> 32 % 3 != 0
        }
        let (caller, callee) = (try network.add("192.0.2.1", isOfferer: true), try network.add("192.0.2.2", isOfferer: false))
        try caller.offer(to: callee)
        try await network.pass(ms: 15_000)
        #expect(caller.secured == 1 && callee.secured == 1)
    }

    // MARK: - The address outside

    private let server = NetworkAddress(host: "192.0.2.99", port: 3_478)!

    @Test("A STUN server tells where a port is seen from outside, which is told as a candidate")
    func reflexive() async throws {
        let network = SecureEnds()
        defer { network.stop() }
        let end = try network.add("10.0.0.2", isOfferer: true)
        let outside = NetworkAddress(host: "203.0.113.7", port: 41_000)!
        network.elsewhere = { datagram, target in
            guard let request = try? ReceivedSTUN(parsing: datagram.bytes) else { return [] }
            var answer = STUNMessage(.success, id: request.message.id)
            answer.attributes.mappedAddress = outside
            return [TransportDatagram(.stun, answer.encoded(), from: target)]
        }
        var isDone = false
        end.transport.findReflexiveAddress(at: server) { isDone = true }
        try await network.pass(ms: 1)
        #expect(isDone)
        let lines = try end.description(isOffer: true).candidates
        let told = lines.compactMap(ICECandidate.init(attribute:))
        #expect(told.map(\.kind) == [.host, .serverReflexive])
        #expect(told.last?.address == outside)
        #expect(lines.last?.hasSuffix("typ srflx raddr 10.0.0.2 rport 5000") == true)
        #expect(told[0].priority > told[1].priority)
    }

    @Test("A STUN server that does not answer holds a call up for 400 ms, and no longer")
    func noReflexive() async throws {
        let network = SecureEnds()
        defer { network.stop() }
        let end = try network.add("10.0.0.2", isOfferer: true)
        var isDone = false
        end.transport.findReflexiveAddress(at: server) { isDone = true }
        try await network.pass(ms: 399)
        #expect(!isDone)
        try await network.pass(ms: 1)
        #expect(isDone)
        #expect(try end.description(isOffer: true).candidates.count == 1)
    }
}
