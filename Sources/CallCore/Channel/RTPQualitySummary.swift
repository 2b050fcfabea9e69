import Media

/// The RTPAUDIOQOS… variables that an answered call leaves behind.
struct RTPQualitySummary {
    let variables: [(name: String, value: String)]

    init(_ s: MediaStatistics) {
        let here = Self.opinionScore(
            lossFraction: Self.share(s.packetsLost, of: s.packetsReceived), jitterMs: s.jitterMs.last, roundTripMs: s.roundTripMs.last)
        let there = Self.opinionScore(
            lossFraction: Self.share(s.remotePacketsLost, of: s.packetsSent), jitterMs: s.remoteJitterMs.last,
            roundTripMs: s.roundTripMs.last)
        let jitter = fixed(s.jitterMs.last / 1000, decimals: 6)
        let remoteJitter = fixed(s.remoteJitterMs.last / 1000, decimals: 6)
        let roundTrip = fixed(s.roundTripMs.last / 1000, decimals: 6)
        let scores = "rxmes=\(fixed(here, decimals: 6));txmes=\(fixed(there, decimals: 6));"
        variables = [
            (
                "RTPAUDIOQOS",
                "ssrc=\(s.localSSRC);themssrc=\(s.remoteSSRC);lp=\(s.packetsLost);rxjitter=\(jitter);rxcount=\(s.packetsReceived);"
                    + "txjitter=\(remoteJitter);txcount=\(s.packetsSent);rlp=\(s.remotePacketsLost);rtt=\(roundTrip);\(scores)"
            ),
            ("RTPAUDIOQOSJITTER", "rxjitter=\(jitter);txjitter=\(remoteJitter);"),
            ("RTPAUDIOQOSLOSS", "lp=\(s.packetsLost);rlp=\(s.remotePacketsLost);"),
            ("RTPAUDIOQOSRTT", "rtt=\(roundTrip);"),
            ("RTPAUDIOQOSMES", scores),
        ]
    }

    private static func share(_ lost: UInt64, of arrived: UInt64) -> Double {
        lost == 0 ? 0 : Double(lost) / Double(lost + arrived)
    }

    /// The R value of a simplified E-model (ITU-T G.107) from delay, jitter and loss, 0 to 93.2.
    private static func opinionScore(lossFraction: Double, jitterMs: Double, roundTripMs: Double) -> Double {
        let delay = roundTripMs / 2 + jitterMs * 2 + 10
        let delayed = delay < 160 ? 93.2 - delay / 40 : 93.2 - (delay - 120) / 10
        return max(0, min(93.2, delayed - lossFraction * 100 * 2.5))
    }
}

/// Writes a number with a fixed count of decimals, without a locale.
func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "0" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    let whole = (scaled / scale).rounded(.down)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(Int64(whole))" }
    let fraction = String(Int64(scaled - whole * scale))
    return "\(sign)\(Int64(whole)).\(String(repeating: "0", count: max(0, decimals - fraction.count)))\(fraction)"
}
