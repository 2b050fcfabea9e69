@testable import SIP

/// A transaction layer with a clock and eyes for what it does.
final class TransactionBench {
    let layer: TransactionLayer
    let flow: SIPFlow
    private(set) var nowMs: UInt64 = 0
    /// What the user was told, as words.
    private(set) var told: [String] = []
    /// What was sent: time in ms, first line, destination.
    private(set) var sent: [(atMs: UInt64, line: String, to: SIPFlow, bytes: [UInt8])] = []
    private(set) var requests: [ServerTransactionID] = []

    init(transport: SIPTransportKind = .udp, limits: TransactionLimits = TransactionLimits()) {
        layer = TransactionLayer(tokens: SIPTokenSource(seed0: 1, seed1: 2), limits: limits)
        flow = SIPFlow(
            id: 1, transport: transport, localHost: "192.0.2.1", localPort: 5060, remoteHost: "192.0.2.2",
            remotePort: 5060)
    }

    var now: SIPInstant { SIPInstant(milliseconds: nowMs) }
    var sentLines: [String] { sent.map(\.line) }
    var lastSent: SIPMessage? {
        guard let bytes = sent.last?.bytes, case .message(let message) = SIPParser.parse(datagram: bytes) else {
            return nil
        }
        return message
    }

    func take(_ outputs: [TransactionOutput]) {
        for output in outputs {
            switch output {
            case .send(let bytes, let destination):
                sent.append((nowMs, Self.firstLine(bytes), destination, bytes))
            case .request(let id, let request, _):
                requests.append(id)
                told.append("request \(request.method)")
            case .ack: told.append("ack")
            case .cancel: told.append("cancel")
            case .response(_, let response): told.append("response \(response.status)")
            case .timeout: told.append("timeout")
            case .transportError: told.append("transport error")
            case .terminated: told.append("terminated")
            case .unacknowledged: told.append("unacknowledged")
            case .responseTransportError: told.append("response transport error")
            }
        }
    }

    func receive(_ text: String, from other: SIPFlow? = nil) {
        guard case .message(let message) = SIPParser.parse(datagram: Array(text.utf8)) else {
            told.append("unparsable")
            return
        }
        take(layer.receive(message, from: other ?? flow, at: now))
    }

    func send(_ method: SIPMethod) -> ClientTransactionID {
        var request = SIPRequest(method: method, target: RequestTarget("sip:bob@192.0.2.2") ?? .other(scheme: "", text: ""))
        for (name, value) in [
            ("From", "<sip:alice@192.0.2.1>;tag=a"), ("To", "<sip:bob@192.0.2.2>"), ("Call-ID", "call"),
            ("CSeq", "1 \(method.name)"), ("Contact", "<sip:192.0.2.1>"), ("Route", "<sip:proxy.example;lr>"),
        ] { request.headers.add(name, value) }
        let (id, outputs) = layer.send(request, over: flow, at: now)
        take(outputs)
        return id
    }

    /// Answers the latest request sent, whose Via the answer copies.
    func answer(_ id: ClientTransactionID, _ status: Int, method: String) {
        receive(
            """
            SIP/2.0 \(status) X\r
            Via: SIP/2.0/UDP 192.0.2.1:5060;branch=\(id.branch)\r
            From: <sip:alice@192.0.2.1>;tag=a\r
            To: <sip:bob@192.0.2.2>;tag=b\r
            Call-ID: call\r
            CSeq: 1 \(method)\r
            Content-Length: 0\r\n\r\n
            """)
    }

    func respond(_ status: Int, toTag: String? = "b", to index: Int? = nil, _ request: String) {
        guard case .message(.request(var parsed)) = SIPParser.parse(datagram: Array(request.utf8)) else { return }
        parsed.noteSource(flow)
        let id = requests[index ?? requests.count - 1]
        take(layer.respond(id, parsed.response(status, toTag: toTag), at: now))
    }

    /// Moves the time on in steps of the wheel.
    func advance(toMs target: UInt64) {
        while nowMs < target {
            nowMs = min(nowMs + 10, target)
            take(layer.advance(to: now))
        }
    }

    static func firstLine(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix { $0 != 13 }, as: UTF8.self)
    }

    static func request(
        _ method: String, branch: String = "z9hG4bKx", sentBy: String = "192.0.2.2:5060", via: String = "", toTag: String? = nil,
        number: Int = 1, callID: String = "c1"
    ) -> String {
        """
        \(method) sip:alice@192.0.2.1 SIP/2.0\r
        Via: SIP/2.0/UDP \(sentBy)\(branch.isEmpty ? "" : ";branch=\(branch)")\(via)\r
        Max-Forwards: 70\r
        From: <sip:bob@192.0.2.2>;tag=f\r
        To: <sip:alice@192.0.2.1>\(toTag.map { ";tag=\($0)" } ?? "")\r
        Call-ID: \(callID)\r
        CSeq: \(number) \(method)\r
        Contact: <sip:192.0.2.2>\r
        Content-Length: 0\r\n\r\n
        """
    }
}
