import Audio
import Glibc
import RTP
import Testing

@testable import Media

@Suite("Port pairs and places")
struct PoolTests {
    @Test("Pairs are even, inside the range and all different", arguments: [10_000...10_009, 10_001...10_010, 4...5, 65_530...65_535])
    func pairs(range: ClosedRange<Int>) throws {
        var pool = try PortPairs(range: range, restNs: 100, random: 12_345)
        var taken: Set<Int> = []
        while let port = pool.take(nowNs: 0) { taken.insert(Int(port)) }
        #expect(taken == Set(range.filter { $0 % 2 == 0 && range.contains($0 + 1) }))
    }

    @Test("Ranges without a pair are refused", arguments: [5...5, 4...4, 5...6, 0...9, 65_534...65_536])
    func badRanges(range: ClosedRange<Int>) {
        #expect(throws: MediaError.badPortRange(range)) { try PortPairs(range: range, restNs: 0, random: 0) }
    }

    @Test("A pair rests before its next use, and the longest unused comes first")
    func rest() throws {
        var pool = try PortPairs(range: 100...105, restNs: 100, random: 0)
        #expect(pool.take(nowNs: 0) == 100)
        pool.giveBack(100, nowNs: 10)
        #expect(pool.take(nowNs: 10) == 102)
        #expect(pool.take(nowNs: 10) == 104)
        #expect(pool.take(nowNs: 109) == nil)
        #expect(pool.take(nowNs: 110) == 100)
    }

    @Test("The start is drawn")
    func randomStart() throws {
        var one = try PortPairs(range: 100...199, restNs: 0, random: 7), two = try PortPairs(range: 100...199, restNs: 0, random: 8)
        #expect(one.take(nowNs: 0) == 114)
        #expect(two.take(nowNs: 0) == 116)
    }

    @Test("Places are handed out lowest first, up to the limit, with a new generation each time")
    func places() {
        var places = PortPlaces(limit: 8)
        let ids = (0..<8).compactMap { _ in places.take() }
        #expect(ids.map(\.index) == Array(0..<8))
        #expect(places.take() == nil)
        let given = [5, 2, 7, 3, 2].map { places.giveBack(ids[$0]) }
        #expect(given == [true, true, true, true, false])
        #expect(places.used == 4)
        let again = (0..<4).compactMap { _ in places.take() }
        #expect(again.map(\.index) == [2, 3, 5, 7])
        #expect(again.allSatisfy { $0.generation == 2 })
    }

    @Test(
        "Addresses are read and written",
        arguments: [
            ("192.0.2.1", "192.0.2.1:4000"), ("2001:db8::1", "[2001:db8::1]:4000"), ("[::1]", "[::1]:4000"), ("0.0.0.0", "0.0.0.0:4000"),
        ])
    func addresses(host: String, description: String) {
        let address = MediaAddress(host: host, port: 4_000)
        #expect(address?.description == description)
        guard var kernel = address?.network.socketAddress else { return }
        #expect(withUnsafeBytes(of: &kernel.storage) { NetworkAddress($0.baseAddress!) } == address?.network)
    }

    @Test(
        "What is no numeric address is refused",
        arguments: [("example.com", 1), ("192.0.2", 1), ("", 1), ("192.0.2.1", 65_536), ("192.0.2.1", -1), ("::g", 1)])
    func notAddresses(host: String, port: Int) {
        #expect(MediaAddress(host: host, port: port) == nil)
    }

    @Test(
        "Packet times become multiples of 10 ms that fit into a frame",
        arguments: [(0, 10), (14, 10), (15, 20), (20, 20), (30, 30), (60, 60), (99, 60)])
    func packetTimes(given: Int, used: UInt8) {
        #expect(StreamSettings(MediaStream(remote: nil, codec: .pcmu, payloadType: 0, ptimeMs: given)).ptimeMs == used)
    }

    @Test("Large frames get a shorter packet time")
    func largeFrames() {
        #expect(StreamSettings(MediaStream(remote: nil, codec: .slin16, payloadType: 96, ptimeMs: 60)).ptimeMs == 40)
        #expect(StreamSettings(MediaStream(remote: nil, codec: .slin48, payloadType: 96)).ptimeMs == 10)
    }

    @Test("At most eight payload types are accepted, the sent one always")
    func acceptedLimit() {
        let types = Dictionary(uniqueKeysWithValues: (100..<120).map { (UInt8($0), AudioCodec.pcma) })
        let settings = StreamSettings(MediaStream(remote: nil, codec: .pcmu, payloadType: 119, acceptedPayloadTypes: types))
        #expect((0...127).filter { settings.codec(ofPayloadType: $0) != nil } == [100, 101, 102, 103, 104, 105, 106, 119])
        #expect(settings.codec(ofPayloadType: 119) == .pcmu)
        #expect(MediaStream.maxAcceptedPayloadTypes == 8)
    }

    @Test("A media thread that is behind gets no commands beyond the limit but those that open and close")
    func inboxLimit() throws {
        let inbox = try MediaInbox(), port = PortID(index: 0, generation: 1), limit = 2 * MediaLimits.maxCommandsQueued
        for _ in 0...limit { inbox.post(.stop, to: port) }
        #expect(inbox.count == limit)
        inbox.post(.close, to: port)
        #expect(inbox.count == limit + 1)
        var drained: [MediaCommand] = []
        inbox.drain(into: &drained, afterWake: true)
        #expect(drained.count == limit + 1 && inbox.count == 0)
    }

    @Test func `Only urgent commands wake a media thread, once until it takes them, and all keep their order`() throws {
        let inbox = try MediaInbox(), port = PortID(index: 0, generation: 1)
        func isAwake() -> Bool {
            var poll = pollfd(fd: inbox.wake, events: Int16(POLLIN), revents: 0)
            return Glibc.poll(&poll, 1, 0) == 1
        }
        var drained: [MediaCommand] = []
        inbox.post(.pause, to: port, isUrgent: false)
        #expect(!isAwake())
        inbox.post(.resume, to: port)
        inbox.post(.stop, to: port)
        #expect(isAwake())
        inbox.drain(into: &drained, afterWake: false)
        #expect(drained.map { "\($0.action)" } == ["pause", "resume", "stop"])
        #expect(isAwake(), "a tick leaves the wake-up to the one who reads it")
        drained = []
        inbox.drain(into: &drained, afterWake: true)
        #expect(drained.isEmpty && !isAwake())
        inbox.post(.stop, to: port)
        #expect(isAwake())
    }

    @Test("Exactly maxDigitsQueued digits are kept")
    func digitLimit() {
        var queue = DigitQueue()
        let entry = DigitQueue.Entry(event: 1, durationMs: 100, gapMs: 0, token: 0, endsRequest: false)
        let kept = (0...MediaLimits.maxDigitsQueued).filter { _ in queue.append(entry) }
        #expect(kept.count == MediaLimits.maxDigitsQueued)
    }
}
