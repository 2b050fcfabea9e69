import CSRTP
import Testing

@testable import SecureMedia

/// libsrtp2 with one key, for both directions.
private final class Oracle {
    private var session: srtp_t?
    private let key: UnsafeMutablePointer<UInt8>

    // libsrtp wants to be started once in a process.
    private static let isStarted = srtp_init() == srtp_err_status_ok

    init?(_ profile: SRTPProfile, _ master: [UInt8], isInbound: Bool) {
        guard Self.isStarted else { return nil }
        key = .allocate(capacity: master.count)
        key.initialize(from: master, count: master.count)
        var policy = srtp_policy_t()
        Self.set(&policy.rtp, profile, isControl: false)
        Self.set(&policy.rtcp, profile, isControl: true)
        policy.ssrc.type = isInbound ? ssrc_any_inbound : ssrc_any_outbound
        policy.key = key
        policy.window_size = 128
        guard srtp_create(&session, &policy) == srtp_err_status_ok else { return nil }
    }

    deinit {
        if let session { _ = srtp_dealloc(session) }
        key.deallocate()
    }

    private static func set(_ policy: inout srtp_crypto_policy_t, _ profile: SRTPProfile, isControl: Bool) {
        switch profile {
        case .aes128CMSHA1With80: srtp_crypto_policy_set_rtp_default(&policy)
        case .aes128CMSHA1With32:
            if isControl { srtp_crypto_policy_set_rtp_default(&policy) } else { srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy) }
        case .aes128GCM: srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy)
        case .aes256GCM: srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy)
        }
    }

    func run(_ packet: [UInt8], _ function: (srtp_t?, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int32>?) -> srtp_err_status_t)
        -> [UInt8]?
    {
        var bytes = packet + [UInt8](repeating: 0, count: 64)
        var count = Int32(packet.count)
        let status = bytes.withUnsafeMutableBytes { function(session, $0.baseAddress, &count) }
        return status == srtp_err_status_ok ? Array(bytes[..<Int(count)]) : nil
    }
}

@Suite("Another implementation of SRTP")
struct OracleTests {
    @Test("It makes the same bytes of packets and reports, and each opens what the other sealed", arguments: SRTPProfile.allCases)
    func agrees(profile: SRTPProfile) throws {
        var maker = PacketMaker(seed: 11)
        let master = maker.master(profile)
        let key = try #require(SRTPMasterKey(profile, keyAndSalt: master))
        let sender = try Sealer(profile, key)
        let receiver = try Opener(profile, key)
        let sealing = try #require(Oracle(profile, master, isInbound: false))
        let opening = try #require(Oracle(profile, master, isInbound: true))
        for step in 0..<70_000 where step % 20 == 0 || (5_500..<5_600).contains(step) {
            let plain = maker.packet(sequence: UInt16(truncatingIfNeeded: 60_000 + step), ssrc: 0xdead_beef)
            let ours = try #require(sender.protected(plain))
            let theirs = try #require(sealing.run(plain, srtp_protect))
            try #require(ours == theirs, "packet \(step)")
            #expect(opening.run(ours, srtp_unprotect) == plain)
            #expect(receiver.opened(theirs) == .opened(plain))
        }
        for step in 0..<300 {
            let plain = maker.report(ssrc: 0xdead_beef)
            let ours = try #require(sender.protected(plain, isControl: true))
            let theirs = try #require(sealing.run(plain, srtp_protect_rtcp))
            try #require(ours == theirs, "report \(step)")
            #expect(opening.run(ours, srtp_unprotect_rtcp) == plain)
            #expect(receiver.opened(theirs, isControl: true) == .opened(plain))
        }
    }
}
