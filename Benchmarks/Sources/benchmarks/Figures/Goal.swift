/// A figure's meaning: its name, its unit, what it should be, and what the C peer needs for the same work.
///
/// The peer's numbers were measured once on a machine of the same kind (2 cores, loopback), ±25 %.
struct Goal: Sendable {
    let name: String
    let unit: String
    /// The worst value that is still good; nil for a figure that stands beside another.
    var goal: Double?
    /// Asterisk, git master of August 2026; nil where it was not measured.
    let peer: Double?
    var higherIsBetter = false

    static let restInfo = Goal(name: "rest_info_cpu_us", unit: "us", goal: 13, peer: 19.4)
    static let restChannels = Goal(name: "rest_channels100_cpu_us", unit: "us", goal: 130, peer: 841)
    static let call = Goal(name: "call_cpu_ms", unit: "ms", goal: 0.4, peer: 1.32)
    /// What the call history adds to a call.
    static let historyCost = Goal(name: "call_history_percent", unit: "%", goal: 5, peer: nil)
    /// 200 managers during 200 calls a second.
    static let managerCost = Goal(name: "managers200_core_percent", unit: "%", goal: 10, peer: nil)
    static let stasisCycle = Goal(name: "stasis_cycle_cpu_ms", unit: "ms", goal: 0.5, peer: 1.36)
    static let echoPacket = Goal(name: "echo_packet_cpu_us", unit: "us", goal: 5.6, peer: 22)
    static let relayPacket = Goal(name: "relay_packet_cpu_us", unit: "us", goal: nil, peer: 4.4)
    /// A packet of SRTP beside one of RTP.
    static let srtpRatio = Goal(name: "srtp_over_rtp_ratio", unit: "", goal: 1.25, peer: nil)
    static let gcmRatio = Goal(name: "srtp_gcm_over_rtp_ratio", unit: "", goal: 1.25, peer: nil)
    static let dtlsHandshakes = Goal(
        name: "dtls_handshakes_per_second_per_core", unit: "1/s", goal: 400, peer: nil, higherIsBetter: true)
    static let opusCall = Goal(name: "opus_g711_call_core_percent", unit: "%", goal: 0.5, peer: nil)
    static let channelMemory = Goal(name: "channel_memory_kib", unit: "KiB", goal: 25, peer: 131)
    static let packetAllocations = Goal(name: "packet_allocations", unit: "allocations", goal: 0, peer: nil)
    /// Its goal depends on the relay of the same run.
    static let bridgePacket = Goal(name: "bridge_packet_cpu_us", unit: "us", goal: nil, peer: 48)
    static let largeConference = Goal(name: "conference200_core_percent_per_100", unit: "%", goal: 6, peer: 23)
    static let manyConferences = Goal(name: "conferences_100x10_cores", unit: "cores", goal: 0.8, peer: nil)
    static let lostSamples = Goal(name: "recordings500_lost_samples", unit: "samples", goal: 0, peer: nil)
    static let mediaSockets = Goal(name: "websocket_media_500_cores", unit: "cores", goal: 1, peer: nil)
    static let events = Goal(name: "events_per_second_per_core", unit: "1/s", goal: 50_000, peer: nil, higherIsBetter: true)
    static let forwardedDelay = Goal(name: "forwarded_delay_ms", unit: "ms", goal: 30, peer: nil)
    static let mixedDelay = Goal(name: "mixed_delay_ms", unit: "ms", goal: 60, peer: nil)
    static let slowReaderDelay = Goal(name: "slow_reader_p99_delay_ratio", unit: "", goal: 1.1, peer: nil)
    static let slowReaderMemory = Goal(name: "slow_reader_memory_mib", unit: "MiB", goal: 16, peer: nil)
    static let soakMemory = Goal(name: "soak_memory_growth_mib", unit: "MiB", goal: nil, peer: nil)
    static let soakDescriptors = Goal(name: "soak_descriptor_growth", unit: "descriptors", goal: 0, peer: nil)
}
