import SecureMedia
import TestPhone

/// What protecting audio with SRTP adds to a packet that is received and sent again, as a ratio to plain RTP in the same run.
struct SRTPBenchmark: Benchmark {
    let meanings = [Goal.srtpRatio, Goal.gcmRatio]

    func measure(with installation: Installation) async throws -> [Figure] {
        // The phones do the work of protecting there too: packets of busier phones come more spread out, each waking the server anew.
        let plain = try await cost(installation, nil)
        // What all know and most choose, and what is stronger.
        let counter = try await cost(installation, .aes128CMSHA1With80), gcm = try await cost(installation, .aes128GCM)
        progress(
            "\(Goal.srtpRatio.name): \(plain) us a packet of RTP, \(gcm) us of SRTP with GCM, \(counter) us with AES_CM_128_HMAC_SHA1_80")
        return [Figure(meaning: .srtpRatio, value: counter / plain), Figure(meaning: .gcmRatio, value: gcm / plain)]
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
                return try await packetCost(Goal.srtpRatio.name, of: calls, usage: server.usage)
            }
        }
    }
}
