/// The statistics of a channel's RTP session (ARI model `RTPstat`); times are in milliseconds, loss in packets.
public struct RTPstat: Sendable, Hashable, JSONWritable {
    /// The greatest, least and mean value of a measure, and its standard deviation.
    public struct Spread: Sendable, Hashable {
        public var max: Double
        public var min: Double
        public var normdev: Double
        public var stdev: Double

        public init(max: Double = 0, min: Double = 0, normdev: Double = 0, stdev: Double = 0) {
            self.max = max
            self.min = min
            self.normdev = normdev
            self.stdev = stdev
        }
    }

    public var channelUniqueID: String
    public var txCount = 0
    public var rxCount = 0
    public var txOctetCount = 0
    public var rxOctetCount = 0
    public var txPloss = 0
    public var rxPloss = 0
    public var txJitter = 0.0
    public var rxJitter = 0.0
    public var localSSRC: UInt32 = 0
    public var remoteSSRC: UInt32 = 0
    public var remoteJitter = Spread()
    public var localJitter = Spread()
    public var remoteRxPloss = Spread()
    public var localRxPloss = Spread()
    public var rtt = 0.0
    public var rttSpread = Spread()
    /// The media experience score; not declared by the reference, but sent.
    public var txMes = 0
    public var rxMes = 0
    public var remoteMes = Spread()
    public var localMes = Spread()

    public init(channelUniqueID: String) { self.channelUniqueID = channelUniqueID }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("txcount", txCount)
        writer.member("rxcount", rxCount)
        writer.member("txjitter", txJitter)
        writer.member("rxjitter", rxJitter)
        write("remote_", "jitter", remoteJitter, &writer)
        write("local_", "jitter", localJitter, &writer)
        writer.member("txploss", txPloss)
        writer.member("rxploss", rxPloss)
        write("remote_", "rxploss", remoteRxPloss, &writer)
        write("local_", "rxploss", localRxPloss, &writer)
        writer.member("rtt", rtt)
        write("", "rtt", rttSpread, &writer)
        writer.member("txmes", txMes)
        writer.member("rxmes", rxMes)
        write("remote_", "mes", remoteMes, &writer)
        write("local_", "mes", localMes, &writer)
        writer.member("local_ssrc", Int(localSSRC))
        writer.member("remote_ssrc", Int(remoteSSRC))
        writer.member("txoctetcount", txOctetCount)
        writer.member("rxoctetcount", rxOctetCount)
        writer.member("channel_uniqueid", channelUniqueID)
        writer.endObject()
    }

    private func write(_ side: String, _ measure: String, _ spread: Spread, _ writer: inout JSONWriter) {
        for (kind, value) in [
            ("max", spread.max), ("min", spread.min), ("normdev", spread.normdev), ("stdev", spread.stdev),
        ] {
            writer.key(side + kind + measure)
            writer.value(value)
        }
    }
}
