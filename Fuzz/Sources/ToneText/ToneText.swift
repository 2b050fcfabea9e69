import Audio
import FuzzTarget

/// Reads each input as a description of tones and plays the beginning.
@main
enum ToneText: FuzzTarget {
    static func test(_ input: UnsafeRawBufferPointer) {
        let text = String(decoding: input, as: UTF8.self)
        _ = Indications.tone(text)
        guard let program = try? ToneProgram(parsing: text) else { return }
        _ = program.cycleMs
        var player = TonePlayer(program, sampleRate: 8000)
        var frame = [Int16](repeating: 0, count: 160)
        for _ in 0..<20 where !player.isFinished {
            let made = frame.withUnsafeMutableBufferPointer { player.fill($0.baseAddress.unsafelyUnwrapped, $0.count) }
            precondition((0...frame.count).contains(made))
        }
    }
}
