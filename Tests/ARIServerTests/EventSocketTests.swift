import ARIModel
import CallCore
import Testing

@testable import ARIServer

@Suite("Event WebSocket", .timeLimit(.minutes(1)))
struct EventSocketTests {
    @Test("A socket opens with nothing but what the handshake needs, and events from before the answer come first")
    func opening() async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            let answer = try await client.ask(TestServer.upgrade("app=a,b&subscribeAll=true"))
            #expect(
                answer.head == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
            #expect(try await client.text().hasSuffix(#""asterisk_id":"aa:bb:cc:dd:ee:ff","application":"a"}"#))
            #expect(try await client.text().hasSuffix(#""application":"b"}"#))
            #expect(await test.sessions.registrations == [#"["a", "b"] true"#])
            await client.close()
            await test.sessions.unregistered()
        }
    }

    @Test("An event with a number carries it before the application")
    func numbered() async throws {
        try await TestServer.run { test in
            let client = try await test.socket("app=a&seq=true")
            _ = try await client.text()
            await change(test) { $0.sessions.sinks["a"]?.deliver(StubSessions.event, application: "a", sequence: 7) }
            #expect(try await client.text().hasSuffix(#""asterisk_id":"aa:bb:cc:dd:ee:ff","seq":7,"application":"a"}"#))
        }
    }

    @Test("A socket may open on a connection that has served requests")
    func openingLater() async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            #expect(try await client.ask("GET /ari/channels?api_key=conf:conf HTTP/1.1\r\n\r\n").status == 200)
            #expect(try await client.ask(TestServer.upgrade("app=a")).status == 101)
            _ = try await client.text()
            try await client.sendText("x")
            #expect(try await client.text().contains("Failed to parse"))
        }
    }

    @Test("Frames sent together with the request are not lost")
    func earlyFrames() async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            try await client.send(Array(TestServer.upgrade("app=a").utf8) + [0x89, 0x82, 0, 0, 0, 0, 0x68, 0x69])
            #expect(try await client.answer().status == 101)
            _ = try await client.text()
            let pong = try await client.frame()
            #expect(pong.opcode == 10 && pong.payload == Array("hi".utf8))
        }
    }

    @Test(
        "Requests behind an upgrade do no harm, whatever their header looks like",
        arguments: [
            "Connection: Upgrade", "Connection: keep-alive, Upgrade", "connection: keep-alive\r\nConnection: upgrade",
            "Connection: UPGRADE ,x",
            "Connection: upgrade;q=1", "Connection: x-upgrade", "Connection:\tUpgrade\t", "Connection: Upgrade\r\nConnection: close",
        ])
    func confusedClients(field: String) async throws {
        try await TestServer.run { test in
            let request = TestServer.upgrade("app=a").replacing("Connection: Upgrade", with: field)
            let client = try await test.client()
            try await client.send(String(repeating: request, count: 3))
            _ = try? await client.answer()
            await client.close()
            let other = try await test.client()
            #expect(try await other.ask("GET /ari/channels?api_key=conf:conf HTTP/1.1\r\n\r\n").status == 200)
        }
    }

    @Test(
        "Who may not open a socket is told why",
        arguments: [
            ("app=a", "Sec-WebSocket-Protocol: foo, bar\r\n", 400), ("", "", 400), ("app=" + String(repeating: "x", count: 74), "", 500),
            ("app=", "", 500), ("app=a&consumers=some", "", 400), ("app=a&resume=t", "", 400), ("app=a,b&resume=t,u&after=1", "", 400),
            ("app=a&resume=t&after=-1", "", 400),
            ("app=" + String(repeating: "x,", count: 127) + "x", "", 400),
        ])
    func refused(query: String, fields: String, status: Int) async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            let answer = try await client.ask(TestServer.upgrade(query, fields: fields))
            #expect(answer.status == status)
            #expect(answer.field("Content-type") == "text/html; charset=utf-8")
            #expect(answer.field("Connection") == "close")
            #expect(await test.sessions.registrations.isEmpty)
        }
    }

    @Test("The subprotocol ari is agreed on when it is offered")
    func subprotocol() async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            let answer = try await client.ask(TestServer.upgrade("app=a", fields: "Sec-WebSocket-Protocol: x, ari\r\n"))
            #expect(answer.status == 101)
            #expect(answer.field("Sec-WebSocket-Protocol") == "ari")
        }
    }

    @Test(
        "A user may only open sockets for the applications given to him", arguments: [("mine", 101), ("other", 403), ("mine,other", 403)])
    func permission(applications: String, status: Int) async throws {
        try await TestServer.run { test in
            let request = TestServer.upgrade("app=\(applications)&api_key=lim:lim").replacing(
                "Authorization: Basic Y29uZjpjb25m\r\n", with: "")
            let client = try await test.client()
            #expect(try await client.ask(request).status == status)
        }
    }

    @Test("Bad credentials get the usual 401 before any upgrade")
    func credentials() async throws {
        try await TestServer.run { test in
            let request = TestServer.upgrade("app=a").replacing("Y29uZjpjb25m", with: "Y29uZjp3cm9uZw==")
            let client = try await test.client()
            let answer = try await client.ask(request)
            #expect(answer.status == 401 && answer.body.contains("Authentication required"))
        }
    }

    @Test("Pings are answered, fragments joined, binary messages ignored")
    func frames() async throws {
        try await TestServer.run { test in
            let client = try await test.socket("app=a")
            _ = try await client.text()
            try await client.sendFrame(9, Array("hello".utf8))
            let pong = try await client.frame()
            #expect(pong.opcode == 10 && pong.payload == Array("hello".utf8))
            try await client.sendFrame(2, [1, 2, 3])
            let request = Array(#"{"type":"RESTRequest","method":"GET","uri":"asterisk/ping"}"#.utf8)
            try await client.sendFrame(1, Array(request[..<10]), isFinal: false)
            try await client.sendFrame(9, [])
            try await client.sendFrame(0, Array(request[10...]))
            #expect(try await client.frame().opcode == 10)
            #expect(try await client.text().contains(#""status_code":200"#))
        }
    }

    @Test(
        "What breaks the protocol closes the socket with its code",
        arguments: [
            ([0x81, 0x01, 0x41], 1002), ([0xC1, 0x80, 0, 0, 0, 0], 1002), ([0x83, 0x80, 0, 0, 0, 0], 1002),
            ([0x80, 0x80, 0, 0, 0, 0], 1002),
            ([0x09, 0x80, 0, 0, 0, 0], 1002), ([0x88, 0x81, 0, 0, 0, 0, 1], 1002), ([0x81, 0x81, 0, 0, 0, 0, 0xFF], 1007),
            ([0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], 1009),
            ([0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], 1009),
            ([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8], 1000), ([0x88, 0x82, 0, 0, 0, 0, 0x00, 0x01], 1002),
        ] as [([UInt8], Int)])
    func protocolErrors(frame: [UInt8], code: Int) async throws {
        try await TestServer.run { test in
            let client = try await test.socket("app=a")
            _ = try await client.text()
            try await client.send(frame)
            let close = try await client.frame()
            #expect(close.opcode == 8)
            #expect(close.payload.prefix(2).reduce(0) { $0 << 8 | Int($1) } == code)
            _ = await client.untilClosed()
            await test.sessions.unregistered()
        }
    }

    @Test(
        "A message ends at the limit, in one frame or in fragments",
        arguments: [(65_535, false), (65_536, false), (65_535, true), (65_536, true)])
    func messageLimit(size: Int, isFragmented: Bool) async throws {
        try await TestServer.run { test in
            let client = try await test.socket("app=a")
            _ = try await client.text()
            let text = [UInt8](repeating: 0x20, count: size)
            if isFragmented {
                try await client.sendFrame(1, Array(text[..<40_000]), isFinal: false)
                try await client.sendFrame(0, Array(text[40_000...]))
            } else {
                try await client.sendFrame(1, text)
            }
            let answer = try await client.frame()
            #expect(answer.opcode == (size > 65_535 ? 8 : 1))
        }
    }

    @Test("A client that does not read is told and cut off alone")
    func slowReader() async throws {
        var settings = TestServer.settings
        settings.outboxByteLimit = 64 * 1024
        try await TestServer.run(settings) { test in
            let slow = try await test.socket("app=slow")
            let quick = try await test.socket("app=quick")
            _ = try await slow.text()
            _ = try await quick.text()
            try await slow.setReading(false)
            await change(test) { test in
                for _ in 0..<200_000 { test.sessions.sinks["slow"]?.deliver(StubSessions.event, application: "slow", sequence: nil) }
                test.sessions.sinks["quick"]?.deliver(StubSessions.event, application: "quick", sequence: nil)
            }
            await test.sessions.unregistered()
            #expect(try await quick.text().contains("quick"))
            #expect(await test.server.slowReaderCount == 1)
            #expect(await !test.sessions.hasSink("slow"))
            try await slow.setReading(true)
            var last = try await slow.frame()
            while last.opcode == 1 { last = try await slow.frame() }
            #expect(last.opcode == 8)
            #expect(last.payload.prefix(2) == [0x03, 0xF0])
        }
    }

    @Test("Events in large numbers arrive whole and in order")
    func manyEvents() async throws {
        try await TestServer.run { test in
            let client = try await test.socket("app=a")
            _ = try await client.text()
            await change(test) { test in
                for number in 0..<3000 {
                    let event = Event(.channelVarset(channel: nil, variable: "V", value: "\(number)"), timestamp: Timestamp(epochMs: 0))
                    test.sessions.sinks["a"]?.deliver(event.encode(asteriskID: "i"), application: "a", sequence: nil)
                }
            }
            for number in 0..<3000 { #expect(try await client.text().contains("\"value\":\"\(number)\"")) }
        }
    }

    @Test("Sockets are closed with 1001 when the server stops or ARI is switched off")
    func goingAway() async throws {
        try await TestServer.run { test in
            let client = try await test.socket("app=a")
            _ = try await client.text()
            await change(test) { $0.server.settings.isEnabled = false }
            let close = try await client.frame()
            #expect(close.opcode == 8 && close.payload.prefix(2) == [0x03, 0xE9])
            try await client.sendFrame(8, [0x03, 0xE9])
            _ = await client.untilClosed()
        }
    }

    @Test("Something else may speak on the same port")
    func otherRoutes() async throws {
        try await TestServer.run { test in
            await addEcho(test)
            let client = try await test.client()
            let request = TestServer.upgrade("").replacing("/ari/events?", with: "/ws").replacing(
                "\r\n\r\n", with: "\r\nSec-WebSocket-Protocol: sip\r\n\r\n")
            let answer = try await client.ask(request)
            #expect(answer.status == 101 && answer.field("Sec-WebSocket-Protocol") == "sip")
            try await client.sendText("abc")
            #expect(try await client.text() == "echo abc")
            try await client.sendFrame(2, [9])
            #expect(try await client.frame().payload == [9, 9])
            let other = try await test.client()
            #expect(try await other.ask(TestServer.upgrade("").replacing("/ari/events?", with: "/ws")).status == 400)
        }
    }
}

@CallActor
private func addEcho(_ test: TestServer) {
    test.server.addWebSocketRoute(path: "/ws", subprotocol: "sip", isSubprotocolRequired: true) { _, socket in Echo(socket) }
}

@CallActor
private final class Echo: WebSocketDelegate {
    private let socket: WebSocketConnection
    init(_ socket: WebSocketConnection) { self.socket = socket }
    func received(text: String) { socket.send(text: "echo \(text)") }
    func received(binary: [UInt8]) { socket.send(binary: binary + binary) }
    func closed() {}
}
