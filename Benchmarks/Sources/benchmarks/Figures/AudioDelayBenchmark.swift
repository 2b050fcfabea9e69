import Foundation
import Glibc

/// How long audio takes through the server, from a datagram that comes in to the one that goes out with the same sound.
struct AudioDelayBenchmark: Benchmark {
    let meanings = [Goal.forwardedDelay, Goal.mixedDelay]

    func measure(with installation: Installation) async throws -> [Figure] {
        try await ReleaseServer.with(installation) { server in
            let events = try EventReader(port: server.httpPort)
            defer { events.close() }
            let client = ARIClient(port: server.httpPort)
            return [
                Figure(meaning: .forwardedDelay, value: try await delay(client, parties: 2)),
                Figure(meaning: .mixedDelay, value: try await delay(client, parties: 3)),
            ]
        }
    }

    private struct Made: Decodable {
        struct Variables: Decodable { let UNICASTRTP_LOCAL_PORT: String }
        let id: String
        let channelvars: Variables
    }

    private func delay(_ client: ARIClient, parties: Int) async throws -> Double {
        var legs: [RTPLeg] = []
        var channels: [String] = []
        for _ in 0..<parties {
            let leg = try RTPLeg()
            let made = try JSONDecoder().decode(
                Made.self,
                from: try await client.ask(
                    "POST", "/channels/externalMedia",
                    ["app": ReleaseServer.application, "external_host": "127.0.0.1:\(leg.port)", "format": "ulaw"]))
            leg.far = Int(made.channelvars.UNICASTRTP_LOCAL_PORT) ?? 0
            legs.append(leg)
            channels.append(made.id)
        }
        try await Task.sleep(for: .milliseconds(200))
        try await client.bridge(channels, parties: parties)
        let delays = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { [legs] in continuation.resume(with: Result { try EchoClock.measure(legs) }) }
        }
        progress("delays of \(parties) parties in ms: \(delays.map { ($0 * 10).rounded() / 10 })")
        for channel in channels { try await client.ask("DELETE", "/channels/\(channel)") }
        return delays.sorted()[delays.count / 2]
    }
}

/// A far end of RTP. Used by one thread at a time.
private final class RTPLeg: @unchecked Sendable {
    let descriptor: CInt
    let port: Int
    var far = 0

    init() throws {
        let opened = socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
        descriptor = opened
        var address = sockaddr_in(loopbackPort: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = address.withGeneral { bind(opened, $0, size) == 0 && getsockname(opened, $0, &size) == 0 }
        guard opened >= 0, isBound else { throw BenchmarkError("no socket") }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }

    func send(_ packet: [UInt8]) {
        var address = sockaddr_in(loopbackPort: far)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = address.withGeneral { sendto(descriptor, packet, packet.count, 0, $0, size) }
    }

    /// Whether something loud has come.
    func hears() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 2_048)
        var isLoud = false
        while true {
            let count = recv(descriptor, &buffer, buffer.count, CInt(MSG_DONTWAIT))
            guard count > 12 else { return isLoud }
            // µ-law: far from 0xff and 0x7f is loud.
            if buffer[12..<count].contains(where: { $0 & 0x7f < 0x40 }) { isLoud = true }
        }
    }
}

/// Sends silence all the time, a click now and then, and takes the time until the click comes out at the other side.
private enum EchoClock {
    static func measure(_ legs: [RTPLeg]) throws -> [Double] {
        var delays: [Double] = []
        var sequence: UInt16 = 0
        var clickAt: UInt64?
        let start = DispatchTime.now().uptimeNanoseconds
        for tick in 0..<1_000 {
            let due = start + UInt64(tick) * 20_000_000
            while DispatchTime.now().uptimeNanoseconds < due {
                usleep(200)
                if let sent = clickAt, legs[1].hears() {
                    delays.append(Double(DispatchTime.now().uptimeNanoseconds - sent) / 1e6)
                    clickAt = nil
                }
            }
            _ = legs[0].hears()
            if clickAt == nil { _ = legs[1].hears() }
            let isClick = tick > 100 && tick % 25 == 0
            for (index, leg) in legs.enumerated() {
                leg.send(packet(sequence, isLoud: isClick && index == 0, ssrc: UInt8(index)))
            }
            if isClick { clickAt = DispatchTime.now().uptimeNanoseconds }
            sequence &+= 1
        }
        guard delays.count > 20 else { throw BenchmarkError("only \(delays.count) clicks came through") }
        return delays
    }

    private static func packet(_ sequence: UInt16, isLoud: Bool, ssrc: UInt8) -> [UInt8] {
        let time = UInt32(sequence) * 160
        let header: [UInt8] = [
            0x80, 0, UInt8(sequence >> 8), UInt8(sequence & 0xff), UInt8(time >> 24 & 0xff), UInt8(time >> 16 & 0xff),
            UInt8(time >> 8 & 0xff), UInt8(time & 0xff), 0, 0, 1, ssrc,
        ]
        return header + [UInt8](repeating: isLoud ? 0x10 : 0xff, count: 160)
    }
}
