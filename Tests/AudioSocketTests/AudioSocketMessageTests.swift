import Testing

@testable import AudioSocket

@Suite("AudioSocket messages")
struct AudioSocketMessageTests {
    @Test("Messages survive any cutting of the stream")
    func cutting() {
        let messages = [
            AudioSocketMessage(kind: 0x01, payload: [UInt8](0..<16)),
            AudioSocketMessage(kind: 0x10, payload: [UInt8](repeating: 7, count: 320)),
            AudioSocketMessage(kind: 0x03, payload: [0x35]), AudioSocketMessage(kind: 0x00, payload: []),
            AudioSocketMessage(kind: 0xFF, payload: [2]),
        ]
        let stream = messages.flatMap(\.bytes)
        for size in [1, 2, 3, 7, 320, stream.count] {
            var decoder = AudioSocketDecoder()
            var heard: [AudioSocketMessage] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                heard += decoder.receive(stream[start..<min(stream.count, start + size)])
            }
            #expect(heard == messages)
        }
    }

    @Test("The longest message is taken, and one that never ends holds no more than that")
    func longest() {
        var decoder = AudioSocketDecoder()
        let longest = AudioSocketMessage(kind: 0x10, payload: [UInt8](repeating: 1, count: 65_535))
        #expect(decoder.receive(longest.bytes) == [longest])
        #expect(AudioSocketMessage(kind: 0x10, payload: longest.payload + [1]).bytes == longest.bytes)
        #expect(decoder.receive(longest.bytes.dropLast()).isEmpty)
        #expect(decoder.receive([1, 0x00, 0, 0]).count == 2)
    }

    @Test("Every rate has its kind")
    func rates() {
        for (kind, rate) in AudioSocketMessage.Kind.audioRates { #expect(AudioSocketMessage.Kind.audio(rate: rate) == kind) }
        #expect(AudioSocketMessage.Kind.audio(rate: 11_025) == nil)
    }
}
