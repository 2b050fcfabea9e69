/// Encodes audio for a file piece by piece: what the coding remembers goes on from one piece to the next.
///
/// Not to be shared between threads.
public final class SoundEncoder {
    private enum Coding {
        case stream(StreamEncoder)
        case gsm(GSMEncoder)
    }

    public let format: SoundFormat
    private let coding: Coding

    /// Makes a fresh encoder; nil when there is no memory.
    public init?(format: SoundFormat) {
        self.format = format
        if format == .gsm {
            guard let encoder = GSMEncoder() else { return nil }
            coding = .gsm(encoder)
        } else {
            guard let encoder = StreamEncoder(format.codec) else { return nil }
            coding = .stream(encoder)
        }
    }

    /// Encodes samples of the format's rate, of several channels by turns where the coding is linear. WAV files need their header besides.
    ///
    /// G.722 takes them by twos: an odd last one is left out.
    public func encode(_ samples: UnsafeBufferPointer<Int16>) -> [UInt8] {
        switch coding {
        case .stream(let encoder): encoder.encode(samples)
        case .gsm(let encoder): encoder.encode(samples)
        }
    }

    /// Gives what is still to be written after the last piece.
    public func finish() -> [UInt8] {
        if case .gsm(let encoder) = coding { encoder.finish() } else { [] }
    }
}
