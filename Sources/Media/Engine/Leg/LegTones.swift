internal import Audio

/// Holds the tone detectors of one leg; trivial, as everything that hangs on a leg.
struct LegTones {
    /// Hears what the device says.
    var incoming: ToneDetector?
    /// Hears what the device is told.
    var outgoing: ToneDetector?

    init(_ detection: ToneDetection) {
        let detector = ToneDetector(
            frequency: detection.frequency, durationMs: detection.durationMs, thresholdDB: detection.thresholdDB)
        incoming = detection.incoming ? detector : nil
        outgoing = detection.outgoing ? detector : nil
    }
}
