import CallCore
import Foundation
import Media
import RTP

/// Ports without sockets that remember what they were told.
///
/// `@unchecked Sendable`: all of it is called on the control loop only.
final class FakeMedia: MediaPlane, @unchecked Sendable {
    private(set) var ports: [FakePort] = []
    var isFull = false
    private var nextPort = 20_000

    func openRTP(localHost: String, forPeer: MediaAddress?, events: @escaping @Sendable (MediaEvent) -> Void) throws -> any RTPPort {
        guard !isFull, let address = MediaAddress(host: localHost, port: nextPort) else { throw MediaError.portsExhausted(20_000...20_001) }
        nextPort += 2
        let port = FakePort(address: address, peer: forPeer, events: events)
        ports.append(port)
        return port
    }

    func openPipe(first: @escaping @Sendable (MediaEvent) -> Void, second: @escaping @Sendable (MediaEvent) -> Void) throws
        -> (first: any MediaPort, second: any MediaPort)
    {
        throw MediaError.portsExhausted(20_000...20_001)
    }

    func openMixer(events: @escaping @Sendable (MediaEvent) -> Void) throws -> any MediaPort {
        throw MediaError.portsExhausted(20_000...20_001)
    }
}

/// `@unchecked Sendable`: all of it is called on the control loop only.
final class FakePort: RTPPort, @unchecked Sendable {
    let localAddress: MediaAddress
    let peer: MediaAddress?
    let events: @Sendable (MediaEvent) -> Void
    private(set) var streams: [MediaStream] = []
    private(set) var isClosed = false
    private(set) var digits: [DigitToSend] = []

    init(address: MediaAddress, peer: MediaAddress? = nil, events: @escaping @Sendable (MediaEvent) -> Void = { _ in }) {
        localAddress = address
        self.peer = peer
        self.events = events
    }

    private(set) var filters: [TransportFilter?] = []
    private(set) var datagrams: [(bytes: [UInt8], address: NetworkAddress)] = []
    private(set) var protections = 0
    /// Takes datagrams on where they are to arrive somewhere.
    var onSend: ((_ datagram: [UInt8], _ target: NetworkAddress) -> Void)?

    func configure(_ stream: MediaStream) { streams.append(stream) }
    func setTransportFilter(_ filter: TransportFilter?) { filters.append(filter) }
    func send(_ datagram: [UInt8], to address: NetworkAddress) {
        datagrams.append((datagram, address))
        if !isClosed { onSend?(datagram, address) }
    }
    func protect(_ protection: MediaProtection) { protections += 1 }
    func close() { isClosed = true }
    func sendDigits(_ digits: [DigitToSend], token: UInt64) { self.digits += digits }

    let playPositionMs = 0
    var statistics: MediaStatistics { MediaStatistics() }
    func play(_ item: PlayItem, token: UInt64) {}
    func pausePlay() {}
    func resumePlay() {}
    func seekPlay(byMs: Int) {}
    func restartPlay() {}
    func stopPlay() {}
    func setBackground(_ item: PlayItem?) {}
    func connect(to peer: (any MediaPort)?) {}
    func setEcho(_ on: Bool) {}
    func setMuted(incoming: Bool, outgoing: Bool) {}
    func setReceivesDigits(_ on: Bool) {}
    func setAbsorbsDigits(_ on: Bool) {}
    func setPart(speaks: Bool, hears: Bool) {}
    func setTalkDetection(_ detection: TalkDetection?) {}
    func setToneDetection(_ detection: ToneDetection?) {}
    func setSide(_ side: MixerSide) {}
    func snoop(on target: (any MediaPort)?, _ directions: SnoopDirections) {}
    func addTap(_ tap: AudioTap) {}
    func removeTap(_ tap: AudioTap) {}
}
