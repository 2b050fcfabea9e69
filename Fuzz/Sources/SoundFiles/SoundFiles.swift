import Audio
import FuzzTarget

/// Decodes each input as a WAV file and as a file of the format that its last byte chooses, and encodes the audio again.
@main
enum SoundFiles: FuzzTarget {
    static func test(_ input: UnsafeRawBufferPointer) {
        let bytes = [UInt8](input)
        let format = SoundFormat.allCases[Int(bytes.last ?? 0) % SoundFormat.allCases.count]
        for source in [.wav, format] {
            guard let audio = try? SoundFile.decode(bytes: bytes, format: source) else { continue }
            _ = audio.durationMs
            let kept = try? SoundFile.decode(bytes: SoundFile.encodeWAV(audio), format: .wav)
            precondition(kept == audio, "a WAV file must give back what was put in")
            // Above this, the work tells nothing new.
            guard audio.samples.count < 2000 else { continue }
            _ = SoundFile.encode(audio, format: format)
        }
    }
}
