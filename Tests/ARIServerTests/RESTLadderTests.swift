import CallCore
import Testing

@testable import ARIServer

/// One request and what must come back.
struct Exchange: Sendable, CustomTestStringConvertible {
    let request: String
    let status: Int
    var body: String? = nil
    var fields: [String: String] = [:]
    /// Fields that must not be there.
    var without: [String] = []

    var testDescription: String { "\(request.prefix(70).replacing("\r\n", with: " | ")) → \(status)" }

    private static let conf = "Authorization: Basic Y29uZjpjb25m\r\n"

    /// A request with good credentials.
    static func auth(
        _ line: String, with extra: String = "", sent: String = "", _ status: Int, _ body: String? = nil, fields: [String: String] = [:],
        without: [String] = []
    ) -> Exchange {
        plain(line, with: conf + extra, sent: sent, status, body, fields: fields, without: without)
    }

    static func plain(
        _ line: String, with extra: String = "", sent: String = "", _ status: Int, _ body: String? = nil, fields: [String: String] = [:],
        without: [String] = []
    ) -> Exchange {
        let length = sent.isEmpty ? "" : "Content-Length: \(sent.utf8.count)\r\n"
        return Exchange(
            request: "\(line) HTTP/1.1\r\nHost: h:1\r\n\(extra)\(length)\r\n\(sent)", status: status, body: body, fields: fields,
            without: without)
    }

    static func json(_ line: String, _ sent: String, _ status: Int, _ body: String? = nil) -> Exchange {
        auth(line, with: "Content-Type: application/JSON; charset=utf-8\r\n", sent: sent, status, body)
    }

    static func form(_ line: String, _ sent: String, _ status: Int, _ body: String? = nil) -> Exchange {
        auth(line, with: "Content-Type: application/x-www-form-urlencoded\r\n", sent: sent, status, body)
    }
}

private func message(_ text: String) -> String { #"{"message":"\#(text)"}"# }

private let authentication: [Exchange] = [
    .auth(
        "GET /ari/asterisk/ping", 200, #"{"ping":"pong"}"#,
        fields: [
            "Content-type": "application/json", "Cache-Control": "no-cache, no-store", "Server": "Arioso/test", "Content-Length": "15",
            "Date": "Tue, 14 Nov 2023 22:13:20 GMT",
        ], without: ["Connection", "WWW-Authenticate", "Vary"]),
    .plain(
        "GET /ari/asterisk/ping", 401, message("Authentication required"),
        fields: [
            "WWW-Authenticate": #"Basic realm="Asterisk REST Interface""#, "Cache-Control": "no-cache, no-store",
        ]),
    .plain("GET /ari/asterisk/ping", with: "Authorization: Basic Y29uZjp3cm9uZw==\r\n", 401),
    .plain("GET /ari/asterisk/ping", with: "Authorization: Basic ###\r\n", 401),
    .plain("GET /ari/asterisk/ping?api_key=conf:conf", with: "Authorization: Basic Y29uZjp3cm9uZw==\r\n", 401),
    .plain("GET /ari/asterisk/ping?api_key=conf:conf", with: "Authorization: Bearer abc\r\n", 200),
    .plain("GET /ari/asterisk/ping?api_key=conf:conf", with: "Authorization: basic  Y29uZjpjb25m \r\n", 200),
    .plain("GET /ari/asterisk/ping?api_key=conf%3Aconf", 200),
    .plain("GET /ari/asterisk/ping?api_key=conf:", 401), .plain("GET /ari/asterisk/ping?api_key=conf", 401),
    .plain("GET /ari/asterisk/ping?api_key=", 401), .plain("GET /ari/asterisk/ping?api_key=nobody:conf", 401),
    .plain("GET /ari/asterisk/ping?api_key=hash:secret", 200), .plain("GET /ari/asterisk/ping?api_key=hash:secrets", 401),
    .plain(
        "POST /ari/channels", with: "Content-Type: application/x-www-form-urlencoded\r\n", sent: "api_key=conf:conf", 500,
        #"{"error":"Allocation failed"}"#),
    .plain("GET /ari/asterisk/ping?api_key=away:away", 403, message("Access denied by ACL")),
    .plain("POST /ari/channels?api_key=ro:ro", 403, message("Write access denied")),
    .plain("HEAD /ari/channels?api_key=ro:ro", 403), .plain("OPTIONS /ari/channels?api_key=ro:ro", 204),
    .plain("GET /ari/channels?api_key=ro:ro", 200, "[]"),
    .plain("GET /ari/applications/mine?api_key=lim:lim", 200), .plain("GET /ari/applications/other?api_key=lim:lim", 403),
    .plain("POST /ari/channels?app=other&api_key=lim:lim", 403), .plain("POST /ari/channels?app=mine&api_key=lim:lim", 500),
    // A bad body is told before the credentials are looked at.
    .plain("POST /ari/channels", with: "Content-Type: application/json\r\n", sent: "{", 400, message("Error parsing request body")),
]

private let routing: [Exchange] = [
    .auth("GET /ari/nosuch", 404, message("Resource not found")), .auth("GET /ari/Channels", 404),
    .auth("GET /ari/channels/", 404, message("ARI URLs do not end with a slash. Try /ari/channels")),
    .auth("GET /asterisk/ari/asterisk/ping/", 404, message("ARI URLs do not end with a slash. Try /asterisk/ari/asterisk/ping")),
    .auth("GET /ari//channels", 405, fields: ["Allow": "OPTIONS"]),
    .auth("GET /ari", 405, message("Invalid method"), fields: ["Allow": "OPTIONS"]),
    .auth("GET /ari/", 405, fields: ["Allow": "OPTIONS"]),
    .auth("GET /ari/channels//x", 200, "[]"), .auth("GET /ari/channels/create/foo", 404, message("Channel not found: create")),
    .auth("GET /ari/channels/externalMedia/foo", 404, message("Channel not found: externalMedia")),
    .auth("GET /ari/channels/a%2Fb+c%20d", 404, message("Channel not found: a/b c d")),
    .auth("GET /ari/channels/%zz%4", 404, message("Channel not found: %zz%4")),
    .auth("GET /asterisk/ari/asterisk/ping", 200), .auth("GET http://h:1/ari/asterisk/ping?x=1", 200),
    .auth("PUT /ari/channels", 405, message("Invalid method"), fields: ["Allow": "OPTIONS,GET,POST"]),
    .auth("GET /ari/recordings", 405, fields: ["Allow": "OPTIONS"]),
    .auth("PUT /ari/bridges/x", 405, fields: ["Allow": "OPTIONS,GET,POST,DELETE"]),
    .auth("POST /ari/mailboxes/x", 405, fields: ["Allow": "OPTIONS,GET,PUT,DELETE"]),
    .auth("HEAD /ari/asterisk/ping", 405, "", fields: ["Allow": "OPTIONS,GET", "Content-Length": "28"]),
    .auth(
        "OPTIONS /ari/channels/x/mute", 204, "", fields: ["Allow": "OPTIONS,POST,DELETE", "Content-Length": "0"], without: ["Content-type"]),
    .auth("OPTIONS /ari/nosuch", 404), .plain("OPTIONS /ari/channels", 401),
    .auth("GET /ari/mailboxes", 501, message("This operation is not available in this version")),
    .auth("DELETE /ari/playbacks/x", 204, "", fields: ["Content-Length": "0"], without: ["Content-type", "Allow"]),
    .auth("POST /ari/channels/c/play/a%2Fb", 201, #"{"id":"a/b"}"#, fields: ["Location": "/ari/playbacks/a%2Fb"]),
    .auth("POST /asterisk/ari/channels/c/play/p", 201, fields: ["Location": "/asterisk/ari/playbacks/p"]),
    .auth("DELETE /ari/channels/c?reason=Odd%0D%0AX:%20y", 400, message("x"), without: ["X"]),
    .auth("GET /ari/recordings/stored/r/file", 200, "\u{1}\u{2}\u{3}", fields: ["Content-type": "audio/wav"]),
    .auth("GET /", 404, fields: ["Content-type": "text/html; charset=utf-8"]),
    .auth("GET /arix/channels", 404, fields: ["Content-type": "text/html; charset=utf-8"]),
    .auth("GET /ari/events?app=a", 426, fields: ["Upgrade": "websocket"]),
]

private let documents: [Exchange] = [
    .plain("GET /ari/api-docs/resources.json", 401),
    .auth("GET /ari/api-docs/resources.json", 200, fields: ["Content-type": "application/json"]),
    .auth("GET /asterisk/ari/api-docs/channels.json", 200), .auth("GET /ari/api-docs/nosuch.json", 404, message("Resource not found")),
    .auth("GET /ari/api-docs/../x.json", 404), .auth("GET /ari/api-docs/channels", 404),
    .auth("POST /ari/api-docs/channels.json", 405, message("Unsupported method")),
]

private let origins: [Exchange] = [
    .auth(
        "GET /ari/channels", with: "Origin: http://conform.example\r\n", 200,
        fields: [
            "Access-Control-Allow-Origin": "http://conform.example", "Access-Control-Allow-Credentials": "true", "Vary": "Origin",
        ]),
    .auth("GET /ari/channels", with: "Origin: http://evil.example\r\n", 200, without: ["Access-Control-Allow-Origin"]),
    .plain(
        "GET /ari/channels", with: "Origin: http://conform.example\r\n", 401,
        fields: ["Access-Control-Allow-Origin": "http://conform.example"]),
    .auth("OPTIONS /ari/channels", with: "Origin: http://conform.example\r\n", 204, without: ["Access-Control-Allow-Methods"]),
    .auth(
        "OPTIONS /ari/channels",
        with: "Origin: http://conform.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n",
        204,
        fields: [
            "Allow": "OPTIONS,GET,POST", "Access-Control-Allow-Methods": "OPTIONS,GET,POST", "Access-Control-Allow-Headers": "content-type",
        ]),
    .auth(
        "OPTIONS /ari/channels", with: "Origin: http://conform.example\r\nAccess-Control-Request-Method: PUT\r\n", 204,
        without: ["Access-Control-Allow-Methods"]),
    .auth(
        "OPTIONS /ari/channels", with: "Origin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\n", 204,
        without: ["Access-Control-Allow-Origin", "Access-Control-Allow-Methods"]),
    // Browsers ask without credentials.
    .plain(
        "OPTIONS /ari/channels", with: "Origin: http://conform.example\r\nAccess-Control-Request-Method: POST\r\n", 204,
        fields: ["Access-Control-Allow-Origin": "http://conform.example", "Access-Control-Allow-Methods": "OPTIONS,GET,POST"]),
    .plain(
        "OPTIONS /ari/channels", with: "Origin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\n", 401,
        without: ["Access-Control-Allow-Origin"]),
    .plain("OPTIONS /ari/channels", with: "Origin: http://conform.example\r\n", 401),
]

private let b = "POST /ari/bridges/b"
private func bridge(_ name: String, _ type: String = "null") -> String { #"{"id":"b","name":\#(name),"type":\#(type)}"# }

private let parameters: [Exchange] = [
    .auth(b, 200, bridge("null")), .auth("\(b)?name=q&type=mixing&x=1", 200, bridge("\"q\"", "\"mixing\"")),
    .auth("\(b)?name=a&name=n%20%C3%BC/%26+x", 200, bridge("\"n ü/& x\"")), .auth("\(b)?name", 200, bridge("\"\"")),
    .json(b, #"{"name":"j","type":5}"#, 200, bridge("\"j\"")),
    .json("\(b)?name=q&type=holding", #"{"name":"body","type":null}"#, 200, bridge("\"body\"")),
    .form(b, "name=f&type=a%26b", 200, bridge("\"f\"", "\"a&b\"")), .form("\(b)?name=q", "name=f", 200, bridge("\"q\"")),
    .json(b, "{}", 200, bridge("null")), .json(b, "[1,2]", 200, bridge("null")),
    .json(b, "\"text\"", 400, message("Error parsing request body")),
    .json(b, "5", 400), .json(b, "", 200, bridge("null")),
    .auth(b, with: "Content-Type: text/plain\r\n", sent: #"{"name":"t"}"#, 200, bridge("null")),
    .auth(b, sent: "name=x", 200, bridge("null")),
    .auth("GET /ari/asterisk/info?only=a&only=b,c", 200, #"{"only":["b","c"]}"#),
    .auth("GET /ari/asterisk/info?only=", 200, #"{"only":[""]}"#),
    .auth("GET /ari/asterisk/info", 200, #"{"only":["<none>"]}"#),
    .json("GET /ari/asterisk/info?only=q", #"{"only":"a,b"}"#, 200, #"{"only":["a,b"]}"#),
    .json("GET /ari/asterisk/info", #"{"only":["a",1]}"#, 200, #"{"only":["a",""]}"#),
    .auth("GET /ari/asterisk/info?only=" + String(repeating: ",", count: 126), 200),
    .auth("GET /ari/asterisk/info?only=" + String(repeating: ",", count: 127), 400, message("Too many values for only")),
    .auth("POST /ari/channels/c/dtmf?before=12abc", 200, #"{"before":12}"#),
    .auth("POST /ari/channels/c/dtmf?before=abc", 200, #"{"before":0}"#),
    .json("POST /ari/channels/c/dtmf?before=7", #"{"before":"12"}"#, 200, #"{"before":0}"#),
    .json("POST /ari/channels/c/dtmf", #"{"before":12.9}"#, 200, #"{"before":12}"#),
    .auth("POST /ari/bridges/b/addChannel?mute=Yes", 200, #"{"mute":true}"#),
    .auth("POST /ari/bridges/b/addChannel?mute=2", 200, #"{"mute":false}"#),
    .json("POST /ari/bridges/b/addChannel?mute=1", #"{"mute":"yes"}"#, 200, #"{"mute":false}"#),
]

@Suite("REST over HTTP")
struct RESTLadderTests {
    private func check(_ exchange: Exchange) async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            let answer = try await client.ask(exchange.request)
            #expect(answer.status == exchange.status)
            if let body = exchange.body { #expect(answer.body == body) }
            for (name, value) in exchange.fields { #expect(answer.field(name) == value, "\(name)") }
            for name in exchange.without { #expect(answer.field(name) == nil, "\(name)") }
            await client.close()
        }
    }

    @Test("Credentials and rights", arguments: authentication) func rights(_ exchange: Exchange) async throws { try await check(exchange) }
    @Test("Paths and methods", arguments: routing) func paths(_ exchange: Exchange) async throws { try await check(exchange) }
    @Test("API description", arguments: documents) func description(_ exchange: Exchange) async throws { try await check(exchange) }
    @Test("Origins of web pages", arguments: origins) func webPages(_ exchange: Exchange) async throws { try await check(exchange) }
    @Test("Parameters and where they come from", arguments: parameters) func values(_ exchange: Exchange) async throws {
        try await check(exchange)
    }

    @Test("The API description names the address by which the client came")
    func basePath() async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            let answer = try await client.ask("GET /asterisk/ari/api-docs/sounds.json?api_key=conf:conf HTTP/1.1\r\nHost: pbx:8088\r\n\r\n")
            #expect(answer.body.contains(#""basePath":"http://pbx:8088/asterisk/ari""#))
            let bare = try await client.ask("GET /ari/api-docs/sounds.json?api_key=conf:conf HTTP/1.0\r\n\r\n")
            #expect(bare.status == 200 && !bare.body.contains("basePath"))
        }
    }

    @Test("Settings apply to the next request of an open connection")
    func liveSettings() async throws {
        try await TestServer.run { test in
            let client = try await test.client()
            let ping = "GET /ari/asterisk/ping HTTP/1.1\r\nHost: h\r\nAuthorization: Basic Y29uZjpjb25m\r\n\r\n"
            #expect(try await client.ask(ping).status == 200)
            await change(test) { $0.server.settings.isPretty = true }
            #expect(try await client.ask(ping).body == "{\n  \"ping\": \"pong\"\n}")
            await change(test) { $0.users.users["conf"]?.password = .plain("new") }
            #expect(try await client.ask(ping).status == 401)
            await change(test) { $0.server.settings.isEnabled = false }
            let hint = try await client.ask(ping)
            #expect(hint.status == 404 && hint.body.contains("Use ARI Interface"))
            await change(test) {
                $0.server.settings.isEnabled = true
                $0.server.isReady = false
                $0.users.users["conf"]?.password = .plain("conf")
            }
            #expect(try await client.ask(ping).status == 503)
            _ = await client.untilClosed()
        }
    }
}

@Suite("Log-ins that fail")
struct FailedLoginTests {
    private let right = "GET /ari/asterisk/ping?api_key=conf:conf HTTP/1.1\r\nHost: h\r\n\r\n"
    private let wrong = "GET /ari/asterisk/ping?api_key=conf:wrong HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test("After too many the address gets 429 with the time to wait, with the right password, too; sockets that are open stay")
    func blocked() async throws {
        try await TestServer.run { test in
            await change(test) {
                $0.server.loginGuard.settings.freeFailures = 100
                $0.server.loginGuard.settings.failureLimit = 6
            }
            let socket = try await test.socket("app=a")
            _ = try await socket.text()
            let client = try await test.client()
            for _ in 0..<6 { #expect(try await client.ask(wrong).status == 401) }
            let answer = try await client.ask(right)
            #expect(answer.status == 429 && answer.field("Retry-After") == "900" && answer.body.contains("900 s"))
            try await socket.sendText(#"{"type":"RESTRequest","method":"GET","uri":"channels"}"#)
            #expect(try await socket.text().contains(#""status_code":200"#))
            await change(test) { _ = $0.server.loginGuard.lift("127.0.0.1") }
            #expect(try await client.ask(right).status == 200)
        }
    }

    @Test("Who loses the right to an event socket loses the socket; others keep theirs")
    func review() async throws {
        try await TestServer.run { test in
            let lost = try await test.socket("app=mine", login: "bGltOmxpbQ==")
            let kept = try await test.socket("app=a")
            _ = (try await lost.text(), try await kept.text())
            await change(test) {
                $0.users.users["lim"]?.applications = ["mine", "more"]
                $0.server.reviewEventSockets()
            }
            try await lost.sendText(#"{"type":"RESTRequest","method":"GET","uri":"channels"}"#)
            #expect(try await lost.text().contains(#""status_code":200"#), "more rights close nothing")
            await change(test) {
                $0.users.users["lim"]?.applications = ["more"]
                $0.server.reviewEventSockets()
            }
            let farewell = try await lost.frame()
            #expect(farewell.opcode == 8 && farewell.payload.starts(with: [0x03, 0xF0]), "1008")
            try await kept.sendText(#"{"type":"RESTRequest","method":"GET","uri":"channels"}"#)
            #expect(try await kept.text().contains(#""status_code":200"#))
        }
    }
}

/// Changes something of a server in the isolation that it lives in.
@CallActor
func change(_ test: TestServer, _ body: @CallActor (TestServer) -> Void) { body(test) }
