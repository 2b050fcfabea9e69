import TestPhone

/// What protecting audio with SRTP adds to a packet that is received and sent again, as a ratio to plain RTP in the same run.
struct SRTPBenchmark: Benchmark {
    let meanings = [Goal.srtpRatio]

    func measure(with installation: Installation) async throws -> [Figure] {
        let plain = try await cost(installation, encrypts: false)
        let secure = try await cost(installation, encrypts: true)
        progress("\(Goal.srtpRatio.name): \(plain) us a packet of RTP, \(secure) us of SRTP (AES_CM_128_HMAC_SHA1_80)")
        return [Figure(meaning: .srtpRatio, value: secure / plain)]
    }

    private func cost(_ installation: Installation, encrypts: Bool) async throws -> Double {
        try await ReleaseServer.with(installation) { server in
            try await Phones.with(sipPort: server.sipPort, media: .counted, change: { _, settings in settings.encrypts = encrypts }) { phones in
                let calls = try await phones.answeredCalls(PacketBenchmark.calls, to: .echo)
                return try await packetCost(Goal.srtpRatio.name, of: calls, usage: server.usage)
            }
        }
    }
}
