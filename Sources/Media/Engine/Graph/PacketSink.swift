internal import CLinuxIO

/// Sends packets; a plain C function, so that calling it counts no references, and so that tests can catch what is sent.
struct PacketSink {
    typealias Function =
        @convention(c) (
            _ context: UnsafeMutableRawPointer?, _ socket: Int32, _ bytes: UnsafeRawPointer, _ count: Int,
            _ address: UnsafeRawPointer, _ addressLength: UInt32
        ) -> Void

    var function: Function
    var context: UnsafeMutableRawPointer?

    /// Sends to the network. What the kernel refuses is lost, as any packet may be.
    static var network: PacketSink {
        PacketSink(
            function: { _, socket, bytes, count, address, length in
                _ = sendto(socket, bytes, count, Int32(MSG_DONTWAIT), address.assumingMemoryBound(to: sockaddr.self), length)
            }, context: nil)
    }
}
