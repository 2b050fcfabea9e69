import Audio
import Testing

struct AudioCodecTests {
    @Test(
        "Each codec has its names, rates and frame sizes",
        arguments: [
            (.pcmu, "ulaw", "PCMU", 8000, 8000, 160, 160, 0), (.pcma, "alaw", "PCMA", 8000, 8000, 160, 160, 8),
            (.g722, "g722", "G722", 16000, 8000, 160, 320, 9), (.slin, "slin", "L16", 8000, 8000, 320, 160, nil),
            (.slin16, "slin16", "L16", 16000, 16000, 640, 320, nil), (.slin44, "slin44", "L16", 44100, 44100, 1764, 882, 11),
            (.slin192, "slin192", "L16", 192_000, 192_000, 7680, 3840, nil), (.opus, "opus", "opus", 48_000, 48_000, 60, 960, nil),
        ] as [(AudioCodec, String, String, Int, Int, Int, Int, UInt8?)])
    func properties(codec: AudioCodec, format: String, encoding: String, rate: Int, clock: Int, bytes: Int, samples: Int, type: UInt8?) {
        #expect(codec.formatName == format && codec.encodingName == encoding)
        #expect(codec.sampleRate == rate && codec.rtpClockRate == clock)
        #expect(codec.frameBytes(ptimeMs: 20) == bytes)
        #expect(codec.samplesPerFrame(ptimeMs: 20) == samples && codec.timestampStep(ptimeMs: 20) == UInt32(clock / 50))
        if codec != .opus {
            #expect(codec.samples(inBytes: bytes) == samples)
            let packet = [UInt8](repeating: 0, count: bytes)
            #expect(packet.withUnsafeBytes { codec.timestampUnits(in: $0) } == UInt32(clock / 50))
        }
        #expect(codec.staticPayloadType == type)
    }

    @Test("Every codec is found by each of its names", arguments: AudioCodec.allCases)
    func found(codec: AudioCodec) {
        #expect(AudioCodec(formatName: codec.formatName) == codec)
        #expect(AudioCodec(encodingName: codec.encodingName.lowercased(), clockRate: codec.rtpClockRate) == codec)
        if let type = codec.staticPayloadType { #expect(AudioCodec(staticPayloadType: type) == codec) }
    }

    @Test("Unknown names find nothing")
    func notFound() {
        #expect(AudioCodec(formatName: "gsm") == nil)
        #expect(AudioCodec(encodingName: "PCMU", clockRate: 16000) == nil)
        #expect(AudioCodec(encodingName: "G722", clockRate: 16000) == nil)
        #expect(AudioCodec(staticPayloadType: 3) == nil)
    }
}
