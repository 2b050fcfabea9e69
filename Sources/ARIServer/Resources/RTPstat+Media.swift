import ARIModel
import Media

extension RTPstat {
    /// Turns what a leg counted into ARI's fields; `tx` is what we sent as the far end reports it, `rx` what came here.
    init(_ statistics: MediaStatistics, channelID: String) {
        self.init(channelUniqueID: channelID)
        txCount = Int(clamping: statistics.packetsSent)
        rxCount = Int(clamping: statistics.packetsReceived)
        txOctetCount = Int(clamping: statistics.octetsSent)
        rxOctetCount = Int(clamping: statistics.octetsReceived)
        txPloss = Int(clamping: statistics.remotePacketsLost)
        rxPloss = Int(clamping: statistics.packetsLost)
        txJitter = statistics.remoteJitterMs.last
        rxJitter = statistics.jitterMs.last
        localSSRC = statistics.localSSRC
        remoteSSRC = statistics.remoteSSRC
        localJitter = Spread(statistics.jitterMs)
        remoteJitter = Spread(statistics.remoteJitterMs)
        localRxPloss = Spread(statistics.lost)
        remoteRxPloss = Spread(statistics.remoteLost)
        rtt = statistics.roundTripMs.last
        rttSpread = Spread(statistics.roundTripMs)
    }
}

extension RTPstat.Spread {
    fileprivate init(_ spread: MediaStatistics.Spread) {
        self.init(max: spread.maximum, min: spread.minimum, normdev: spread.mean, stdev: spread.standardDeviation)
    }
}
