import Audio
import CLinuxIO
import Dispatch
import Glibc
import RTP
import Synchronization
import Testing

@testable import Media

/// Stands for the control loop: a serial queue on which a test calls the engine and is told events.
final class ControlLoop: Sendable {
    let queue = DispatchQueue(label: "control")
    private let told = Mutex<[String: [MediaEvent]]>([:])
    let lines = Mutex<[String]>([])

    var deliver: @Sendable (@escaping @Sendable () -> Void) -> Void { { [queue] work in queue.async(execute: work) } }

    /// Makes the closure that keeps the events of a port under a name.
    func events(_ name: String) -> @Sendable (MediaEvent) -> Void {
        { [self] event in told.withLock { $0[name, default: []].append(event) } }
    }

    func told(_ name: String) -> [MediaEvent] { told.withLock { $0[name] ?? [] } }

    func run<T>(_ body: () throws -> T) rethrows -> T { try queue.sync(execute: body) }

    func engine(_ configure: (inout MediaConfiguration) -> Void = { _ in }) throws -> MediaEngine {
        var configuration = MediaConfiguration()
        configuration.rtpPortRange = 10_000...17_999
        configuration.portRestMs = 0
        configuration.portsBeforeNextThread = 1
        configure(&configuration)
        let log: @Sendable (String) -> Void = { [self] line in lines.withLock { $0.append(line) } }
        return try run { try MediaEngine(configuration: configuration, log: log, deliver: deliver) }
    }
}

/// Waits until something is so; false after ten seconds.
func eventually(_ condition: () -> Bool) -> Bool {
    let endNs = arioso_monotonic_ns() + 10_000_000_000
    while arioso_monotonic_ns() < endNs {
        if condition() { return true }
        usleep(2_000)
    }
    return condition()
}

/// Counts this process's IPv4 sockets that are bound to a port of `range`.
func openSockets(in range: ClosedRange<Int>) -> Int {
    (0..<Int32(16_384)).count { descriptor in
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isSocket = withUnsafeMutableBytes(of: &address) { bytes in
            guard let base = bytes.baseAddress else { return false }
            return getsockname(descriptor, base.assumingMemoryBound(to: sockaddr.self), &length) == 0
        }
        return isSocket && address.sin_family == sa_family_t(AF_INET) && range.contains(Int(UInt16(bigEndian: address.sin_port)))
    }
}

/// A phone of a test on the loopback interface: one socket.
final class LoopbackPhone {
    let descriptor: Int32
    let address: MediaAddress
    private var sequence: UInt16 = 100
    private var timestamp: UInt32 = 0

    init?(host: String = "127.0.0.1") {
        guard var any = NetworkAddress(host: host, port: 0)?.socketAddress else { return nil }
        var length = any.length
        let socket = withUnsafePointer(to: &any.storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { arioso_udp_socket($0, length, 0) }
        }
        guard socket >= 0 else { return nil }
        descriptor = socket
        withUnsafeMutablePointer(to: &any.storage) {
            _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        guard let own = withUnsafeBytes(of: &any.storage, { NetworkAddress($0.baseAddress!) }) else { return nil }
        address = MediaAddress(own)
    }

    deinit { close(descriptor) }

    /// Sends the next packet of 20 ms.
    func speak(to port: any RTPPort, _ payload: [UInt8] = [UInt8](repeating: 0x55, count: 160), payloadType: UInt8 = 0) {
        let header = RTPHeader(payloadType: payloadType, sequenceNumber: sequence, timestamp: timestamp, ssrc: 99)
        var bytes = [UInt8](repeating: 0, count: RTPHeader.byteCount) + payload
        bytes.withUnsafeMutableBytes { header.write(to: $0.baseAddress!) }
        var to = port.localAddress.network.socketAddress
        let length = to.length
        _ = withUnsafePointer(to: &to.storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { sendto(descriptor, bytes, bytes.count, 0, $0, length) }
        }
        sequence &+= 1
        timestamp &+= 160
    }

    /// Gives the packets that came.
    func heard() -> [SentPacket] {
        var result: [SentPacket] = []
        var buffer = [UInt8](repeating: 0, count: 2_048)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return result }
            result.append(SentPacket(socket: descriptor, bytes: Array(buffer[..<count]), destination: nil, atNs: arioso_monotonic_ns()))
        }
    }

    func stream(_ change: (inout MediaStream) -> Void = { _ in }) -> MediaStream {
        var stream = MediaStream(remote: address, codec: .pcmu, payloadType: 0, telephoneEventPayloadType: 101)
        change(&stream)
        return stream
    }
}
