import RTP
import Testing

@Suite("Header extensions") struct HeaderExtensionsTests {
    private static func agreed(_ change: (inout HeaderExtensions) -> Void) -> HeaderExtensions {
        var extensions = HeaderExtensions()
        change(&extensions)
        return extensions
    }

    private static let all = agreed {
        $0.audioLevel = 1; $0.absoluteSendTime = 2; $0.setMid(4, "audio")
    }

    private static func packet(_ extensions: [UInt8]) -> [UInt8] {
        [0x90, 0] + [UInt8](repeating: 0, count: 10) + extensions + [0x55, 0x55]
    }

    private static func written(_ extensions: HeaderExtensions, level: UInt8? = nil, nowNs: UInt64 = 0, namesSection: Bool = true)
        -> [UInt8]
    {
        var room = [UInt8](repeating: 0xFF, count: HeaderExtensions.maximumBytes)
        let count = room.withUnsafeMutableBytes {
            extensions.write(to: $0.baseAddress!, level: level, nowNs: nowNs, namesSection: namesSection)
        }
        return Array(room.prefix(count))
    }

    private static func read<Value>(_ bytes: [UInt8], _ body: (RTPPacket, UnsafeRawBufferPointer) -> Value) -> Value? {
        bytes.withUnsafeBytes { bytes in RTPPacket(parsing: bytes).map { body($0, bytes) } }
    }

    @Test("All are written in order, filled up to whole words")
    func written() {
        // 1.5 s is 1 and a half times 2 to the 18th.
        let bytes = Self.written(Self.all, level: 0x8C, nowNs: 1_500_000_000)
        #expect(
            bytes == [0xBE, 0xDE, 0, 3, 0x10, 0x8C, 0x22, 0x06, 0x00, 0x00, 0x44] + Array("audio".utf8).prefix(5))
    }

    @Test("What is not known, not agreed on or not needed any more is left out, and nothing at all is no extension")
    func leftOut() {
        #expect(Self.written(Self.all, namesSection: false) == [0xBE, 0xDE, 0, 1, 0x22, 0, 0, 0])
        #expect(Self.written(Self.agreed { $0.audioLevel = 3 }, level: 127) == [0xBE, 0xDE, 0, 1, 0x30, 127, 0, 0])
        #expect(Self.written(Self.agreed { $0.audioLevel = 3 }).isEmpty)
        #expect(Self.written(HeaderExtensions(), level: 1).isEmpty)
    }

    @Test("The longest name still fits, a longer one and none are not told")
    func names() {
        let longest = Self.agreed {
            ($0.audioLevel, $0.absoluteSendTime) = (1, 2); $0.setMid(3, "sixteen-letters!")
        }
        #expect(Self.written(longest, level: 0).count == HeaderExtensions.maximumBytes)
        #expect(Self.agreed { $0.setMid(3, "seventeen-letters") }.isEmpty)
        #expect(Self.agreed { $0.setMid(3, "") }.isEmpty)
    }

    @Test("What one side writes the other reads, whatever stands between", arguments: [0, 64, 0x80 | 12, 127] as [UInt8])
    func readBack(level: UInt8) {
        let bytes = Self.packet(Self.written(Self.all, level: level))
        #expect(Self.read(bytes) { Self.all.level(in: $0, $1) } == level)
        #expect(Self.read(bytes) { Self.all.isOfAnotherSection($0, $1) } == false)
        let other = Self.agreed { $0.setMid(4, "video") }
        #expect(Self.read(bytes) { other.isOfAnotherSection($0, $1) } == true)
        #expect(Self.read(bytes) { HeaderExtensions().level(in: $0, $1) } == .some(nil))
    }

    @Test(
        "Broken and foreign extensions tell nothing",
        arguments: [
            [0xBE, 0xDE, 0, 1, 0x1F, 1, 1, 1], [0xBE, 0xDE, 0, 0], [0x10, 0x00, 0, 1, 0x10, 0x8C, 0, 0],
            [0xBE, 0xDE, 0, 1, 0xF0, 0x10, 5, 0],
            [0xBE, 0xDE, 0, 1, 0, 0, 0, 0x10], [0xBE, 0xDE, 0, 1, 0x11, 5, 5, 0],
        ] as [[UInt8]])
    func broken(bytes: [UInt8]) {
        #expect(Self.read(Self.packet(bytes)) { Self.all.level(in: $0, $1) } == .some(nil))
        #expect(Self.read(Self.packet(bytes)) { Self.all.isOfAnotherSection($0, $1) } == false)
    }

    @Test(
        "Loudness is told in decibels below the loudest",
        arguments: [(0, 0x80), (-12, 0x80 | 12), (-60.4, 60), (-200, 127)] as [(Double, UInt8)])
    func levels(dBov: Double, level: UInt8) {
        #expect(HeaderExtensions.level(dBov: dBov) == level)
    }
}
