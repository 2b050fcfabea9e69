import Audio
import NIOCore
import RTP
import SDP

/// The audio of one call on the network: numbers and sends packets, and counts what comes.
final class RTPStream {
    let socket: DatagramSocket
    let ownsSocket: Bool
    /// Nil where audio is only counted.
    let voice: Voice?
    private(set) var remote: SocketAddress?
    private(set) var counters = MediaCounters()
    /// Whether packets leave; digits leave in any case.
    var isSending = false
    private var header: RTPHeader
    private var step: UInt32
    /// The packet that is sent again and again where there is no voice.
    private var canned: [UInt8] = []
    /// What protects packets; nil for plain RTP.
    var protection: StreamProtection?
    /// Does the same work for nothing.
    var rehearsal: StreamProtection?

    init(socket: DatagramSocket, ownsSocket: Bool, voice: Voice?, random: UInt64) {
        self.socket = socket
        self.ownsSocket = ownsSocket
        self.voice = voice
        header = RTPHeader(
            payloadType: 0, sequenceNumber: UInt16(truncatingIfNeeded: random >> 48), timestamp: UInt32(truncatingIfNeeded: random >> 16),
            ssrc: UInt32(truncatingIfNeeded: random))
        step = AudioCodec.pcmu.timestampStep(ptimeMs: MediaClock.packetMs)
    }

    /// Takes what was agreed on.
    func use(_ media: NegotiatedMedia, _ codec: AudioCodec) {
        remote = try? SocketAddress(ipAddress: media.remoteAddress, port: media.remotePort)
        header.payloadType = media.codec.sendPayloadType
        step = codec.timestampStep(ptimeMs: MediaClock.packetMs)
        if let voice { voice.use(media, codec) } else { can(codec) }
    }

    private func can(_ codec: AudioCodec) {
        // 1000 Hz has whole periods in a packet, so that repeating it gives a clean tone.
        var source = FrameSource(.tone(1_000), sampleRate: codec.sampleRate)
        let payload = VoiceCoder(codec).encode(source.next(codec.samplesPerFrame(ptimeMs: MediaClock.packetMs)))
        canned = [UInt8](repeating: 0, count: RTPHeader.byteCount) + payload
    }

    // MARK: - Sending

    func tick() {
        defer { header.timestamp &+= step }
        guard let remote else { return }
        guard let voice else {
            if isSending { sendCanned(to: remote) }
            return
        }
        if let digit = voice.nextDigit(at: header.timestamp) {
            send(digit.payload, payloadType: digit.payloadType, marker: digit.marker, timestamp: digit.timestamp, to: remote)
        } else if isSending, let payload = voice.nextFrame() {
            send(payload, payloadType: header.payloadType, marker: counters.packetsSent == 0, timestamp: header.timestamp, to: remote)
        }
    }

    private func send(_ payload: [UInt8], payloadType: UInt8, marker: Bool, timestamp: UInt32, to remote: SocketAddress) {
        var head = header
        head.payloadType = payloadType
        head.marker = marker
        head.timestamp = timestamp
        var packet = [UInt8](repeating: 0, count: RTPHeader.byteCount)
        packet.withUnsafeMutableBytes { if let start = $0.baseAddress { head.write(to: start) } }
        packet += payload
        count(packet.withUnsafeBytes { transmit($0, to: remote) })
    }

    private func transmit(_ packet: UnsafeRawBufferPointer, to remote: SocketAddress) -> Bool {
        if let rehearsal { _ = rehearsal.protect(packet) { _ in true } }
        guard let protection else { return socket.send(packet, to: remote) }
        return protection.protect(packet) { socket.send($0, to: remote) }
    }

    private func sendCanned(to remote: SocketAddress) {
        canned.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            header.write(to: start)
            count(transmit(UnsafeRawBufferPointer(bytes), to: remote))
        }
    }

    private func count(_ isSent: Bool) {
        header.sequenceNumber &+= 1
        if isSent { counters.packetsSent += 1 } else { counters.sendFailures += 1 }
    }

    // MARK: - Receiving

    func receive(_ bytes: UnsafeRawBufferPointer, at nowMs: Int64) {
        guard MediaPacketKind(bytes) == .rtp else { return }
        rehearsal?.open(bytes) { _ in }
        if let protection { protection.open(bytes) { receiveOpened($0, at: nowMs) } } else { receiveOpened(bytes, at: nowMs) }
    }

    private func receiveOpened(_ bytes: UnsafeRawBufferPointer, at nowMs: Int64) {
        counters.packetsReceived += 1
        counters.bytesReceived += bytes.count
        guard let voice, let packet = RTPPacket(parsing: bytes) else { return }
        voice.receive(packet, bytes, at: nowMs)
    }

    func close() {
        isSending = false
        remote = nil
        voice?.close()
        if ownsSocket { socket.close() }
    }
}
