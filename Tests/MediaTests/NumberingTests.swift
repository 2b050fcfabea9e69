import Testing

@testable import Media

@Suite("Numbering of sent packets")
struct NumberingTests {
    @Test("Packets in a row go on without a gap, across the wraps")
    func contiguous() {
        var send = SendSequence(ssrc: 1, firstSequence: 65_534, firstTimestamp: .max - 200)
        var last = send.place(nowNs: 0)
        #expect(last.marker)
        send.sent(last, duration: 160, nowNs: 0)
        for index in 1...10 {
            let place = send.place(nowNs: UInt64(index) * 20_000_000)
            #expect(place == .init(sequence: last.sequence &+ 1, timestamp: last.timestamp &+ 160, marker: false))
            send.sent(place, duration: 160, nowNs: UInt64(index) * 20_000_000)
            last = place
        }
    }

    @Test("A gap is counted in real time and begins a talk spurt", arguments: [(8_000, 1_000), (16_000, 250), (48_000, 60_000)])
    func gap(rate: Int, ms: Int) {
        var send = SendSequence(ssrc: 1, firstSequence: 0, firstTimestamp: 0)
        send.setClockRate(UInt32(rate))
        send.sent(send.place(nowNs: 0), duration: UInt32(rate / 50), nowNs: 0)
        let place = send.place(nowNs: UInt64(ms) * 1_000_000)
        #expect(place == .init(sequence: 1, timestamp: UInt32(rate / 1_000 * ms), marker: true))
    }

    @Test("Changing the clock rate keeps the length of the last packet")
    func clockChange() {
        var send = SendSequence(ssrc: 1, firstSequence: 0, firstTimestamp: 0)
        send.sent(send.place(nowNs: 0), duration: 160, nowNs: 0)
        send.setClockRate(16_000)
        #expect(send.place(nowNs: 20_000_000).timestamp == 320)
    }

    @Test("Forwarding keeps losses and order visible", arguments: 0..<40)
    func forwardingKeepsOrder(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var send = SendSequence(
            ssrc: 1, firstSequence: .random(in: 0 ... .max, using: &random), firstTimestamp: .random(in: 0 ... .max, using: &random))
        var mapping = ForwardMapping()
        let first = UInt16.random(in: 0 ... .max, using: &random), start = UInt32.random(in: 0 ... .max, using: &random)
        var order = Array(1..<300).filter { _ in Int.random(in: 0..<10, using: &random) > 0 }
        for index in stride(from: 0, to: order.count - 4, by: 4) { order[index...index + 2].shuffle(using: &random) }
        order.insert(0, at: 0)
        var offset: UInt16?
        for number in order {
            let place = mapping.map(
                ssrc: 9, sequence: first &+ UInt16(number), timestamp: start &+ UInt32(160 * number), marker: false,
                duration: 160, into: &send, nowNs: UInt64(number) * 20_000_000)
            guard let place else { Issue.record("packet \(number) was dropped"); continue }
            offset = offset ?? place.sequence
            #expect(place.sequence == (offset ?? 0) &+ UInt16(number))
        }
        #expect(send.nextSequence == (offset ?? 0) &+ UInt16((order.max() ?? 0) + 1))
    }

    @Test("A packet of before the anchor is dropped, not sent under a number already used")
    func lateBeforeAnchor() {
        var send = SendSequence(ssrc: 1, firstSequence: 10, firstTimestamp: 0)
        var mapping = ForwardMapping()
        func map(_ sequence: UInt16, _ mapping: inout ForwardMapping, _ send: inout SendSequence) -> SendSequence.Place? {
            mapping.map(ssrc: 9, sequence: sequence, timestamp: UInt32(sequence) * 160, marker: false, duration: 160, into: &send, nowNs: 0)
        }
        #expect(map(100, &mapping, &send)?.sequence == 10)
        #expect(map(99, &mapping, &send) == nil)
        #expect(map(101, &mapping, &send)?.sequence == 11)
    }

    @Test(
        "A new source joins without a seam",
        arguments: [
            (UInt32(8), UInt16(201), UInt32(32_160)), (9, 40_000, 32_160), (9, 201, 9_000_000),
        ])
    func newSource(ssrc: UInt32, sequence: UInt16, timestamp: UInt32) {
        var send = SendSequence(ssrc: 1, firstSequence: 10, firstTimestamp: 1_000)
        var mapping = ForwardMapping()
        _ = mapping.map(ssrc: 9, sequence: 200, timestamp: 32_000, marker: false, duration: 160, into: &send, nowNs: 0)
        let place = mapping.map(
            ssrc: ssrc, sequence: sequence, timestamp: timestamp, marker: false, duration: 160, into: &send, nowNs: 20_000_000)
        #expect(place == .init(sequence: 11, timestamp: 1_160, marker: true))
    }
}
