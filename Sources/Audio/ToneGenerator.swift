#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Makes a steady sum of up to four sines, frame by frame, without a click between frames.
///
/// A plain value of a few numbers: filling a frame allocates nothing.
public struct ToneGenerator: Sendable {
    /// Most frequencies in one tone; further ones are left out.
    public static let maximumFrequencies = 4
    /// Loudness of a sine of full scale in dBm0 (µ-law's overload point, ITU-T G.711).
    public static let fullScaleDBm0 = 3.14
    private static let modulationDepth = 0.9

    private var oscillators: (Oscillator, Oscillator, Oscillator, Oscillator) = (.silent, .silent, .silent, .silent)
    private let count: Int
    private let modulated: Bool

    /// Creates a tone of the given frequencies in Hz, each at `levelDBm0`.
    ///
    /// A frequency that is not between 0 and half the sample rate is silent. With `modulated`, the second frequency modulates the
    /// loudness of the first by 90 % and nothing else sounds.
    public init(frequencies: [Double], modulated: Bool = false, levelDBm0: Double = ToneProgram.defaultLevelDBm0, sampleRate: Int) {
        let level = min(max(levelDBm0, -96), Self.fullScaleDBm0)
        let amplitude = 32767 * pow(10, (level - Self.fullScaleDBm0) / 20)
        let usable = frequencies.prefix(Self.maximumFrequencies).filter { $0 > 0 && $0 < Double(sampleRate) / 2 }
        let modulates = modulated && usable.count == 2
        self.modulated = modulates
        count = usable.count
        for (index, frequency) in usable.enumerated() {
            let loudness = modulates && index == 1 ? 1 : amplitude
            let oscillator = Oscillator(frequency: frequency, sampleRate: Double(sampleRate), amplitude: loudness)
            switch index {
            case 0: oscillators.0 = oscillator
            case 1: oscillators.1 = oscillator
            case 2: oscillators.2 = oscillator
            default: oscillators.3 = oscillator
            }
        }
    }

    /// Creates the tone of one segment of `program`.
    public init(segment: ToneSegment, levelDBm0: Double = ToneProgram.defaultLevelDBm0, sampleRate: Int) {
        self.init(frequencies: segment.frequencies, modulated: segment.modulated, levelDBm0: levelDBm0, sampleRate: sampleRate)
    }

    /// Tells whether the tone is only silence.
    public var isSilent: Bool { count == 0 }

    /// Writes the next `samples` samples of the tone to `pcm`.
    public mutating func fill(_ pcm: UnsafeMutablePointer<Int16>, _ samples: Int) {
        guard samples > 0 else { return }
        switch (count, modulated) {
        case (0, _): pcm.update(repeating: 0, count: samples)
        case (1, _): fillOne(pcm, samples)
        case (2, true): fillModulated(pcm, samples)
        case (2, false): fillTwo(pcm, samples)
        default: fillFour(pcm, samples)
        }
        settle()
    }

    private mutating func fillOne(_ pcm: UnsafeMutablePointer<Int16>, _ samples: Int) {
        for i in 0..<samples { pcm[i] = sample(oscillators.0.next()) }
    }

    private mutating func fillTwo(_ pcm: UnsafeMutablePointer<Int16>, _ samples: Int) {
        for i in 0..<samples { pcm[i] = sample(oscillators.0.next() + oscillators.1.next()) }
    }

    private mutating func fillFour(_ pcm: UnsafeMutablePointer<Int16>, _ samples: Int) {
        for i in 0..<samples {
            pcm[i] = sample(oscillators.0.next() + oscillators.1.next() + oscillators.2.next() + oscillators.3.next())
        }
    }

    private mutating func fillModulated(_ pcm: UnsafeMutablePointer<Int16>, _ samples: Int) {
        let rest = 1 - Self.modulationDepth / 2, swing = Self.modulationDepth / 2
        for i in 0..<samples { pcm[i] = sample(oscillators.0.next() * (rest + swing * oscillators.1.next())) }
    }

    @inline(__always) private func sample(_ value: Double) -> Int16 {
        Int16(min(max(value, -32768), 32767))
    }

    private mutating func settle() {
        oscillators.0.settle()
        oscillators.1.settle()
        oscillators.2.settle()
        oscillators.3.settle()
    }
}

/// Turns a vector by a fixed angle per sample; one of its coordinates is the sine.
private struct Oscillator: Sendable {
    static let silent = Oscillator(frequency: 0, sampleRate: 1, amplitude: 0)

    private var x: Double
    private var y = 0.0
    private let turnX: Double
    private let turnY: Double
    private let amplitude: Double

    init(frequency: Double, sampleRate: Double, amplitude: Double) {
        let angle = 2 * Double.pi * frequency / sampleRate
        x = amplitude
        turnX = cos(angle)
        turnY = sin(angle)
        self.amplitude = amplitude
    }

    @inline(__always) mutating func next() -> Double {
        let value = y
        let turned = x * turnX - y * turnY
        y = x * turnY + y * turnX
        x = turned
        return value
    }

    /// Takes out, once per frame, what rounding did to the length of the vector.
    mutating func settle() {
        let length = (x * x + y * y).squareRoot()
        guard length > 0 else { return }
        x *= amplitude / length
        y *= amplitude / length
    }
}
