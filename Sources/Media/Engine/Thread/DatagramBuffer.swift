internal import CLinuxIO
internal import RTP

/// Holds the memory into which datagrams are received, one per system call.
///
/// One leg has one packet per packet time, so there is seldom a second one to fetch: `recvmmsg` measured dearer than `recvfrom`.
struct DatagramBuffer: ~Copyable {
    private let bytes: UnsafeMutableRawPointer
    private let name: UnsafeMutablePointer<sockaddr_in6>

    init() {
        bytes = .allocate(byteCount: MediaLimits.maxPacketBytes, alignment: 64)
        name = .allocate(capacity: 1)
        name.initialize(to: sockaddr_in6())
    }

    deinit {
        bytes.deallocate()
        name.deallocate()
    }

    /// Receives a datagram that waits on a socket; nil when none does, when it is too long, or when its sender is of no known family.
    func receive(_ socket: Int32) -> (bytes: UnsafeMutableRawPointer, count: Int, source: NetworkAddress)? {
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let count = name.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            recvfrom(socket, bytes, MediaLimits.maxPacketBytes, Int32(MSG_DONTWAIT) | Int32(MSG_TRUNC), $0, &length)
        }
        guard count >= 0, count <= MediaLimits.maxPacketBytes, let source = NetworkAddress(UnsafeRawPointer(name)) else { return nil }
        return (bytes, count, source)
    }
}
