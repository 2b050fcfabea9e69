import CallCore
import Testing

@testable import ARIServer

private let ping = "GET /ari/asterisk/ping HTTP/1.1\r\nHost: h\r\nAuthorization: Basic Y29uZjpjb25m\r\n\r\n"
private let conf = "Authorization: Basic Y29uZjpjb25m\r\n"

@Suite("HTTP connections", .timeLimit(.minutes(1)))
struct HTTPConnectionTests {
    @Test("Requests sent at once are answered in order")
    func pipelining() async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            let names = (0..<40).map { "n\($0)" }
            try await client.send(names.map { "GET /ari/channels/\($0) HTTP/1.1\r\n\(conf)\r\n" }.joined())
            for name in names { #expect(try await client.answer().body.contains("\(name)\"")) }
        }
    }

    @Test("Requests behind one that takes time wait for it, however many they are")
    func pipeliningBehindAsync() async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            try await client.send("GET /ari/bridges HTTP/1.1\r\n\(conf)\r\n" + String(repeating: ping, count: 1500))
            await test.gate.arrived()
            await test.gate.open()
            #expect(try await client.answer().body == #"[{"value":"late"}]"#)
            for _ in 0..<1500 { #expect(try await client.answer().status == 200) }
        }
    }

    @Test("A client that leaves while its answer is awaited does no harm")
    func leaveEarly() async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            try await client.send("GET /ari/bridges HTTP/1.1\r\n\(conf)\r\n")
            await test.gate.arrived()
            await client.close()
            await test.gate.open()
            let other = try await test.client()
            #expect(try await other.ask(ping).status == 200)
        }
    }

    @Test("The content of a file comes whole, and the connection takes the next request", arguments: ["keep-alive", "close"])
    func fileContent(connection: String) async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            try await client.send("GET /ari/recordings/stored/large/file HTTP/1.1\r\nConnection: \(connection)\r\n\(conf)\r\n\(ping)")
            let answer = try await client.answer()
            #expect(answer.status == 200 && answer.body.utf8.count == 1_000_000)
            if connection == "close" {
                #expect(await client.untilClosed().isEmpty)
            } else {
                #expect(try await client.answer().status == 200)
            }
        }
    }

    @Test("A file that breaks off ends the connection, so that the client sees that something is missing")
    func brokenFile() async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            try await client.send("GET /ari/recordings/stored/broken/file HTTP/1.1\r\n\(conf)\r\n")
            await #expect(throws: (any Error).self) { try await client.answer() }
        }
    }

    @Test("A body may come in chunks and in single bytes")
    func chunks() async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            let head = "POST /ari/bridges/b HTTP/1.1\r\n\(conf)Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            for byte in (head + "5\r\n{\"nam\r\na;x=y\r\ne\":\"ch\"}  \r\n0\r\nTrailer: x\r\n\r\n").utf8 { try await client.send([byte]) }
            #expect(try await client.answer().body == #"{"id":"b","name":"ch","type":null}"#)
        }
    }

    @Test("A client that expects 100 gets it before it sends the body")
    func expectContinue() async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            let head =
                "POST /ari/bridges/b HTTP/1.1\r\n\(conf)Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
            #expect(try await client.ask(head).status == 100)
            #expect(try await client.ask("{}").status == 200)
        }
    }

    @Test(
        "A body ends at the limit",
        arguments: [
            (HTTPRequest.bodyLimit, 200, false), (HTTPRequest.bodyLimit + 1, 413, false), (HTTPRequest.bodyLimit, 200, true),
            (HTTPRequest.bodyLimit + 1, 413, true),
        ])
    func bodyLimit(size: Int, status: Int, isChunked: Bool) async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            let body = String(repeating: "x", count: size)
            let length = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(size)"
            let sent = isChunked ? String(size, radix: 16) + "\r\n" + body + "\r\n0\r\n\r\n" : body
            try await client.send("POST /ari/bridges/b HTTP/1.1\r\n\(conf)Content-Type: text/plain\r\n\(length)\r\n\r\n" + sent)
            let answer = try await client.answer()
            #expect(answer.status == status)
            guard status == 413 else { return }
            #expect(answer.body == #"{"message":"Request body too large"}"#)
            #expect(answer.field("Connection") == "close")
            _ = await client.untilClosed()
        }
    }

    @Test(
        "A header has limits on its number of fields and on each line",
        arguments: [
            (String(repeating: "A: b\r\n", count: HTTPRequest.fieldLimit - 1), 200),
            (String(repeating: "A: b\r\n", count: HTTPRequest.fieldLimit), 413),
            ("A: " + String(repeating: "x", count: 4000) + "\r\n", 200), ("A: " + String(repeating: "x", count: 4200) + "\r\n", 400),
            (String(repeating: "A: b\r\n", count: 1000), 400),
        ])
    func headerLimits(fields: String, status: Int) async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            #expect(try await client.ask("GET /ari/asterisk/ping HTTP/1.1\r\n\(conf)\(fields)\r\n").status == status)
        }
    }

    @Test(
        "What is not HTTP is refused and the connection ends",
        arguments: [
            ("FOO /ari/asterisk/ping HTTP/1.1\r\n\r\n", 405), ("GET /ari/asterisk/ping HTTP/2.0\r\n\r\n", 505), ("nonsense\r\n\r\n", 405),
            ("GET /x HTTP/1.1\r\nA b\r\n\r\n", 400), ("POST /x HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
            ("POST /x HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST /x HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
            ("POST /x HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
            ("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        ])
    func malformed(request: String, status: Int) async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            #expect(try await client.ask(request).status == status)
            _ = await client.untilClosed()
        }
    }

    @Test(
        "The connection stays open as the client wishes",
        arguments: [
            ("HTTP/1.1\r\n", nil, false), ("HTTP/1.1\r\nConnection: close\r\n", "close", true), ("HTTP/1.0\r\n", "close", true),
            ("HTTP/1.0\r\nConnection: keep-alive\r\n", "keep-alive", false),
            ("HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n", "close", true),
        ] as [(String, String?, Bool)])
    func keepAlive(version: String, field: String?, closes: Bool) async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            let answer = try await client.ask("GET /ari/asterisk/ping \(version)\(conf)\r\n")
            #expect(answer.status == 200)
            #expect(answer.field("Connection") == field)
            if closes { _ = await client.untilClosed() } else { #expect(try await client.ask(ping).status == 200) }
        }
    }

    @Test("One connection more than the limit is answered with 503")
    func sessionLimit() async throws {
        var settings = TestServer.settings
        settings.sessionLimit = 1
        try await TestServer.run(settings) { test in
            let first = try await test.client()
            #expect(try await first.ask(ping).status == 200)
            let second = try await test.client()
            #expect(try await second.ask(ping).status == 503)
            #expect(try await first.ask(ping).status == 200)
        }
    }

    @Test("Idle connections end, and a request that does not become whole is told so")
    func timeouts() async throws {
        var settings = TestServer.settings
        settings.requestTimeoutMs = 3_000
        settings.keepAliveTimeoutMs = 300
        try await TestServer.run(settings) { test in
            let idle = try await test.client()
            #expect(await idle.untilClosed().isEmpty)
            let kept = try await test.client()
            #expect(try await kept.ask(ping).status == 200)
            #expect(await kept.untilClosed().isEmpty)
            let slow = try await test.client()
            #expect(try await slow.ask("POST /ari/channels HTTP/1.1\r\nContent-Length: 5\r\n\r\nab").status == 400)
        }
    }

    @Test("Random bytes never do harm", arguments: 0..<60)
    func randomBytes(seed: Int) async throws {
        try await TestServer.run { test in
            var generator = SeededGenerator(seed: UInt64(seed))
            let pieces = [
                "GET ", "/ari/asterisk/ping", " HTTP/1.1", "\r\n", "\r\n\r\n", "Content-Length: ", "5", "Transfer-Encoding: chunked",
                "Connection: Upgrade",
                "Upgrade: websocket", "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 13", "/ari/events?app=a&api_key=conf:conf", conf,
                ping, "\0", "{}", "\u{81}\u{85}",
            ]
            let client = try await test.client()
            for _ in 0..<200 {
                if Bool.random(using: &generator) {
                    try? await client.send(pieces[Int.random(in: 0..<pieces.count, using: &generator)])
                } else {
                    try? await client.send(
                        (0..<Int.random(in: 0...20, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) })
                }
            }
            await client.close()
            let other = try await test.client()
            #expect(try await other.ask(ping).status == 200)
        }
    }
}

/// A small linear generator: the same numbers for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let mixed = (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        return mixed ^ (mixed >> 29)
    }
}
