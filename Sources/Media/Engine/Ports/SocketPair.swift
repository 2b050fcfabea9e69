internal import CLinuxIO
internal import Glibc
internal import RTP

/// Holds the two bound sockets of a leg, as plain descriptors that whoever holds the value must close.
struct SocketPair: Sendable {
    var rtp: Int32
    var rtcp: Int32
    var port: UInt16

    /// Pairs tried that turn out to belong to other programs before it is given up.
    static let maxAttempts = 64

    /// Opens both sockets at the next free pair of ports.
    static func open(host: NetworkAddress, service: Int32, pairs: inout PortPairs, nowNs: UInt64) throws(MediaError) -> SocketPair {
        for _ in 0..<maxAttempts {
            guard let port = pairs.take(nowNs: nowNs) else { throw .portsExhausted(pairs.range) }
            let rtp = bind(host, port, service)
            let rtcp = rtp < 0 ? rtp : bind(host, port &+ 1, service)
            if rtp >= 0, rtcp >= 0 { return SocketPair(rtp: rtp, rtcp: rtcp, port: port) }
            if rtp >= 0 { Glibc.close(rtp) }
            pairs.giveBack(port, nowNs: nowNs)
            guard rtcp == -EADDRINUSE || rtcp == -EACCES else { throw .system(call: "binding a UDP socket to \(host.host)", errno: -rtcp) }
        }
        throw .portsExhausted(pairs.range)
    }

    private static func bind(_ host: NetworkAddress, _ port: UInt16, _ service: Int32) -> Int32 {
        var address = host
        address.port = port
        var socketAddress = address.socketAddress
        let length = socketAddress.length
        return withUnsafePointer(to: &socketAddress.storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { arioso_udp_socket($0, length, service) }
        }
    }
}
