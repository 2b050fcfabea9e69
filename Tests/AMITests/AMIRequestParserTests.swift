import AMI
import Testing

@Suite("Requests of managers are read")
struct AMIRequestParserTests {
    private func items(_ text: String, in pieces: Int = 1) -> [AMIRequestParser.Item] {
        var parser = AMIRequestParser()
        let bytes = Array(text.utf8)
        let size = max(1, bytes.count / pieces)
        return stride(from: 0, to: bytes.count, by: size).flatMap { parser.take(bytes[$0..<min($0 + size, bytes.count)]) }
    }

    private func request(_ fields: (String, String)...) -> AMIRequestParser.Item {
        .request(AMIRequest(fields.map { .init($0.0, $0.1) }))
    }

    @Test("Line ends, blanks and pieces make no difference", arguments: [1, 3, 1_000])
    func forms(pieces: Int) {
        let text = "\r\nAction: Ping\r\nActionID:1\r\n\r\n\nAction:  Login \nUsername: a:b\nnonsense\n: x\n\n"
        #expect(
            items(text, in: pieces) == [
                request(("Action", "Ping"), ("ActionID", "1")), request(("Action", "Login"), ("Username", "a:b")),
            ])
    }

    @Test("Names are the same in any case, and one may come several times")
    func names() {
        guard case .request(let request)? = items("ACTION: Originate\nVariable: a=1\nvariable: b=2\n\n").first else {
            Issue.record("no request")
            return
        }
        #expect(request.action == "Originate" && request.all("VARIABLE") == ["a=1", "b=2"] && request["none"].isEmpty)
    }

    @Test("What is too long is told once and passed over; the next request is read")
    func limits() {
        let long = String(repeating: "x", count: AMIRequestParser.lineLimit + 1)
        #expect(items("Action: a\n\(long)\n\(long)\nb: c\n\nAction: Ping\n\n") == [.lineTooLong, request(("Action", "Ping"))])
        let full = String(repeating: "x", count: 8_000)
        let large = (0..<10).map { "h\($0): \(full)\n" }.joined()
        #expect(items("\(large)\nAction: Ping\n\n") == [.tooLarge, request(("Action", "Ping"))])
        let many = (0..<1_000).map { "h\($0): v\n" }.joined()
        guard case .request(let request)? = items(many + "\n").first else {
            Issue.record("no request")
            return
        }
        #expect(request.fields.count == AMIRequestParser.fieldLimit)
    }

    @Test("Whatever comes, in whatever pieces, no more than the limits is kept, and whole requests are the same in any pieces")
    func anything() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("Action: x\r\n\r\n:\0ÿ ".utf8)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0...400, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            var whole = AMIRequestParser()
            var single = AMIRequestParser()
            #expect(whole.take(bytes) == bytes.flatMap { single.take([$0]) })
        }
    }
}
