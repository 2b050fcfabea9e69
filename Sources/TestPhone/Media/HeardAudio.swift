import Audio

/// One packet of audio that a call heard.
public struct AudioArrival: Sendable, Hashable {
    /// When it came, in milliseconds after the first one.
    public var atMs: Int
    public var sequenceNumber: UInt16
    public var timestamp: UInt32
    public var marker: Bool
    /// Where its samples begin in `TestPhone` recordings (`PhoneCall.heard`).
    public var position: Int
    public var sampleCount: Int
}

/// Puts what a call hears in its place on one line of time: by RTP timestamps, and by arrival where a stream begins anew.
struct HeardAudio {
    /// Audio beyond so many seconds is not kept.
    static let maximumS = 3_600
    /// A timestamp that leads so far away from the time of arrival begins a new stretch.
    static let maximumSkewMs = 2_000

    private(set) var arrivals: [AudioArrival] = []
    private(set) var samples: [Int16] = []
    let sampleRate: Int
    private let samplesPerUnit: Int
    private var startedMs: Int64 = 0
    private var stretch: (ssrc: UInt32, timestamp: UInt32, position: Int)?

    init(sampleRate: Int, clockRate: Int) {
        self.sampleRate = sampleRate
        samplesPerUnit = max(1, sampleRate / max(1, clockRate))
    }

    mutating func add(_ frame: [Int16], sequenceNumber: UInt16, timestamp: UInt32, ssrc: UInt32, marker: Bool, at nowMs: Int64) {
        if stretch == nil { startedMs = nowMs }
        let atMs = Int(nowMs - startedMs)
        let position = place(timestamp, ssrc, atMs)
        guard position + frame.count <= Self.maximumS * sampleRate else { return }
        if samples.count < position + frame.count {
            samples += repeatElement(0, count: position + frame.count - samples.count)
        }
        samples.replaceSubrange(position..<position + frame.count, with: frame)
        arrivals.append(
            AudioArrival(
                atMs: atMs, sequenceNumber: sequenceNumber, timestamp: timestamp, marker: marker, position: position,
                sampleCount: frame.count))
    }

    private mutating func place(_ timestamp: UInt32, _ ssrc: UInt32, _ atMs: Int) -> Int {
        let arrived = atMs * sampleRate / 1_000
        if let stretch, stretch.ssrc == ssrc {
            // Signed, for a packet may be older than the first one.
            let units = Int(Int32(bitPattern: timestamp &- stretch.timestamp))
            let position = stretch.position + units * samplesPerUnit
            if position >= 0, abs(position - arrived) <= Self.maximumSkewMs * sampleRate / 1_000 { return position }
        }
        let position = stretch == nil ? 0 : max(arrived, 0)
        stretch = (ssrc, timestamp, position)
        return position
    }
}
