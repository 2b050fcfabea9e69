import RTP
import Testing

@testable import SecureMedia

/// Two agents and what lies between them, in virtual time.
private struct World {
    struct Datagram {
        var bytes: [UInt8]
        var from: NetworkAddress
        var to: NetworkAddress
        var atMs: Int64
    }

    var agents: [ICEAgent]
    /// Where each sends from, as the other sees it.
    var seenAt: [NetworkAddress]
    /// Where each can be reached; others are black holes.
    var reachable: [Set<NetworkAddress>]
    var actions: [[ICEAction]] = [[], []]
    var nowMs: Int64 = 0
    var underWay: [Datagram] = []
    var random: SplitMix64
    /// Of a hundred datagrams, how many are lost.
    var lost = 0
    var isCut = false

    init(seed: UInt64 = 1, controlling: (Bool, Bool) = (true, false)) throws {
        let hosts = try ["192.0.2.1", "198.51.100.2"].map { try #require(NetworkAddress(host: $0, port: 4_000)) }
        let numbers = [Numbers(seed: seed), Numbers(seed: seed &+ 1)]
        agents = [
            ICEAgent(isControlling: controlling.0, random: numbers[0].next),
            ICEAgent(isControlling: controlling.1, random: numbers[1].next),
        ]
        seenAt = hosts
        reachable = hosts.map { [$0] }
        random = SplitMix64(state: seed)
    }

    mutating func take(_ list: [ICEAction], of agent: Int) {
        actions[agent] += list.filter { if case .send = $0 { false } else { true } }
        for case .send(let bytes, let to) in list {
            guard !isCut, Int.random(in: 0..<100, using: &random) >= lost else { continue }
            underWay.append(Datagram(bytes: bytes, from: seenAt[agent], to: to, atMs: nowMs + .random(in: 1...40, using: &random)))
        }
    }

    mutating func connect(candidates: [[ICECandidate]]) {
        for agent in 0...1 {
            let other = agents[1 - agent].local
            take(agents[agent].setRemote(other, candidates[1 - agent], at: nowMs), of: agent)
        }
    }

    mutating func run(untilMs: Int64) {
        while nowMs < untilMs {
            let next = (underWay.map(\.atMs) + agents.compactMap(\.nextDeadlineMs)).min() ?? untilMs
            nowMs = max(nowMs, min(next, untilMs))
            let due = underWay.filter { $0.atMs <= nowMs }
            underWay.removeAll { $0.atMs <= nowMs }
            for datagram in due {
                guard let agent = reachable.firstIndex(where: { $0.contains(datagram.to) }) else { continue }
                take(agents[agent].receive(datagram.bytes, from: datagram.from, at: nowMs), of: agent)
            }
            for agent in 0...1 where agents[agent].nextDeadlineMs.map({ $0 <= nowMs }) ?? false {
                take(agents[agent].advance(to: nowMs), of: agent)
            }
            if next > untilMs { nowMs = untilMs }
        }
    }

    var candidates: [[ICECandidate]] { seenAt.map { [ICECandidate(own: .host, $0, order: 0)] } }
}

/// Numbers that a test can have again.
private final class Numbers: @unchecked Sendable {
    // Tests use it on one thread.
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(state: seed) }

    func next() -> UInt64 { random.next() }
}

@Suite("ICE")
struct ICETests {
    @Test(
        "Two agents find the way to each other, whoever of them believes to control",
        arguments: [(true, false), (false, true), (true, true), (false, false)])
    func finds(controlling: (Bool, Bool)) throws {
        for seed in UInt64(1)...20 {
            var world = try World(seed: seed, controlling: controlling)
            world.connect(candidates: world.candidates)
            world.run(untilMs: 5_000)
            #expect(world.agents[0].selected == world.seenAt[1] && world.agents[1].selected == world.seenAt[0])
            #expect(world.agents[0].isControlling != world.agents[1].isControlling)
            #expect(world.actions == [[.selected(world.seenAt[1])], [.selected(world.seenAt[0])]])
        }
    }

    @Test("With a fifth of all datagrams lost they find it still, and keep it for an hour")
    func losses() throws {
        for seed in UInt64(1)...5 {
            var world = try World(seed: seed)
            world.lost = 20
            world.connect(candidates: world.candidates)
            world.run(untilMs: 3_600_000)
            #expect(world.actions == [[.selected(world.seenAt[1])], [.selected(world.seenAt[0])]])
        }
    }

    @Test("Addresses that lead nowhere are passed over, and one that was not told is learnt from a check")
    func translators() throws {
        var world = try World()
        let hidden = try #require(NetworkAddress(host: "10.0.0.9", port: 4_000))
        // The second one tells only an address that nobody else reaches.
        world.connect(candidates: [world.candidates[0], [ICECandidate(own: .host, hidden, order: 0)]])
        world.run(untilMs: 20_000)
        #expect(world.agents[0].selected == world.seenAt[1] && world.agents[1].selected == world.seenAt[0])
    }

    @Test("Checks that come before the other side's description are answered, and remembered")
    func early() throws {
        var world = try World(controlling: (false, true))
        let one = world.agents[0].local
        world.take(world.agents[1].setRemote(one, world.candidates[0], at: 0), of: 1)
        world.run(untilMs: 2_000)
        #expect(world.agents[0].selected == nil)
        let other = world.agents[1].local
        world.take(world.agents[0].setRemote(other, [], at: world.nowMs), of: 0)
        world.run(untilMs: 4_000)
        #expect(world.agents[0].selected == world.seenAt[1] && world.agents[1].selected == world.seenAt[0])
    }

    @Test("Without any way it fails after half a minute; one that was cut fails after the same time")
    func failures() throws {
        var world = try World()
        world.reachable = [[], []]
        world.connect(candidates: world.candidates)
        world.run(untilMs: 60_000)
        #expect(world.actions == [[.failed(.noWay)], [.failed(.noWay)]])
        world = try World()
        world.connect(candidates: world.candidates)
        world.run(untilMs: 10_000)
        world.isCut = true
        world.run(untilMs: 50_000)
        #expect(world.actions.allSatisfy { $0.last == .failed(.consentExpired) } && world.agents[0].selected == nil)
    }

    @Test("After a restart they find a new way, and packets go the old one until then")
    func restart() throws {
        var world = try World()
        world.connect(candidates: world.candidates)
        world.run(untilMs: 5_000)
        let old = world.agents.map(\.local)
        let moved = try #require(NetworkAddress(host: "203.0.113.7", port: 9_000))
        (world.seenAt[1], world.reachable[1]) = (moved, [moved])
        for agent in 0...1 { world.agents[agent].restart(at: world.nowMs) }
        #expect(world.agents[0].selected != nil && zip(world.agents, old).allSatisfy { $0.local != $1 })
        world.connect(candidates: world.candidates)
        world.run(untilMs: 10_000)
        #expect(world.agents[0].selected == moved && world.agents[1].selected == world.seenAt[0])
    }

    @Test("A stranger gets no answer and moves nothing")
    func strangers() throws {
        var world = try World()
        world.connect(candidates: world.candidates)
        world.run(untilMs: 5_000)
        let stranger = try #require(NetworkAddress(host: "203.0.113.66", port: 6_666))
        var attributes = STUNAttributes()
        (attributes.username, attributes.useCandidate, attributes.controlling) = ("\(world.agents[1].local.user):x", true, .max)
        let request = STUNMessage(.request, id: .init(tag: 1, rest: 2), attributes: attributes)
        for bytes in [request.encoded(), request.encoded(password: Array("guessed-password-guessed".utf8))] {
            #expect(world.agents[1].receive(bytes, from: stranger, at: world.nowMs).isEmpty)
        }
        var reply = request
        reply.messageClass = .success
        #expect(world.agents[1].receive(reply.encoded(password: []), from: stranger, at: world.nowMs).isEmpty)
        #expect(world.agents[1].selected == world.seenAt[0])
    }

    @Test("An attribute that has to be understood and is not is refused by its number")
    func unknownAttribute() throws {
        var world = try World()
        var attributes = STUNAttributes()
        attributes.username = "\(world.agents[1].local.user):other"
        attributes.unknown = [0x7777]
        // Written by hand: nothing here makes such a message.
        var bytes = STUNMessage(.request, id: .init(tag: 1, rest: 2), attributes: attributes).encoded()
        bytes.removeLast(8)
        bytes += hex("7777 0004 00000000")
        (bytes[2], bytes[3]) = (0, UInt8(bytes.count + 24 - 20))
        bytes += hex("0008 0014") + STUNEncoder.hmac(bytes, Array(world.agents[1].local.password.utf8))
        let actions = world.agents[1].receive(bytes, from: world.seenAt[0], at: 0)
        guard case .send(let answer, _)? = actions.first else {
            Issue.record("there was no answer")
            return
        }
        #expect(try ReceivedSTUN(parsing: answer).message.attributes.errorCode == 420)
    }

    @Test("Candidates are read from and written to descriptions; what can't be reached from here is left out")
    func candidates() throws {
        let text = "842163049 1 udp 1677729535 198.51.100.7 53165 typ srflx raddr 10.0.0.1 rport 4000 generation 0"
        let candidate = try #require(ICECandidate(attribute: text))
        #expect(candidate.kind == .serverReflexive && candidate.address.description == "198.51.100.7:53165")
        #expect(ICECandidate(attribute: candidate.attribute) == candidate)
        for wrong in [
            "1 1 tcp 1 192.0.2.1 9 typ host tcptype active", "1 2 udp 1 192.0.2.1 9 typ host", "1 1 udp 1 a-b.local 9 typ host",
            "1 1 udp 1 192.0.2.1 0 typ host", "1 1 udp 1 192.0.2.1 9 typ", "", "1 1 udp 99999999999 192.0.2.1 9 typ host",
        ] { #expect(ICECandidate(attribute: wrong) == nil, "\(wrong)") }
    }
}
