import ARIModel
import CallCore
import Testing

@testable import ARIServer

@Suite("REST over WebSocket", .timeLimit(.minutes(1)))
struct RESTOverWebSocketTests {
    private static let ids = #""type":"RESTRequest","transaction_id":"t","request_id":"r""#

    @Test(
        "Requests are answered in their envelope",
        arguments: [
            (#"{\#(ids),"method":"GET","uri":"asterisk/ping"}"#, 200, "OK", "asterisk/ping", #"{"ping":"pong"}"#),
            (#"{\#(ids),"method":"GET","uri":"nosuch"}"#, 404, "Not Found", "nosuch", #"{"message":"Resource not found"}"#),
            (#"{\#(ids),"method":"PUT","uri":"channels"}"#, 405, "Method Not Allowed", "channels", #"{"message":"Invalid method"}"#),
            (
                #"{\#(ids),"method":"GET","uri":"/asterisk/ping"}"#, 405, "Method Not Allowed", "/asterisk/ping",
                #"{"message":"Invalid method"}"#
            ),
            (
                #"{\#(ids),"method":"GET","uri":"asterisk/ping/"}"#, 404, "Not Found", "asterisk/ping/",
                #"{"message":"ARI URLs do not end with a slash. Try /ari/asterisk/ping"}"#
            ),
            (
                #"{\#(ids),"method":"GET","uri":"events?app=x"}"#, 400, "Bad Request", "events",
                #"{"message":"Can't upgrade to websocket from a websocket"}"#
            ),
            (
                #"{\#(ids),"method":"GET","uri":"recordings/stored/r/file"}"#, 406, "Not Acceptable", "recordings/stored/r/file",
                #"{"message":"Not Acceptable.  Use HTTP GET"}"#
            ),
            (#"{\#(ids),"method":"DELETE","uri":"playbacks/x"}"#, 204, "No Content", "playbacks/x", nil),
            (#"{\#(ids),"method":"DELETE","uri":"channels/c?reason=Odd"}"#, 400, "Odd", "channels/c", #"{"message":"x"}"#),
            (
                #"{\#(ids),"method":"POST","uri":"bridges/b?name=u","query_strings":[{"name":"name","value":"q s"}]}"#, 200, "OK",
                "bridges/b", #"{"id":"b","name":"q s","type":null}"#
            ),
            (
                #"{\#(ids),"method":"POST","uri":"bridges/b?name=u","content_type":"application/x-www-form-urlencoded","message_body":"name=f"}"#,
                200, "OK", "bridges/b", #"{"id":"b","name":"f","type":null}"#
            ),
            (
                #"{\#(ids),"method":"POST","uri":"bridges/b?name=u","content_type":"application/json","message_body":"{\"name\":\"j\"}"}"#,
                200, "OK", "bridges/b", #"{"id":"b","name":"j","type":null}"#
            ),
            (#"{\#(ids),"uri":"x"}"#, 400, "Bad request", "x", #"{"message":"Unknown or missing 'method' property."}"#),
            (#"{\#(ids),"uri":"x","method":"FOO"}"#, 400, "Bad request", "x", #"{"message":"Unknown or missing 'method' property."}"#),
            (#"{\#(ids),"method":"GET"}"#, 400, "Bad request", "", #"{"message":"Empty or missing 'uri' property."}"#),
            (
                #"{\#(ids),"method":"GET","uri":"x","query_strings":{}}"#, 400, "Bad request", "x",
                #"{"message":"Unable to parse 'query_strings' array."}"#
            ),
            (
                #"{\#(ids),"method":"GET","uri":"x","message_body":"x"}"#, 400, "Bad request", "x",
                #"{"message":"No 'content_type' for 'message_body'."}"#
            ),
            (
                #"{\#(ids),"method":"GET","uri":"x","content_type":"application/json","message_body":"x"}"#, 400, "Bad request", "x",
                #"{"message":"Unable to parse 'message_body' as 'application/json'."}"#
            ),
            (
                #"{\#(ids),"method":"GET","uri":"x","content_type":"text/plain","message_body":"x"}"#, 400, "Bad request", "x",
                #"{"message":"Unknown content type."}"#
            ),
            (#"{"transaction_id":"t","request_id":"r"}"#, 400, "Bad request", "", #"{"message":"No 'type' property."}"#),
            (
                #"{"type":"Nonsense","transaction_id":"t","request_id":"r"}"#, 400, "Bad request", "",
                #"{"message":"Unknown request type."}"#
            ),
        ] as [(String, Int, String, String, String?)])
    func exchange(request: String, status: Int, reason: String, uri: String, body: String?) async throws {
        try await TestServer.run { test in
            let client = try await test.socket("app=first,second")
            _ = try await client.text()
            _ = try await client.text()
            try await client.sendText(request)
            let response = try JSONParser.parse(try await client.text())
            #expect(response["type"] == "RESTResponse")
            #expect(response["transaction_id"] == "t" && response["request_id"] == "r")
            #expect(response["status_code"] == .int(status))
            #expect(response["reason_phrase"] == .string(reason))
            #expect(response["uri"] == .string(uri))
            #expect(response["message_body"] == body.map { .string($0) })
            #expect(response["content_type"] == (body == nil ? nil : "application/json"))
            #expect(response["application"] == "first")
            #expect(response["asterisk_id"] == "aa:bb:cc:dd:ee:ff")
            #expect(response["timestamp"] == "2023-11-14T22:13:20.000+0000")
        }
    }

    @Test("What is no JSON object gets empty ids", arguments: ["not json", "5", "\"x\""])
    func noJSON(text: String) async throws {
        try await TestServer.run { test in
            let client = try await test.socket("app=a")
            _ = try await client.text()
            try await client.sendText(text)
            let response = try JSONParser.parse(try await client.text())
            #expect(response["reason_phrase"] == "Failed to parse request message JSON")
            #expect(response["transaction_id"] == "" && response["message_body"] == nil)
        }
    }

    @Test("Requests of one socket are carried out one after another")
    func order() async throws {
        try await TestServer.run { test in
            let client = try await test.socket("app=a")
            _ = try await client.text()
            try await client.sendText(#"{"type":"RESTRequest","request_id":"slow","method":"GET","uri":"bridges"}"#)
            for number in 0..<200 {
                try await client.sendText(#"{"type":"RESTRequest","request_id":"\#(number)","method":"GET","uri":"channels"}"#)
            }
            await test.gate.arrived()
            await test.gate.open()
            #expect(try await client.text().contains(#""request_id":"slow""#))
            for number in 0..<200 { #expect(try await client.text().contains(#""request_id":"\#(number)""#)) }
        }
    }

    @Test("The credentials of the socket are checked at each request")
    func credentials() async throws {
        try await TestServer.run { test in
            let client = try await test.socket("app=a")
            _ = try await client.text()
            let request = #"{"type":"RESTRequest","method":"POST","uri":"bridges/b"}"#
            await change(test) { $0.users.users["conf"]?.isReadOnly = true }
            try await client.sendText(request)
            #expect(try await client.text().contains(#""status_code":403"#))
            await change(test) { $0.users.users["conf"] = nil }
            try await client.sendText(request)
            #expect(try await client.text().contains(#""status_code":401"#))
        }
    }

    @Test("A filter that holds RESTResponse back silences the answers")
    func filtered() async throws {
        try await TestServer.run { test in
            let client = try await test.socket("app=a")
            _ = try await client.text()
            await change(test) { $0.sessions.unwanted = [.restResponse] }
            try await client.sendText(#"{"type":"RESTRequest","request_id":"1","method":"GET","uri":"channels"}"#)
            try await client.sendFrame(9, [])
            #expect(try await client.frame().opcode == 10)
        }
    }
}
