import SIP
import Testing

@Suite("Stream decoder") struct SIPStreamDecoderTests {
    static let message = wire(requestLines(changes: ["Content-Length": "4"]), body: "body")

    static func results(_ chunks: some Sequence<[UInt8]>, limits: SIPLimits = .default) -> (results: [ParseResult], failure: String?) {
        var decoder = SIPStreamDecoder(limits: limits)
        var results: [ParseResult] = []
        for chunk in chunks {
            decoder.append(chunk)
            while let result = decoder.next() { results.append(result) }
        }
        return (results, decoder.failure)
    }

    static let streams: [[UInt8]] = [
        message + message, Array("\r\n".utf8) + message, Array("\r\n\r\n".utf8) + message, Array("\r\n\r\n\r\n\r\n\r\n".utf8) + message,
        message + Array("\r\n".utf8) + message + Array("\r\n\r\n".utf8), wire(requestLines(changes: ["Content-Length": nil])) + message,
        wire(requestLines(changes: ["Content-Length": "-1"])) + message, wire(requestLines(changes: ["CSeq": nil])) + message,
        Array("GET / HTTP/1.1\r\n\r\n".utf8) + message, wire(["SIP/2.0 200 OK"] + requestLines().dropFirst()) + message,
        Array("\r\n\rX".utf8) + message, Array("\r".utf8) + message, message.dropLast(),
    ]

    @Test("A stream fed byte by byte gives what it gives at once", arguments: streams.indices)
    func byteByByte(index: Int) {
        let stream = Self.streams[index]
        let whole = Self.results([stream])
        let single = Self.results(stream.map { [$0] })
        #expect(whole.results == single.results)
        #expect(whole.failure == single.failure)
    }

    @Test("Random cuts do not change what a stream holds", arguments: UInt64(0)..<50)
    func randomCuts(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var stream: [UInt8] = []
        for _ in 0..<20 { stream += Self.streams[[0, 1, 2, 3, 4, 7, 9].randomElement(using: &generator) ?? 0] }
        var chunks: [[UInt8]] = []
        var start = 0
        while start < stream.count {
            let end = min(stream.count, start + Int.random(in: 1...700, using: &generator))
            chunks.append(Array(stream[start..<end]))
            start = end
        }
        let cut = Self.results(chunks)
        let whole = Self.results([stream])
        #expect(cut.results == whole.results)
        #expect(cut.failure == nil && whole.failure == nil)
        #expect(cut.results.filter(\.isMessage).count >= 20)
    }

    @Test("Two line breaks are a ping, one is nothing")
    func pings() {
        #expect(Self.results([Array("\r\n\r\n".utf8)]).results == [.keepAlive])
        #expect(Self.results([Array("\r\n".utf8)]).results == [])
        #expect(Self.results([Array("\r\n".utf8) + Self.message]).results.map(\.isMessage) == [true])
    }

    @Test(
        "A stream without framing fails with its last result",
        arguments: [
            (wire(requestLines(changes: ["Content-Length": nil])), 400), (wire(requestLines(changes: ["Content-Length": "x"])), 400),
            (wire(requestLines(extra: ["l: 1"])), 400), (wire(requestLines(changes: ["Content-Length": "99999999999999999999"])), 513),
            (wire(requestLines(changes: ["Content-Length": "65536"])), 513),
        ])
    func failures(bytes: [UInt8], status: Int) {
        let outcome = Self.results([bytes + Self.message, Self.message])
        #expect(outcome.results.map(\.rejectedStatus) == [status])
        #expect(outcome.failure != nil)
    }

    @Test("A broken message with good framing leaves the stream open")
    func survives() {
        let outcome = Self.results([wire(requestLines(changes: ["To": "x"])) + Self.message])
        #expect(outcome.results.map(\.rejectedStatus) == [400, nil])
        #expect(outcome.results.last?.isMessage == true)
        #expect(outcome.failure == nil)
    }

    @Test("Head and message are bounded, at the limit and one past it")
    func limits() {
        let head = Self.message.count - 4
        #expect(Self.results([Self.message], limits: SIPLimits(messageBytes: Self.message.count)).failure == nil)
        #expect(
            Self.results([Self.message], limits: SIPLimits(messageBytes: Self.message.count - 1)).results.map(\.rejectedStatus) == [513])
        #expect(Self.results([Self.message], limits: SIPLimits(messageBytes: head - 1)).results.map(\.isIgnored) == [true])
        let endless = [UInt8](repeating: UInt8(ascii: "x"), count: 1001)
        #expect(Self.results([endless.dropLast()], limits: SIPLimits(messageBytes: 1000)).failure == nil)
        #expect(Self.results([endless], limits: SIPLimits(messageBytes: 1000)).failure != nil)
    }

    @Test("Consumed bytes are given back")
    func memory() {
        var decoder = SIPStreamDecoder()
        for _ in 0..<1000 {
            decoder.append(Self.message)
            while decoder.next() != nil {}
            #expect(decoder.bufferedBytes == 0)
        }
    }
}
