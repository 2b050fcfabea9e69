import SecureMedia
import TestPhone

/// What protecting audio with SRTP adds to a packet that is received and sent again, as a ratio to plain RTP in the same run.
struct SRTPBenchmark: Benchmark {
    let meanings = [Goal.srtpRatio, Goal.gcmRatio]

    func measure(with installation: Installation) async throws -> [Figure] {
        // In turns, for a machine gets slower and faster in the course of minutes.
        var counterRatios: [Double] = [], gcmRatios: [Double] = []
        for _ in 0..<5 {
            // The phones do the work of protecting there too: packets of busier phones come more spread out, each waking the server anew.
            let plain = try await cost(installation, nil)
            // What all know and most choose, and what is stronger.
            let counter = try await cost(installation, .aes128CMSHA1With80), gcm = try await cost(installation, .aes128GCM)
            progress(
                "\(Goal.srtpRatio.name): \(plain) us a packet of RTP, \(counter) us with AES_CM_128_HMAC_SHA1_80, \(gcm) us with GCM")
            counterRatios.append(counter / plain)
            gcmRatios.append(gcm / plain)
        }
        return [
            Figure(meaning: .srtpRatio, value: counterRatios.sorted()[2]), Figure(meaning: .gcmRatio, value: gcmRatios.sorted()[2]),
        ]
    }

    private func cost(_ installation: Installation, _ profile: SRTPProfile?) async throws -> Double {
        try await ReleaseServer.with(installation) { server in
            try await Phones.with(
                sipPort: server.sipPort, media: .counted,
                change: { _, settings in
                    settings.encryption = profile
                    if profile == nil { settings.rehearsedEncryption = .aes128CMSHA1With80 }
                }
            ) { phones in
                let calls = try await phones.answeredCalls(PacketBenchmark.calls, to: .echo)
                return try await packetCost(Goal.srtpRatio.name, of: calls, usage: server.usage, window: .seconds(3))
            }
        }
    }
}
