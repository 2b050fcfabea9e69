import Audio
import Testing

@testable import Media
@testable import RTP

/// One packet that a graph sent.
struct SentPacket {
    var socket: Int32
    var bytes: [UInt8]
    var destination: NetworkAddress?
    var atNs: UInt64

    private var parsed: RTPPacket? { bytes.withUnsafeBytes { RTPPacket(parsing: $0) } }
    /// Where its parts are; a trap for what is no packet.
    var packet: RTPPacket { parsed! }
    var header: RTPHeader { parsed?.header ?? RTPHeader(payloadType: 127, sequenceNumber: 0, timestamp: 0, ssrc: 0) }
    var payload: [UInt8] { parsed.map { Array(bytes[$0.payloadOffset..<$0.payloadOffset + $0.payloadLength]) } ?? [] }
    var sequence: UInt16 { header.sequenceNumber }
    var timestamp: UInt32 { header.timestamp }
}

/// Drives a media graph without sockets, in virtual time.
final class Bench {
    /// Catches what is sent.
    final class Recorder {
        var sent: [SentPacket] = []
        var nowNs: UInt64 = 0
    }

    struct Phone {
        var id: PortID
        var address: NetworkAddress
        var socket: Int32
        var ssrc: UInt32
        var sequence: UInt16 = 0
        var timestamp: UInt32 = 0
        let counters: LegCounters
    }

    let recorder = Recorder()
    var graph: MediaGraph
    var nowNs: UInt64 = 1_000_000_000
    private var phones: Int32 = 0
    private var counters: [LegCounters] = []

    deinit {
        for index in 0..<graph.highWater where graph.legs[index].kind != .free { _ = graph.close(graph.id(Int32(index))) }
        for audio in graph.discarded { audio.release() }
        for tap in graph.endedTaps { tap.tell() }
        for counters in counters { counters.deallocate() }
    }

    init(_ settings: GraphSettings = Bench.quiet, seed: UInt64 = 1) {
        let sink = PacketSink(
            function: { context, socket, bytes, count, address, _ in
                guard let context else { return }
                let recorder = Unmanaged<Recorder>.fromOpaque(context).takeUnretainedValue()
                recorder.sent.append(
                    SentPacket(
                        socket: socket, bytes: [UInt8](UnsafeRawBufferPointer(start: bytes, count: count)),
                        destination: NetworkAddress(address),
                        atNs: recorder.nowNs))
            }, context: Unmanaged.passUnretained(recorder).toOpaque())
        graph = MediaGraph(settings: settings, sink: sink, seed: seed)
    }

    /// No RTCP, so that only what a test is about is sent.
    static var quiet: GraphSettings {
        var settings = GraphSettings()
        settings.rtcpIntervalNs = 0
        settings.capacity = 256
        return settings
    }

    static func address(_ text: String, _ port: UInt16) -> NetworkAddress {
        NetworkAddress(host: text, port: port) ?? NetworkAddress(host: "127.0.0.1", port: 1)!
    }

    // MARK: Ports

    private func opening(_ kind: Leg.Kind, _ index: Int32) -> (PortID, SendSequence, LegCounters) {
        let sending = SendSequence(
            ssrc: 0xA000 &+ UInt32(index), firstSequence: UInt16(truncatingIfNeeded: 65_500 + index), firstTimestamp: .max - 800)
        let memory = LegCounters.allocate()
        counters.append(memory)
        return (PortID(index: index, generation: 1), sending, memory)
    }

    func openPhone(_ codec: AudioCodec = .pcmu, ptimeMs: Int = 20, events: UInt8? = 101, configure: Bool = true) -> Phone {
        let index = phones
        phones += 1
        let (id, sending, counters) = opening(.rtp, index)
        let socket = 1_000 + 2 * index
        graph.nowNs = nowNs
        graph.open(
            id, kind: .rtp, sockets: SocketPair(rtp: socket, rtcp: socket + 1, port: UInt16(2_000 + 2 * index)),
            signalling: nil, sending: sending, counters: counters)
        let phone = Phone(
            id: id, address: Self.address("192.0.2.\(index + 1)", 4_000), socket: socket, ssrc: 77 + UInt32(index),
            sequence: UInt16(truncatingIfNeeded: 1_000 * index), timestamp: 5_000 * UInt32(index), counters: counters)
        if configure { self.configure(phone, stream(phone, codec, ptimeMs: ptimeMs, events: events)) }
        return phone
    }

    func stream(_ phone: Phone, _ codec: AudioCodec = .pcmu, ptimeMs: Int = 20, events: UInt8? = 101) -> MediaStream {
        MediaStream(
            remote: MediaAddress(phone.address), codec: codec, payloadType: codec.staticPayloadType ?? 96,
            acceptedPayloadTypes: [0: .pcmu, 8: .pcma], telephoneEventPayloadType: events, ptimeMs: ptimeMs)
    }

    func configure(_ phone: Phone, _ stream: MediaStream) { apply(.configure(StreamSettings(stream)), phone.id) }

    func openPipe() -> (PortID, PortID) {
        var ids: [PortID] = []
        for _ in 0..<2 {
            let (id, sending, counters) = opening(.pipe, phones)
            phones += 1
            graph.open(
                id, kind: .pipe, sockets: SocketPair(rtp: -1, rtcp: -1, port: 0), signalling: nil, sending: sending, counters: counters)
            ids.append(id)
        }
        apply(.pair(ids[1]), ids[0])
        return (ids[0], ids[1])
    }

    func openMixer() -> PortID {
        let (id, sending, counters) = opening(.mixer, phones)
        phones += 1
        graph.open(id, kind: .mixer, sockets: SocketPair(rtp: -1, rtcp: -1, port: 0), signalling: nil, sending: sending, counters: counters)
        return id
    }

    func apply(_ action: MediaCommand.Action, _ id: PortID) {
        graph.nowNs = nowNs
        graph.apply(action, to: id)
    }

    func connect(_ one: PortID, _ two: PortID) {
        apply(.connect(two), one)
        apply(.connect(one), two)
    }

    // MARK: Time and packets

    /// Lets a phone send its next packet.
    func speak(
        _ phone: inout Phone, _ payload: [UInt8] = [UInt8](repeating: 0x55, count: 160), payloadType: UInt8 = 0, marker: Bool = false,
        units: UInt32? = nil
    ) {
        send(phone, sequence: phone.sequence, timestamp: phone.timestamp, payload, payloadType: payloadType, marker: marker)
        phone.sequence &+= 1
        phone.timestamp &+= units ?? UInt32(payload.count)
    }

    func send(
        _ phone: Phone, sequence: UInt16, timestamp: UInt32, _ payload: [UInt8], payloadType: UInt8 = 0, marker: Bool = false,
        from source: NetworkAddress? = nil
    ) {
        let header = RTPHeader(payloadType: payloadType, marker: marker, sequenceNumber: sequence, timestamp: timestamp, ssrc: phone.ssrc)
        var bytes = [UInt8](repeating: 0, count: RTPHeader.byteCount) + payload
        bytes.withUnsafeMutableBytes { header.write(to: $0.baseAddress!) }
        sendBytes(phone, bytes, from: source ?? phone.address)
    }

    func sendBytes(_ phone: Phone, _ bytes: [UInt8], from source: NetworkAddress) {
        graph.nowNs = nowNs
        recorder.nowNs = nowNs
        var copy = bytes + [0]
        copy.withUnsafeMutableBytes { graph.receive(phone.id.index, $0.baseAddress!, bytes.count, from: source) }
    }

    func sendControl(_ phone: Phone, _ packets: [RTCPPacket], from source: NetworkAddress) {
        graph.nowNs = nowNs
        sendControlBytes(phone, RTCP.encode(packets), from: source)
    }

    func sendControlBytes(_ phone: Phone, _ bytes: [UInt8], from source: NetworkAddress) {
        graph.nowNs = nowNs
        var copy = bytes + [0]
        copy.withUnsafeMutableBytes { graph.receiveControl(phone.id.index, $0.baseAddress!, bytes.count, from: source) }
    }

    /// Lets 20 ms pass, several times.
    func tick(_ count: Int = 1) {
        for _ in 0..<count {
            nowNs += Frame.durationNs
            recorder.nowNs = nowNs
            graph.tick(atNs: nowNs)
        }
    }

    /// Gives what a phone was sent since the last call for it.
    func heard(_ phone: Phone) -> [SentPacket] {
        defer { recorder.sent.removeAll { $0.socket == phone.socket } }
        return recorder.sent.filter { $0.socket == phone.socket }
    }

    /// Gives and forgets the events of a port.
    func events(_ id: PortID) -> [MediaEvent] {
        defer { graph.events.removeAll { $0.port == id } }
        return graph.events.filter { $0.port == id }.compactMap(\.mediaEvent)
    }

    func route(_ phone: Phone) -> Leg.Route { graph.legs[Int(phone.id.index)].route }
}

extension Bench {
    /// Lets every phone say its level for a while, nil for nothing; gives what each heard at the end, nil for no packets.
    func converse(_ phones: inout [Phone], saying levels: [Int16?], ticks: Int = 40) -> [Int?] {
        for phone in phones { _ = heard(phone) }
        for _ in 0..<ticks {
            for (index, level) in levels.enumerated() { if let level { speak(&phones[index], muLaw(level)) } }
            tick()
        }
        return phones.map { phone in
            let packets = heard(phone)
            expectContinuous(packets)
            return packets.last.map { level($0.payload) }
        }
    }
}

/// Tells whether a level is what was wanted, but for what coding changes.
func isNear(_ heard: Int?, _ wanted: Int) -> Bool {
    heard.map { abs($0 - wanted) <= max(12, abs(wanted) / 20) } ?? false
}

/// Checks that packets form one stream: one SSRC, no gap in sequence numbers, timestamps (of one payload type, if given) that follow
/// real time closely.
func expectContinuous(
    _ packets: [SentPacket], clockRate: Int = 8_000, toleranceMs: Int = 60, timedPayloadType: UInt8? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    for (one, next) in zip(packets, packets.dropFirst()) {
        #expect(one.header.ssrc == next.header.ssrc, sourceLocation: sourceLocation)
        #expect(next.sequence == one.sequence &+ 1, sourceLocation: sourceLocation)
    }
    guard let first = packets.first else { return }
    for packet in packets where timedPayloadType == nil || packet.header.payloadType == timedPayloadType {
        let said = Int(Int32(bitPattern: packet.timestamp &- first.timestamp)) * 1_000 / clockRate
        let passed = Int((packet.atNs - first.atNs) / 1_000_000)
        #expect(abs(said - passed) <= toleranceMs, "timestamp says \(said) ms, clock says \(passed) ms", sourceLocation: sourceLocation)
    }
}

/// Makes audio of one constant level.
func constant(_ value: Int16, ms: Int, rate: Int = 8_000) -> PCMBuffer {
    PCMBuffer(samples: [Int16](repeating: value, count: rate * ms / 1_000), sampleRate: rate)
}

/// Gives the mean level of a µ-law or A-law payload.
func level(_ payload: [UInt8], _ codec: AudioCodec = .pcmu) -> Int {
    guard !payload.isEmpty else { return 0 }
    var pcm = [Int16](repeating: 0, count: payload.count)
    if codec == .pcma { G711.decodeALaw(payload, payload.count, into: &pcm) } else { G711.decodeMuLaw(payload, payload.count, into: &pcm) }
    return pcm.reduce(0) { $0 + Int($1) } / payload.count
}

/// The root of the mean square of a µ-law payload.
func loudness(_ payload: [UInt8]) -> Double {
    var pcm = [Int16](repeating: 0, count: payload.count)
    G711.decodeMuLaw(payload, payload.count, into: &pcm)
    return loudness(pcm)
}

/// The root of the mean square of samples.
func loudness(_ pcm: [Int16]) -> Double {
    (pcm.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, pcm.count))).squareRoot()
}

/// Encodes a constant level as µ-law.
func muLaw(_ value: Int16, _ count: Int = 160) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    G711.encodeMuLaw([Int16](repeating: value, count: count), count, into: &bytes)
    return bytes
}
