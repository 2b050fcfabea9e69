import Foundation

/// The sound that is played: a tone that rises from 300 to 3000 Hz in a second. It resembles itself at no other time, so one
/// can find it in a recording.
enum Sweep {
    static let sampleRate = 8_000
    static let seconds = 1.0
    private static let peak = 12_000.0

    /// Returns the samples, 16-bit at 8 kHz.
    static func samples() -> [Int16] {
        (0..<Int(Double(sampleRate) * seconds)).map { index in
            let time = Double(index) / Double(sampleRate)
            return Int16(peak * sin(2 * .pi * (300 + 2_700 * time / seconds / 2) * time))
        }
    }

    /// Returns the sound as the bytes of a WAV file.
    static func wav() -> Data { wav(samples()) }

    /// Returns mono samples as the bytes of a WAV file.
    static func wav(_ samples: [Int16]) -> Data {
        func bytes(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        let format = bytes(16, 4) + bytes(1, 2) + bytes(1, 2) + bytes(sampleRate, 4) + bytes(sampleRate * 2, 4) + bytes(2, 2) + bytes(16, 2)
        let body = samples.flatMap { bytes(Int($0), 2) }
        let chunks = Array("WAVEfmt ".utf8) + format + Array("data".utf8) + bytes(body.count, 4) + body
        return Data(Array("RIFF".utf8) + bytes(chunks.count, 4) + chunks)
    }

    /// Says how much a recording resembles the sound where it does most.
    struct Likeness {
        /// 1 for the same form, 0 for none in common.
        var correlation = 0.0
        /// The factor by which the sound is louder in the recording.
        var gain = 0.0
    }

    /// Looks for the sound in a recording, 16-bit at 8 kHz.
    static func likeness(in recording: [Int16]) -> Likeness {
        let sound = samples().map(Double.init)
        // The phone may have missed a little at either end.
        let margin = [Double](repeating: 0, count: sampleRate / 10)
        let recorded = margin + recording.map(Double.init) + margin
        guard recorded.count >= sound.count else { return Likeness() }
        let energy = sound.reduce(0) { $0 + $1 * $1 }
        var best = Likeness()
        for start in 0...(recorded.count - sound.count) {
            var product = 0.0, recordedEnergy = 0.0
            var index = 0
            // A plain loop: this is the inner one of two.
            while index < sound.count {
                product += sound[index] * recorded[start + index]
                recordedEnergy += recorded[start + index] * recorded[start + index]
                index += 1
            }
            let correlation = recordedEnergy > 0 ? product / (energy * recordedEnergy).squareRoot() : 0
            if correlation > best.correlation { best = Likeness(correlation: correlation, gain: product / energy) }
        }
        return best
    }

    /// Reads the samples of a 16-bit WAV file, of several channels the first, of a higher rate each so many; nil when it is none.
    static func read(_ file: Data) -> (sampleRate: Int, samples: [Int16])? {
        let bytes = [UInt8](file)
        guard bytes.count >= 44, String(decoding: bytes[0..<4], as: UTF8.self) == "RIFF", let data = file.range(of: Data("data".utf8)),
            bytes[22] > 0, bytes[34] == 16
        else { return nil }
        let rate = Int(bytes[24]) | Int(bytes[25]) << 8 | Int(bytes[26]) << 16
        let body = bytes[min(data.upperBound + 4, bytes.count)...]
        let step = 2 * Int(bytes[22]) * max(1, rate / sampleRate)
        let samples = stride(from: body.startIndex, to: body.endIndex - 1, by: step).map {
            Int16(truncatingIfNeeded: Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8)
        }
        return (rate / max(1, rate / sampleRate), samples)
    }
}
