import RTP
import Testing

private typealias Digit = TelephoneEventReceiver.Digit

/// Feeds a receiver and gathers what it reports.
private struct Ear {
    var receiver = TelephoneEventReceiver()
    var digits: [Digit] = []
    var sequence: UInt16 = 0

    mutating func hear(
        _ event: UInt8, _ timestamp: UInt32, duration: UInt16, end: Bool = false, marker: Bool = false,
        ssrc: UInt32 = 1, at nowMs: Int64
    ) {
        var payload = [UInt8](repeating: 0, count: 4)
        payload.withUnsafeMutableBytes { TelephoneEvent(event: event, isEnd: end, duration: duration).write(to: $0.baseAddress!) }
        sequence &+= 1
        let header = RTPHeader(payloadType: 101, marker: marker, sequenceNumber: sequence, timestamp: timestamp, ssrc: ssrc)
        let result = payload.withUnsafeBytes { receiver.receive(header, payload: $0, at: nowMs) }
        digits += [result.first, result.second].compactMap { $0 }
        #expect(result.first != nil || result.second == nil)
    }

    mutating func wait(until nowMs: Int64) {
        if let digit = receiver.expire(at: nowMs) { digits.append(digit) }
    }
}

struct TelephoneEventTests {
    @Test("Digits and events name each other", arguments: Array("0123456789*#ABCD".enumerated().map { ($0.offset, $0.element) }))
    func names(event: Int, digit: Character) {
        #expect(TelephoneEvent.event(ofDigit: digit) == UInt8(event))
        #expect(TelephoneEvent.digit(ofEvent: UInt8(event)) == digit)
    }

    @Test("What is no digit has no event and no name")
    func noNames() {
        #expect(TelephoneEvent.digit(ofEvent: 16) == nil)
        #expect(TelephoneEvent.digit(ofEvent: 255) == nil)
        for digit in "E!x é" { #expect(TelephoneEvent.event(ofDigit: digit) == nil) }
        #expect(TelephoneEvent.event(ofDigit: "d") == 15)
    }

    @Test("A payload shorter than four bytes is no event; a longer one is")
    func payloadLengths() {
        #expect([UInt8]([1, 0x80, 0]).withUnsafeBytes { TelephoneEvent(parsing: $0) } == nil)
        let longer = [UInt8]([1, 0x8A, 1, 0x40, 9, 9]).withUnsafeBytes { TelephoneEvent(parsing: $0) }
        #expect(longer == TelephoneEvent(event: 1, isEnd: true, volume: 10, duration: 320))
    }

    @Test("A digit is reported once, at its first end packet")
    func once() {
        var ear = Ear()
        for step in 1...5 { ear.hear(5, 1000, duration: UInt16(160 * step), marker: step == 1, at: Int64(step * 20)) }
        #expect(ear.digits.isEmpty && ear.receiver.activeEvent == 5)
        for step in 6...8 { ear.hear(5, 1000, duration: 960, end: true, at: Int64(step * 20)) }
        ear.wait(until: 5000)
        #expect(ear.digits == [Digit(event: 5, durationMs: 120)])
    }

    @Test("When all end packets are lost, a timeout ends the digit")
    func lostEnds() {
        var ear = Ear()
        ear.hear(1, 1000, duration: 160, marker: true, at: 0)
        ear.hear(1, 1000, duration: 800, at: 80)
        ear.wait(until: 80 + 299)
        #expect(ear.digits.isEmpty)
        ear.wait(until: 80 + 300)
        #expect(ear.digits == [Digit(event: 1, durationMs: 100)])
        // An end packet that comes after all is not another digit.
        ear.hear(1, 1000, duration: 960, end: true, at: 500)
        ear.wait(until: 5000)
        #expect(ear.digits.count == 1)
    }

    @Test("When all end packets are lost, the next digit ends the one before, even the same digit")
    func nextDigitEnds() {
        var ear = Ear()
        ear.hear(1, 1000, duration: 800, marker: true, at: 0)
        ear.hear(1, 3000, duration: 160, marker: true, at: 200)
        #expect(ear.digits == [Digit(event: 1, durationMs: 100)])
        ear.hear(2, 6000, duration: 400, end: true, at: 400)
        #expect(ear.digits == [Digit(event: 1, durationMs: 100), Digit(event: 1, durationMs: 20), Digit(event: 2, durationMs: 50)])
    }

    @Test("A digit of which only one end packet arrives is reported")
    func onlyEnd() {
        var ear = Ear()
        ear.hear(11, 8000, duration: 1600, end: true, at: 0)
        #expect(ear.digits == [Digit(event: 11, durationMs: 200)])
    }

    @Test("Packets of an older digit that come late change nothing")
    func latePackets() {
        var ear = Ear()
        ear.hear(1, 1000, duration: 800, end: true, at: 0)
        ear.hear(2, 3000, duration: 160, marker: true, at: 20)
        ear.hear(1, 1000, duration: 640, at: 30)
        ear.hear(1, 1000, duration: 800, end: true, at: 35)
        ear.hear(2, 3000, duration: 800, end: true, at: 120)
        ear.hear(2, 3000, duration: 640, at: 130)
        ear.wait(until: 5000)
        #expect(ear.digits.map(\.event) == [1, 2])
    }

    @Test("A packet older than the digit being received doesn't cut it short")
    func olderPacket() {
        var ear = Ear()
        ear.hear(2, 3000, duration: 160, marker: true, at: 20)
        ear.hear(1, 1000, duration: 800, end: true, at: 30)
        ear.hear(2, 3000, duration: 800, end: true, at: 120)
        #expect(ear.digits == [Digit(event: 2, durationMs: 100)])
    }

    @Test("Timestamps may wrap between digits")
    func wrap() {
        var ear = Ear()
        ear.hear(1, UInt32.max - 100, duration: 800, end: true, at: 0)
        ear.hear(2, 2000, duration: 800, end: true, at: 300)
        #expect(ear.digits.map(\.event) == [1, 2])
    }

    @Test("A new SSRC ends the digit and begins a new stream at any timestamp")
    func newSource() {
        var ear = Ear()
        ear.hear(1, 100_000, duration: 800, at: 0)
        ear.hear(1, 50, duration: 400, end: true, ssrc: 2, at: 100)
        #expect(ear.digits == [Digit(event: 1, durationMs: 100), Digit(event: 1, durationMs: 50)])
    }

    @Test("A digit longer than 65535 units goes on in segments and is still one digit")
    func segments() {
        var ear = Ear()
        ear.hear(9, 0, duration: 65_440, at: 8180)
        ear.hear(9, 0xFFFF, duration: 65, at: 8200)
        ear.hear(9, 0xFFFF, duration: 8000, end: true, at: 9200)
        #expect(ear.digits == [Digit(event: 9, durationMs: (65_535 + 8000) / 8)])
    }

    @Test("A duration that stays 0 is replaced by the time between the packets")
    func zeroDuration() {
        var ear = Ear()
        for step in 0...5 { ear.hear(3, 1000, duration: 0, end: step == 5, at: Int64(step * 20)) }
        #expect(ear.digits == [Digit(event: 3, durationMs: 100)])
    }

    @Test("An end packet with a smaller duration doesn't shorten the digit")
    func shrinkingDuration() {
        var ear = Ear()
        ear.hear(3, 1000, duration: 1600, at: 0)
        ear.hear(3, 1000, duration: 160, end: true, at: 20)
        #expect(ear.digits == [Digit(event: 3, durationMs: 200)])
    }

    @Test("A phone that moves the timestamp with every packet still gives one digit")
    func movingTimestamp() {
        var ear = Ear()
        for step in 1...5 {
            ear.hear(4, UInt32(1000 + 160 * step), duration: UInt16(160 * step), end: step == 5, marker: step == 1, at: Int64(step * 20))
        }
        #expect(ear.digits == [Digit(event: 4, durationMs: 100)])
    }

    @Test("Events that are no digits are not reported")
    func otherEvents() {
        var ear = Ear()
        ear.hear(16, 1000, duration: 160, end: true, at: 0)
        ear.hear(36, 3000, duration: 160, end: true, at: 0)
        ear.wait(until: 5000)
        #expect(ear.digits.isEmpty)
    }

    @Test("A sent digit grows per packet, has one marker and three equal ends")
    func sending() throws {
        var sender = TelephoneEventSender()
        #expect(sender.next() == nil)
        sender.begin(event: 7, durationMs: 100, timestamp: 4000)
        var packets: [TelephoneEventSender.Packet] = []
        while let packet = sender.next() { packets.append(packet) }
        #expect(packets.map(\.marker) == [true] + [Bool](repeating: false, count: 6))
        #expect(packets.map(\.event.duration) == [160, 320, 480, 640, 800, 800, 800])
        #expect(packets.map(\.event.isEnd) == [false, false, false, false, true, true, true])
        #expect(packets.allSatisfy { $0.timestamp == 4000 && $0.event.event == 7 })
        #expect(!sender.isActive)
    }

    @Test("A digit that is ended early ends with the next packet")
    func endEarly() {
        var sender = TelephoneEventSender()
        sender.begin(event: 7, durationMs: 10_000, timestamp: 0)
        _ = sender.next()
        sender.end()
        #expect(sender.next()?.event == TelephoneEvent(event: 7, isEnd: true, duration: 320))
    }

    @Test("What is sent is received with its length, whatever packets are lost as long as one arrives", arguments: 0..<30)
    func sentIsReceived(seed: UInt64) {
        var random = SeededGenerator(seed)
        let ptimeMs = [10, 20, 30, 60].randomElement(using: &random)!
        let clockRate = [8000, 16000, 48000].randomElement(using: &random)!
        var sender = TelephoneEventSender(clockRate: clockRate, ptimeMs: ptimeMs)
        var ear = Ear(receiver: TelephoneEventReceiver(clockRate: clockRate))
        var nowMs: Int64 = 0
        var timestamp = UInt32.random(in: 0...UInt32.max, using: &random)
        var sent: [UInt8] = []
        for _ in 0..<40 {
            let event = UInt8.random(in: 0...15, using: &random)
            let durationMs = Int.random(in: 40...(seed % 3 == 0 ? 20_000 : 300), using: &random)
            sent.append(event)
            sender.begin(event: event, durationMs: durationMs, timestamp: timestamp)
            // A long digit needs steady news; of a short one, any single packet is enough.
            let loss = durationMs > 300 ? 0 : 0.5
            var arrived = false
            while let packet = sender.next() {
                let isLast = !sender.isActive
                if Double.random(in: 0..<1, using: &random) >= loss || (isLast && !arrived) {
                    arrived = true
                    ear.hear(
                        packet.event.event, packet.timestamp, duration: packet.event.duration, end: packet.event.isEnd,
                        marker: packet.marker, at: nowMs)
                }
                nowMs += Int64(ptimeMs)
                ear.wait(until: nowMs)
            }
            #expect(arrived)
            let gapMs = 400
            for _ in 0..<gapMs / 10 {
                nowMs += 10
                ear.wait(until: nowMs)
            }
            if loss == 0 { #expect(ear.digits.last?.durationMs == durationMs) }
            timestamp = timestamp &+ UInt32((durationMs + 3 * ptimeMs + gapMs) * clockRate / 1000)
        }
        #expect(ear.digits.map(\.event) == sent)
    }

    @Test("Random packets never trap", arguments: 0..<10)
    func randomPackets(seed: UInt64) {
        var random = SeededGenerator(seed)
        var receiver = TelephoneEventReceiver(clockRate: Int.random(in: -1...100_000, using: &random))
        var reported = 0
        for _ in 0..<5000 {
            let payload = random.bytes(upTo: 6)
            let header = RTPHeader(
                payloadType: 101, marker: Bool.random(using: &random), sequenceNumber: 0,
                timestamp: UInt32.random(in: 0...UInt32.max, using: &random), ssrc: UInt32.random(in: 0...2, using: &random))
            let digits = payload.withUnsafeBytes {
                receiver.receive(header, payload: $0, at: Int64.random(in: 0...100_000, using: &random))
            }
            reported += (digits.first == nil ? 0 : 1) + (digits.second == nil ? 0 : 1)
        }
        #expect(reported > 0)
    }
}
