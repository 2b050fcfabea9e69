import Audio
import Dispatch
import Glibc
import Testing

@testable import Media

@Suite("Media engine on the loopback interface", .serialized)
struct EngineTests {
    let loop = ControlLoop()

    @Test("Echo comes back from the leg's port", arguments: ["127.0.0.1", "::1"])
    func echo(host: String) throws {
        let engine = try loop.engine()
        defer { engine.shutdown() }
        guard let phone = LoopbackPhone(host: host) else { return }
        let port = try loop.run { try engine.openRTP(localHost: host, events: loop.events("one")) }
        #expect(port.localAddress.host == host && port.localAddress.port % 2 == 0)
        loop.run {
            port.configure(phone.stream())
            port.setEcho(true)
        }
        var heard = 0
        #expect(
            eventually {
                phone.speak(to: port)
                heard += phone.heard().count
                return heard >= 5
            })
        #expect(eventually { loop.told("one") == [.firstPacket] })
        let statistics = loop.run { port.statistics }
        #expect(statistics.packetsReceived >= 5 && statistics.packetsSent >= 5 && statistics.remoteSSRC == 99 && statistics.localSSRC != 0)
    }

    @Test("Legs of different media threads are brought together when they are connected")
    func acrossThreads() throws {
        let engine = try loop.engine { $0.threads = 2 }
        defer { engine.shutdown() }
        let phones = try (0..<6).map { _ in try #require(LoopbackPhone()) }
        let ports = try loop.run { try (0..<6).map { try engine.openRTP(localHost: "127.0.0.1", events: loop.events("\($0)")) } }
        let pipe = try loop.run { try engine.openPipe(first: loop.events("first"), second: loop.events("second")) }
        loop.run {
            for (phone, port) in zip(phones, ports) { port.configure(phone.stream()) }
            for pair in [(0, 1), (2, 3)] {
                ports[pair.0].connect(to: ports[pair.1])
                ports[pair.1].connect(to: ports[pair.0])
            }
            ports[4].connect(to: pipe.first)
            pipe.first.connect(to: ports[4])
            ports[5].connect(to: pipe.second)
            pipe.second.connect(to: ports[5])
        }
        var heard = [Int](repeating: 0, count: 6)
        #expect(
            eventually {
                for (index, phone) in phones.enumerated() {
                    phone.speak(to: ports[index], [UInt8](repeating: UInt8(index), count: 160))
                    for packet in phone.heard() where packet.payload.first == UInt8(index ^ 1) { heard[index] += 1 }
                }
                return heard.allSatisfy { $0 >= 5 }
            }, "\(heard)")
        let lanes = loop.run { ports.compactMap { ($0 as? EnginePort).map { ObjectIdentifier($0.lane) } } }
        #expect(lanes[0] == lanes[1] && lanes[2] == lanes[3] && lanes[4] == lanes[5])
    }

    @Test("Ports that move to and fro between media threads lose no command", arguments: 0..<10)
    func moving(seed: UInt64) throws {
        let engine = try loop.engine { $0.threads = 3 }
        defer { engine.shutdown() }
        var random = SplitMix64(seed: seed)
        let ports = try loop.run { try (0..<12).map { try engine.openRTP(localHost: "127.0.0.1", events: loop.events("\($0)")) } }
        loop.run {
            for _ in 0..<300 {
                guard let one = ports.randomElement(using: &random), let two = ports.randomElement(using: &random) else { continue }
                one.connect(to: Int.random(in: 0..<3, using: &random) == 0 ? two : nil)
            }
            for port in ports { port.connect(to: nil) }
            for (index, port) in ports.enumerated() { port.play(.audio(constant(1, ms: 20)), token: UInt64(index)) }
        }
        #expect(eventually { ports.indices.allSatisfy { loop.told("\($0)") == [.playbackFinished(token: UInt64($0), positionMs: 20)] } })
    }

    @Test("An item plays at real time and its end is told")
    func play() throws {
        let engine = try loop.engine()
        defer { engine.shutdown() }
        let phone = try #require(LoopbackPhone())
        let port = try loop.run { try engine.openRTP(localHost: "127.0.0.1", events: loop.events("one")) }
        loop.run {
            port.configure(phone.stream())
            port.play(.audio(constant(2_000, ms: 200)), token: 11)
        }
        #expect(eventually { loop.told("one") == [.playbackFinished(token: 11, positionMs: 200)] })
        var heard: [SentPacket] = []
        #expect(
            eventually {
                heard += phone.heard(); return heard.count >= 10
            })
        for (one, next) in zip(heard, heard.dropFirst()) {
            #expect(next.sequence == one.sequence &+ 1 && next.timestamp == one.timestamp &+ 160)
        }
        #expect(loop.run { port.playPositionMs } == 200)
    }

    @Test("Opening and closing 200 legs and 50 pipes leaves no descriptor behind", arguments: [1, 2])
    func descriptors(threads: Int) throws {
        // Other tests of the same process open sockets meanwhile: only those in this range count, which is below the range from
        // which the system gives ports.
        let range = threads == 1 ? 21_000...21_999 : 22_000...22_999
        let engine = try loop.engine {
            $0.threads = threads
            $0.rtpPortRange = range
        }
        defer { engine.shutdown() }
        for _ in 0..<2 {
            let ports = try loop.run { try (0..<200).map { try engine.openRTP(localHost: "127.0.0.1", events: loop.events("\($0)")) } }
            let pipes = try loop.run { try (0..<50).map { _ in try engine.openPipe(first: { _ in }, second: { _ in }) } }
            #expect(openSockets(in: range) == 400)
            loop.run {
                for (index, port) in ports.enumerated() {
                    port.connect(to: ports[(index * 7 + 1) % 200])
                    if index < 50 { port.connect(to: pipes[index].first) }
                    port.play(.silence, token: 1)
                }
                for port in ports { port.close() }
                for pipe in pipes {
                    pipe.first.close()
                    pipe.second.close()
                    pipe.second.close()
                }
            }
            #expect(eventually { openSockets(in: range) == 0 })
        }
    }

    @Test("An exhausted range is a clear error, and a closed leg's ports come back after their rest")
    func exhaustion() throws {
        let engine = try loop.engine {
            $0.rtpPortRange = 18_000...18_005
            $0.portRestMs = 50
        }
        defer { engine.shutdown() }
        let ports = try loop.run { try (0..<3).map { _ in try engine.openRTP(localHost: "127.0.0.1") { _ in } } }
        #expect(Set(ports.map(\.localAddress.port)) == [18_000, 18_002, 18_004])
        #expect(throws: MediaError.portsExhausted(18_000...18_005)) { try loop.run { try engine.openRTP(localHost: "127.0.0.1") { _ in } } }
        loop.run { ports[1].close() }
        var again: (any RTPPort)?
        #expect(
            eventually {
                loop.run { again = try? engine.openRTP(localHost: "127.0.0.1") { _ in } }; return again != nil
            })
        #expect(again?.localAddress.port == ports[1].localAddress.port)
    }

    @Test("Limits and wrong addresses are told")
    func limits() throws {
        let engine = try loop.engine {
            $0.threads = 1
            $0.maxPortsPerThread = 3
        }
        _ = try loop.run { try (0..<2).map { _ in try engine.openRTP(localHost: "127.0.0.1") { _ in } } }
        #expect(throws: MediaError.tooManyPorts(limit: 3)) { try loop.run { _ = try engine.openPipe(first: { _ in }, second: { _ in }) } }
        #expect(throws: MediaError.notAnAddress("localhost")) { try loop.run { try engine.openRTP(localHost: "localhost") { _ in } } }
        _ = try loop.run { try engine.openRTP(localHost: "127.0.0.1") { _ in } }
        #expect(throws: MediaError.tooManyPorts(limit: 3)) { try loop.run { try engine.openRTP(localHost: "127.0.0.1") { _ in } } }
        engine.shutdown()
        #expect(throws: MediaError.shutDown) { try loop.run { try engine.openRTP(localHost: "127.0.0.1") { _ in } } }
    }

    @Test("Closing in the middle of anything does no harm, and no event follows", arguments: 0..<6)
    func closing(seed: UInt64) throws {
        let engine = try loop.engine { $0.threads = 2 }
        defer { engine.shutdown() }
        var random = SplitMix64(seed: seed)
        let phones = try (0..<4).map { _ in try #require(LoopbackPhone()) }
        for _ in 0..<40 {
            try loop.run {
                let legs = try (0..<4).map { _ in try engine.openRTP(localHost: "127.0.0.1", events: loop.events("any")) }
                let pipe = try engine.openPipe(first: loop.events("any"), second: loop.events("any"))
                var ports: [any MediaPort] = legs
                ports += [pipe.first, pipe.second]
                for (leg, phone) in zip(legs, phones) {
                    leg.configure(phone.stream { $0.codec = Bool.random(using: &random) ? .pcmu : .g722 })
                    phone.speak(to: leg)
                }
                for _ in 0..<30 {
                    guard let port = ports.randomElement(using: &random) else { continue }
                    switch Int.random(in: 0..<8, using: &random) {
                    case 0...3: port.connect(to: ports.randomElement(using: &random))
                    case 4: port.play(.audio(constant(1, ms: 20)), token: 1)
                    case 5: port.sendDigits([DigitToSend("1")], token: 2)
                    case 6: port.setEcho(Bool.random(using: &random))
                    default: port.close()
                    }
                }
                for port in ports.shuffled(using: &random) { port.close() }
            }
        }
        #expect(loop.run { (try? engine.openRTP(localHost: "127.0.0.1") { _ in }) != nil })
    }

    @Test("Shutting down closes everything, once", arguments: [true, false])
    func shutdown(withPorts: Bool) throws {
        let range = withPorts ? 23_000...23_099 : 23_100...23_199
        do {
            let engine = try loop.engine {
                $0.threads = 2
                $0.rtpPortRange = range
            }
            if withPorts {
                let port = try loop.run { try engine.openRTP(localHost: "127.0.0.1", events: loop.events("one")) }
                loop.run { port.play(.silence, token: 1) }
                #expect(openSockets(in: range) == 2)
            }
            engine.shutdown()
            engine.shutdown()
        }
        loop.run {}
        #expect(eventually { openSockets(in: range) == 0 })
    }
}
