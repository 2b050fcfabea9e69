/// Encodes audio for a file piece by piece: what the coding remembers goes on from one piece to the next.
///
/// Not to be shared between threads.
public final class SoundEncoder {
    private enum Coding {
        case muLaw
        case aLaw
        case linear
        case g722(G722Encoder)
        case gsm(GSMEncoder)
    }

    public let format: SoundFormat
    private let coding: Coding

    /// Makes a fresh encoder; nil when there is no memory.
    public init?(format: SoundFormat) {
        self.format = format
        switch (format, format.codec) {
        case (.gsm, _):
            guard let encoder = GSMEncoder() else { return nil }
            coding = .gsm(encoder)
        case (_, .g722):
            guard let encoder = G722Encoder() else { return nil }
            coding = .g722(encoder)
        case (_, .pcmu): coding = .muLaw
        case (_, .pcma): coding = .aLaw
        default: coding = .linear
        }
    }

    /// Encodes samples of the format's rate, of several channels by turns where the coding is linear. WAV files need their header besides.
    ///
    /// G.722 takes them by twos: an odd last one is left out.
    public func encode(_ samples: UnsafeBufferPointer<Int16>) -> [UInt8] {
        guard let from = samples.baseAddress, !samples.isEmpty else { return [] }
        func coded(_ size: Int, _ encode: (UnsafeMutablePointer<UInt8>) -> Void) -> [UInt8] {
            [UInt8](unsafeUninitializedCapacity: size) { bytes, filled in
                guard let to = bytes.baseAddress else { return }
                encode(to)
                filled = size
            }
        }
        return switch coding {
        case .muLaw: coded(samples.count) { G711.encodeMuLaw(from, samples.count, into: $0) }
        case .aLaw: coded(samples.count) { G711.encodeALaw(from, samples.count, into: $0) }
        case .linear: Self.linear(samples)
        case .g722(let encoder): coded(samples.count / 2) { encoder.encode(from, samples.count, into: $0) }
        case .gsm(let encoder): encoder.encode(samples)
        }
    }

    /// Gives what is still to be written after the last piece.
    public func finish() -> [UInt8] {
        if case .gsm(let encoder) = coding { encoder.finish() } else { [] }
    }

    /// Gives samples as they lie in files: low byte first.
    static func linear(_ samples: UnsafeBufferPointer<Int16>) -> [UInt8] {
        let little = samples.map(\.littleEndian)
        return little.withUnsafeBytes { [UInt8]($0) }
    }
}
