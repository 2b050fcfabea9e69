import FuzzTarget
import RTP

/// Reads each input as one packet, and as a series of packets that arrive at a receiver.
@main
enum RTPPackets: FuzzTarget {
    static func test(_ input: UnsafeRawBufferPointer) {
        _ = MediaPacketKind(input)
        readRTP(input)
        readRTCP(input)
        receiveSeries(input)
    }

    private static func readRTP(_ input: UnsafeRawBufferPointer) {
        guard let packet = RTPPacket(parsing: input) else { return }
        precondition(packet.payload(in: input).count == packet.payloadLength)
        for index in -1...packet.csrcCount { _ = packet.csrc(index, in: input) }
        if let event = TelephoneEvent(parsing: packet.payload(in: input)) { _ = TelephoneEvent.digit(ofEvent: event.event) }
    }

    private static func readRTCP(_ input: UnsafeRawBufferPointer) {
        guard let packets = try? RTCP.parse(input) else { return }
        var statistics = RTPStatistics(localSSRC: 1)
        try? RTCP.forEachReport(in: input) { info, block in
            if let info { statistics.received(info, atUs: 1_000_000) }
            if let block { statistics.received(block, time: NTPTime(value: 1 << 40)) }
        }
        let encoded = RTCP.encode(packets)
        guard let again = encoded.withUnsafeBytes({ try? RTCP.parse($0) }) else { return }
        precondition(RTCP.encode(again) == encoded, "encoding must be stable")
    }

    private static func receiveSeries(_ input: UnsafeRawBufferPointer) {
        var reader = InputReader(input)
        var receiver = Receiver(&reader)
        while !reader.isAtEnd { receiver.step(&reader) }
    }
}

/// All that a stream of packets passes through.
private struct Receiver: ~Copyable {
    private var buffer: JitterBuffer
    private var events: TelephoneEventReceiver
    private var statistics: RTPStatistics
    private var nowUs: Int64

    init(_ reader: inout InputReader) {
        buffer = JitterBuffer(
            JitterBufferConfiguration(
                clockRate: reader.number() * 4, frameMs: Int(reader.byte()), minimumDelayMs: Int(reader.byte()),
                initialDelayMs: Int(reader.byte()), maximumDelayMs: reader.number(), payloadCapacity: reader.number()))
        events = TelephoneEventReceiver(clockRate: reader.number())
        statistics = RTPStatistics(clockRate: reader.number(), localSSRC: 1)
        // Somewhere from the start of the clock to some hundred years later.
        nowUs = Int64(reader.number()) << Int64(reader.byte() % 38)
    }

    mutating func step(_ reader: inout InputReader) {
        let action = reader.byte()
        nowUs += Int64(reader.byte()) * 1000
        switch action % 8 {
        case 0...2: receive(reader.piece(Int(reader.byte())), duration: UInt32(reader.number()))
        case 3...5: play()
        case 6: report()
        default: leap(&reader, resets: action >= 128)
        }
    }

    private mutating func receive(_ bytes: [UInt8], duration: UInt32) {
        bytes.withUnsafeBytes { bytes in
            guard let packet = RTPPacket(parsing: bytes) else { return }
            let payload = packet.payload(in: bytes)
            statistics.received(packet.header, payloadBytes: payload.count, atUs: nowUs)
            if packet.header.payloadType == 101 {
                let digits = events.receive(packet.header, payload: payload, at: nowUs / 1000)
                _ = (digits.first?.character, digits.second?.character)
                _ = buffer.skip(packet.header, atUs: nowUs)
            } else {
                buffer.put(packet.header, payload: payload, duration: duration, atUs: nowUs)
            }
            precondition(buffer.count <= buffer.capacity)
        }
    }

    private mutating func play() {
        _ = events.expire(at: nowUs / 1000)
        if case .frame(let frame) = buffer.take(atUs: nowUs) {
            // Touches every byte, so that memory given back too early is seen.
            _ = frame.payload.reduce(0) { $0 &+ Int($1) }
        }
    }

    private mutating func report() {
        statistics.sent(payloadBytes: 160)
        let report = statistics.makeReport(time: NTPTime(unixMicroseconds: nowUs), rtpTimestamp: 0, atUs: nowUs)
        var bytes: [UInt8] = []
        RTCP.append(report, cname: "fuzz", to: &bytes)
        precondition(bytes.count % 4 == 0 && !bytes.isEmpty)
    }

    private mutating func leap(_ reader: inout InputReader, resets: Bool) {
        nowUs += Int64(reader.number()) * 100_000
        if resets { buffer.reset() }
    }
}
