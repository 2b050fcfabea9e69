import RTP
import Testing

/// A sender, a network and a player in virtual time around a jitter buffer.
private final class Network {
    var buffer: JitterBuffer
    var random: SeededGenerator
    var nowUs: Int64 = 1_000_000
    /// Packets under way, by arrival.
    var flying: [(arrivalUs: Int64, header: RTPHeader, number: Int)] = []
    var sequence: UInt16
    var timestamp: UInt32
    var ssrc: UInt32 = 77
    var number = 0
    var played: [Int] = []
    var outputs: [Character] = []
    var delaysMs: [Int] = []

    init(seed: UInt64 = 1, _ configuration: JitterBufferConfiguration = JitterBufferConfiguration()) {
        buffer = JitterBuffer(configuration)
        random = SeededGenerator(seed)
        sequence = UInt16.random(in: 0...UInt16.max, using: &random)
        timestamp = UInt32.random(in: 0...UInt32.max, using: &random)
    }

    /// Sends one packet that arrives after `delayUs`; nil loses it.
    func send(delayUs: Int64?, copies: Int = 1, marker: Bool = false) {
        let header = RTPHeader(payloadType: 0, marker: marker, sequenceNumber: sequence, timestamp: timestamp, ssrc: ssrc)
        if let delayUs { for _ in 0..<copies { flying.append((nowUs + delayUs, header, number)) } }
        number += 1
        sequence &+= 1
        timestamp = timestamp &+ 160
    }

    /// Delivers what has arrived by `time`, in order of arrival.
    func deliver(until time: Int64) {
        let arrived = flying.filter { $0.arrivalUs <= time }.sorted { $0.arrivalUs < $1.arrivalUs }
        flying.removeAll { $0.arrivalUs <= time }
        for packet in arrived {
            let payload = withUnsafeBytes(of: Int64(packet.number)) { [UInt8]($0) }
            _ = payload.withUnsafeBytes { buffer.put(packet.header, payload: $0, duration: 160, atUs: packet.arrivalUs) }
            let (count, capacity) = (buffer.count, buffer.capacity)
            #expect(count <= capacity)
        }
    }

    /// Lets the player take one frame at `nowUs`.
    func take() {
        switch buffer.take(atUs: nowUs) {
        case .frame(let frame):
            played.append(Int(frame.payload.loadUnaligned(as: Int64.self)))
            outputs.append("f")
            delaysMs.append(buffer.statistics.delayMs)
        case .lost(let duration, _):
            #expect(duration == 160)
            outputs.append("l")
        case .empty: outputs.append("e")
        }
    }

    /// One tick of 20 ms: send, deliver, take.
    func tick(delayUs: Int64?, copies: Int = 1) {
        send(delayUs: delayUs, copies: copies)
        pass()
    }

    /// One tick in which nothing is sent.
    func pass() {
        nowUs += 20_000
        deliver(until: nowUs)
        take()
    }

    func isInOrder() -> Bool { zip(played, played.dropFirst()).allSatisfy { $0 < $1 } }
    func count(_ output: Character, last: Int = .max) -> Int { outputs.suffix(last).filter { $0 == output }.count }
}

struct JitterBufferTests {
    @Test("On a perfect network every packet is played, in order, after the first delay")
    func perfect() {
        let network = Network()
        for _ in 0..<500 { network.tick(delayUs: 5000) }
        #expect(network.isInOrder())
        #expect(network.played.first == 0)
        #expect(network.count("l") == 0)
        #expect(network.count("e") <= 2)
        #expect(network.count("f") >= 498)
        #expect(network.delaysMs.allSatisfy { $0 <= 45 })
    }

    @Test("Reordered packets are played in order, none is made up")
    func reordering() {
        let network = Network()
        for index in 0..<400 { network.tick(delayUs: index % 4 == 0 ? 35_000 : 5000) }
        #expect(network.isInOrder())
        #expect(network.count("l", last: 300) == 0)
        #expect(network.count("f", last: 300) == 300)
    }

    @Test("A lost packet is made up once and its place is not waited for")
    func loss() {
        let network = Network()
        for index in 0..<400 { network.tick(delayUs: index % 10 == 9 ? nil : 3000) }
        #expect(network.isInOrder())
        #expect(network.count("l", last: 300) == 30)
        #expect(network.count("f", last: 300) == 270)
        #expect(network.delaysMs.suffix(100).max()! <= 65)
    }

    @Test("Copies are played once")
    func duplicates() {
        let network = Network()
        for _ in 0..<100 { network.tick(delayUs: 3000, copies: 3) }
        #expect(network.isInOrder())
        let statistics = network.buffer.statistics
        #expect(statistics.duplicates + statistics.late >= 190)
        #expect(network.count("l") == 0)
    }

    @Test("The delay grows with jitter, loses little, and comes back when the network is quiet again")
    func jitterComesAndGoes() {
        let network = Network(seed: 4)
        for _ in 0..<250 { network.tick(delayUs: 2000) }
        let quiet = network.delaysMs.last!
        for _ in 0..<1000 { network.tick(delayUs: Int64.random(in: 0...80_000, using: &network.random)) }
        #expect(network.count("l", last: 500) < 40)
        #expect(network.delaysMs.suffix(200).min()! > 60)
        for _ in 0..<1500 { network.tick(delayUs: 2000) }
        #expect(network.delaysMs.last! <= quiet + 25)
        #expect(network.isInOrder())
        #expect(network.count("f", last: 200) == 200)
    }

    @Test("After a stall that delivers many packets at once, the delay comes back down", arguments: [100, 150, 250, 400])
    func burst(stallMs: Int) {
        let network = Network()
        for _ in 0..<250 { network.tick(delayUs: 2000) }
        let before = network.delaysMs.last!
        for step in 0..<stallMs / 20 { network.tick(delayUs: Int64((stallMs - step * 20) * 1000)) }
        for _ in 0..<50 { network.tick(delayUs: 2000) }
        #expect(network.delaysMs.last! <= 230)
        for _ in 0..<1200 { network.tick(delayUs: 2000) }
        #expect(network.delaysMs.last! <= before + 25)
        #expect(network.isInOrder())
        #expect(network.count("f", last: 100) == 100)
    }

    @Test("A sender whose clock runs fast or slow neither fills nor starves the buffer", arguments: [-300, -100, 100, 300])
    func drift(partsPerMillion: Int) {
        let network = Network(seed: 9)
        var sentUs = 0.0
        let stepUs = 20_000 * (1 - Double(partsPerMillion) / 1e6)
        // Ten minutes of packets that leave by the sender's clock.
        for index in 0..<30_000 {
            while sentUs <= Double(index) * 20_000 {
                network.send(delayUs: Int64(sentUs - Double(index) * 20_000) + Int64.random(in: 0...3000, using: &network.random) + 20_000)
                sentUs += stepUs
            }
            network.pass()
        }
        let slips = Int(Double(abs(partsPerMillion)) * 1e-6 * 30_000) + 3
        #expect(network.count("l") + network.count("e") <= slips + 4)
        let dropped = network.buffer.statistics.dropped
        #expect(dropped <= slips)
        #expect(network.delaysMs.max()! <= 85)
        #expect(network.isInOrder())
    }

    @Test("A silence of the sender is silence, not loss, and talk goes on afterwards")
    func silenceSuppression() {
        let network = Network()
        for _ in 0..<5 {
            for _ in 0..<100 { network.tick(delayUs: 3000) }
            for _ in 0..<60 {
                network.timestamp = network.timestamp &+ 160
                network.pass()
            }
        }
        for _ in 0..<100 { network.tick(delayUs: 3000) }
        // The frames made up at the end of each talk are all that is made up.
        #expect(network.count("l") <= 5 * 6)
        #expect(network.played.count >= 590)
        #expect(network.isInOrder())
        #expect(network.delaysMs.last! <= 45)
    }

    @Test("A short silence with packets of the next talk already there is silence")
    func shortSilence() {
        let network = Network(JitterBufferConfiguration(minimumDelayMs: 100, initialDelayMs: 100))
        for _ in 0..<100 { network.tick(delayUs: 3000) }
        // 80 ms without packets, less than the delay that is kept.
        for _ in 0..<4 {
            network.timestamp = network.timestamp &+ 160
            network.pass()
        }
        for _ in 0..<50 { network.tick(delayUs: 3000) }
        #expect(network.count("l") == 0)
        let played = network.buffer.statistics.played
        #expect(played >= 145)
    }

    @Test("Packets that are no audio are passed over without making anything up")
    func telephoneEvents() {
        let network = Network()
        for _ in 0..<50 { network.tick(delayUs: 0) }
        let before = network.count("l")
        for _ in 0..<10 {
            let header = RTPHeader(payloadType: 101, sequenceNumber: network.sequence, timestamp: network.timestamp, ssrc: 77)
            network.sequence &+= 1
            network.buffer.skip(header, atUs: network.nowUs)
            network.pass()
        }
        network.timestamp = network.timestamp &+ 1600
        for _ in 0..<50 { network.tick(delayUs: 0) }
        #expect(network.count("l") == before)
        #expect(network.isInOrder())
        #expect(network.played.count >= 97)
    }

    @Test("A new SSRC starts anew at once")
    func newSource() {
        let network = Network()
        for _ in 0..<50 { network.tick(delayUs: 0) }
        network.ssrc = 78
        network.sequence = 60_000
        network.timestamp = 5
        for _ in 0..<50 { network.tick(delayUs: 0) }
        let restarts = network.buffer.statistics.restarts
        #expect(restarts == 1)
        #expect(network.count("f", last: 45) == 45)
        #expect(network.isInOrder())
    }

    @Test("A jump of the sequence or timestamps without a new SSRC costs one packet", arguments: [true, false])
    func jump(ofSequence: Bool) {
        let network = Network()
        for _ in 0..<50 { network.tick(delayUs: 0) }
        if ofSequence { network.sequence &+= 20_000 } else { network.timestamp = network.timestamp &+ 1_000_000 }
        for _ in 0..<50 { network.tick(delayUs: 0) }
        let restarts = network.buffer.statistics.restarts
        #expect(restarts == 1)
        #expect(network.count("f", last: 44) == 44)
    }

    @Test("One stray packet changes nothing")
    func stray() {
        let network = Network()
        for _ in 0..<50 { network.tick(delayUs: 0) }
        let stray = RTPHeader(payloadType: 0, sequenceNumber: network.sequence &+ 30_000, timestamp: 1, ssrc: 77)
        let outcome = [UInt8]([1]).withUnsafeBytes { network.buffer.put(stray, payload: $0, duration: 160, atUs: network.nowUs) }
        #expect(outcome == .suspicious)
        for _ in 0..<50 { network.tick(delayUs: 0) }
        let restarts = network.buffer.statistics.restarts
        #expect(restarts == 0)
        #expect(network.count("f", last: 90) == 90)
    }

    @Test("A sender whose timestamps stood still while it was on hold is heard again soon", arguments: [500, 1500, 5000])
    func frozenTimestamps(holdMs: Int) {
        let network = Network()
        for _ in 0..<100 { network.tick(delayUs: 0) }
        for _ in 0..<holdMs / 20 { network.pass() }
        for _ in 0..<50 { network.tick(delayUs: 0) }
        #expect(network.count("f", last: 44) == 44)
        #expect(network.delaysMs.last! <= 45)
    }

    @Test("A payload of the largest size is kept, a larger one refused")
    func payloadSize() {
        var buffer = JitterBuffer(JitterBufferConfiguration(payloadCapacity: 200))
        let header = RTPHeader(payloadType: 0, sequenceNumber: 1, timestamp: 0, ssrc: 1)
        let fits = [UInt8](repeating: 1, count: 200), larger = [UInt8](repeating: 1, count: 201)
        let refused = larger.withUnsafeBytes { buffer.put(header, payload: $0, duration: 160, atUs: 0) }
        let accepted = fits.withUnsafeBytes { buffer.put(header, payload: $0, duration: 160, atUs: 0) }
        #expect(refused == .tooLarge && accepted == .accepted)
        let count = buffer.count
        #expect(count == 1)
    }

    @Test("A flood without a reader never holds more than the capacity")
    func flood() {
        let network = Network()
        for _ in 0..<1000 {
            network.send(delayUs: 0)
            network.nowUs += 20_000
            network.deliver(until: network.nowUs)
        }
        let (count, capacity) = (network.buffer.count, network.buffer.capacity)
        #expect(count == capacity)
        for _ in 0..<100 { network.tick(delayUs: 0) }
        #expect(network.delaysMs.last! <= 230)
        #expect(network.isInOrder())
    }

    @Test("Frames of other lengths than the player's tick keep their own pace", arguments: [10, 30, 60])
    func otherPacketTimes(ptimeMs: Int) {
        var buffer = JitterBuffer()
        let units = UInt32(ptimeMs * 8)
        var header = RTPHeader(payloadType: 0, sequenceNumber: 0, timestamp: 0, ssrc: 1)
        var ready = 0, lost = 0, empty = 0
        var sentMs = 0
        for nowMs in stride(from: 0, to: 20_000, by: 20) {
            while sentMs <= nowMs {
                _ = [UInt8]([1]).withUnsafeBytes { buffer.put(header, payload: $0, duration: units, atUs: Int64(sentMs) * 1000) }
                header.sequenceNumber &+= 1
                header.timestamp &+= units
                sentMs += ptimeMs
            }
            // The player takes whenever it has less than a tick of audio.
            while ready < 20 {
                switch buffer.take(atUs: Int64(nowMs) * 1000) {
                case .frame(let frame): ready += Int(frame.duration) / 8
                case .lost(let duration, _):
                    ready += Int(duration) / 8
                    lost += 1
                case .empty:
                    ready = 20
                    empty += 1
                }
            }
            ready -= 20
        }
        #expect(lost <= 2 && empty <= 5)
        let played = buffer.statistics.played
        #expect(played >= 20_000 / ptimeMs - 10)
    }

    @Test("On any network, order holds, memory is bounded and the delay stays below its maximum", arguments: 0..<25)
    func anyNetwork(seed: UInt64) {
        let network = Network(seed: seed)
        let jitterUs = Int64.random(in: 0...150_000, using: &network.random)
        let lossShare = Double.random(in: 0...0.3, using: &network.random)
        var stallUntil: Int64 = 0
        for _ in 0..<3000 {
            if Double.random(in: 0..<1, using: &network.random) < 0.003 {
                stallUntil = network.nowUs + Int64.random(in: 50_000...600_000, using: &network.random)
            }
            let delay = max(Int64.random(in: 0...jitterUs, using: &network.random), stallUntil - network.nowUs)
            let isLost = Double.random(in: 0..<1, using: &network.random) < lossShare
            network.tick(delayUs: isLost ? nil : delay, copies: Int.random(in: 1...2, using: &network.random))
        }
        #expect(network.outputs.count == 3000)
        #expect(network.isInOrder())
        #expect(network.delaysMs.suffix(2000).filter { $0 > 260 }.count < 40)
        #expect(network.count("f") > 1200)
        for _ in 0..<1500 { network.tick(delayUs: 1000) }
        #expect(network.delaysMs.last! <= 65)
        #expect(network.count("f", last: 100) == 100)
    }

    @Test("Random packets at random times never trap", arguments: 0..<10)
    func randomPackets(seed: UInt64) {
        var random = SeededGenerator(seed)
        var buffer = JitterBuffer(
            JitterBufferConfiguration(
                clockRate: Int.random(in: -5...500_000, using: &random),
                maximumDelayMs: Int.random(in: -5...5000, using: &random)))
        for _ in 0..<5000 {
            let header = RTPHeader(
                payloadType: 0, sequenceNumber: UInt16.random(in: 0...UInt16.max, using: &random),
                timestamp: UInt32.random(in: 0...UInt32.max, using: &random), ssrc: UInt32.random(in: 0...1, using: &random))
            let payload = random.bytes(upTo: 20)
            let nowUs = Int64.random(in: Int64.min...Int64.max, using: &random)
            let duration = UInt32.random(in: 0...UInt32.max, using: &random)
            _ = payload.withUnsafeBytes { buffer.put(header, payload: $0, duration: duration, atUs: nowUs) }
            if Bool.random(using: &random) { buffer.skip(header, atUs: nowUs) }
            _ = buffer.take(atUs: Int64.random(in: Int64.min...Int64.max, using: &random))
            let (count, capacity) = (buffer.count, buffer.capacity)
            #expect(count <= capacity)
        }
    }
}
