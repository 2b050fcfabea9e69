import CallCore
import Foundation
import SIP
import Testing

@testable import SIPServer

/// A browser's signalling without a browser: the server's end of a WebSocket, and hand-written messages.
@CallActor
final class WebSocketPhone: SIPWebSocket {
    let user: String
    let host = "\(RawPhone.token()).invalid"
    let instance: String
    private(set) var flow: WebSocketFlow?
    private(set) var received: [String] = []
    private(set) var pings = 0
    private(set) var isClosed = false
    private var taken = 0
    private var cseq = 0

    init(_ rig: Rig, user: String, instance: String = UUID().uuidString.lowercased()) async throws {
        self.user = user
        self.instance = instance
        open(rig)
    }

    /// Opens a connection, in place of the one before.
    func open(_ rig: Rig) {
        isClosed = false
        flow = rig.server.accept(
            self, local: SIPTransportAddress(transport: .ws, host: "127.0.0.1", port: 8088),
            remote: SIPTransportAddress(transport: .ws, host: "127.0.0.1", port: 50_000 + Int.random(in: 0..<9_000)))
    }

    func send(text: String) { received.append(text) }
    func send(binary: [UInt8]) { received.append(String(decoding: binary, as: UTF8.self)) }
    func ping() { pings += 1 }
    func close() { isClosed = true }

    func say(_ text: String) { flow?.received(text: text) }

    var contact: String { "<sip:\(user)-c@\(host);transport=ws>" }

    /// Waits for the next message that fits.
    func next(_ what: String, _ fits: (RawMessage) -> Bool) async throws -> RawMessage {
        for _ in 0..<400 {
            while taken < received.count {
                taken += 1
                if let message = RawMessage(Array(received[taken - 1].utf8)), fits(message) { return message }
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw RawSocket.Failure(description: "no \(what) came, only \(received.map { $0.prefix { $0 != "\r\n" } })")
    }

    func request(_ method: String) async throws -> RawMessage {
        try await next(method) { $0.status == nil && $0.method == method }
    }

    func response(_ method: String) async throws -> RawMessage {
        try await next("response to \(method)") { ($0.status ?? 0) >= 200 && $0.method == method }
    }

    func ask(_ method: String, _ target: String, to: String, from: String? = nil, callID: String, _ headers: [String], body: String = "") {
        cseq += 1
        let lines =
            [
                "\(method) \(target) SIP/2.0", "Via: SIP/2.0/WS \(host);branch=z9hG4bK\(RawPhone.token())", "Max-Forwards: 70",
                "From: \(from ?? "<sip:\(user)@127.0.0.1>;tag=f\(callID)")", "To: \(to)", "Call-ID: \(callID)", "CSeq: \(cseq) \(method)",
            ] + headers + (body.isEmpty ? [] : ["Content-Type: application/sdp"])
        say(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    @discardableResult
    func register(flow: Int = 1) async throws -> RawMessage {
        ask(
            "REGISTER", "sip:127.0.0.1", to: "<sip:\(user)@127.0.0.1>", callID: "reg-\(host)",
            ["Contact: \(contact);+sip.instance=\"<urn:uuid:\(instance)>\";reg-id=\(flow);expires=300", "Supported: path, outbound, gruu"])
        let answer = try await response("REGISTER")
        try #require(answer.status == 200)
        return answer
    }

    /// Confirms the 200 of an INVITE.
    func acknowledge(_ answer: RawMessage) {
        let lines = [
            "ACK \(answer.contactURI ?? "") SIP/2.0", "Via: SIP/2.0/WS \(host);branch=z9hG4bK\(RawPhone.token())", "Max-Forwards: 70",
            "From: \(answer["from"] ?? "")", "To: \(answer["to"] ?? "")", "Call-ID: \(answer["call-id"] ?? "")", "CSeq: \(cseq) ACK", "",
            "",
        ]
        say(lines.joined(separator: "\r\n"))
    }

    func respond(_ status: Int, to request: RawMessage, body: String = "") {
        let lines =
            ["SIP/2.0 \(status) X"] + request.all("Via").map { "Via: \($0)" }
            + [
                "From: \(request["from"] ?? "")", "To: \(request["to"] ?? "")\(request.toTag == nil ? ";tag=browser" : "")",
                "Call-ID: \(request["call-id"] ?? "")", "CSeq: \(request["cseq"] ?? "")", "Contact: \(contact)",
            ] + (body.isEmpty ? [] : ["Content-Type: application/sdp"])
        say(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }
}
