import Foundation
import SIP
import Testing

/// A phone that speaks SIP in hand-written text.
final class RawPhone {
    let socket: RawSocket
    let user: String
    let secret: String
    let serverPort: Int
    private var sequence = 0
    private static let counter = Counter()

    init(_ kind: RawSocket.Kind = .udp, user: String = "6001", secret: String = "secret6001", host: String = "127.0.0.1", serverPort: Int)
        throws
    {
        socket = try RawSocket.open(kind, host: host, port: serverPort)
        self.user = user
        self.secret = secret
        self.serverPort = serverPort
    }

    var host: String { socket.host.contains(":") ? "[\(socket.host)]" : socket.host }
    var domain: String { "\(host):\(serverPort)" }
    var contact: String { "<sip:\(user)@\(host):\(socket.port)\(socket.kind == .tcp ? ";transport=tcp" : "")>" }

    static func token() -> String { counter.next() }

    func via(branch: String = "z9hG4bK\(RawPhone.token())") -> String {
        "SIP/2.0/\(socket.kind.rawValue.uppercased()) \(host):\(socket.port);branch=\(branch);rport"
    }

    /// Builds a request; `headers` come behind those that every request has.
    func request(
        _ method: String, _ target: String, from: String? = nil, to: String, callID: String, cseq: Int, via: String? = nil,
        headers: [String] = [], body: String = ""
    ) -> String {
        let lines =
            [
                "\(method) \(target) SIP/2.0", "Via: \(via ?? self.via())", "Max-Forwards: 70",
                "From: \(from ?? "<sip:\(user)@\(domain)>;tag=f\(callID)")", "To: \(to)", "Call-ID: \(callID)",
                "CSeq: \(cseq) \(method == "ACK" ? "ACK" : method)",
            ] + headers + ["Content-Length: \(body.utf8.count)"]
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    /// Makes a response to a request of the server.
    func response(_ status: String, to request: RawMessage, tag: String? = nil, headers: [String] = [], body: String = "") -> String {
        var lines = ["SIP/2.0 \(status)"]
        for name in ["Via", "Record-Route"] { lines += request.all(name).map { "\(name): \($0)" } }
        lines.append("From: \(request["from"] ?? "")")
        let to = request["to"] ?? ""
        lines.append("To: \(to)\(tag.map { to.contains(";tag=") ? "" : ";tag=\($0)" } ?? "")")
        lines += ["Call-ID: \(request["call-id"] ?? "")", "CSeq: \(request["cseq"] ?? "")"] + headers
        lines.append("Content-Length: \(body.utf8.count)")
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    func send(_ text: String) throws { try socket.send(text) }

    /// Waits for a message that fits; others before it are dropped.
    func wait(_ what: String, withinMs limitMs: Int = 4_000, _ fits: (RawMessage) -> Bool) throws -> RawMessage {
        let end = Date().addingTimeInterval(Double(limitMs) / 1_000)
        var seen: [String] = []
        while end.timeIntervalSinceNow > 0 {
            guard let message = socket.receive(withinMs: Int(end.timeIntervalSinceNow * 1_000)) else { break }
            if fits(message) { return message }
            seen.append(message.startLine)
        }
        throw RawSocket.Failure(description: "no \(what) came, only \(seen)")
    }

    func waitFinal(_ method: String) throws -> RawMessage {
        try wait("final response to \(method)") { ($0.status ?? 0) >= 200 && $0.method == method }
    }

    func waitRequest(_ method: String, withinMs limitMs: Int = 4_000) throws -> RawMessage {
        try wait(method, withinMs: limitMs) { $0.status == nil && $0.method == method }
    }

    /// The Authorization line for a challenge.
    func authorization(_ challenge: RawMessage, _ method: String, _ target: String, secret: String? = nil) throws -> String {
        var client = DigestClient(user: user, secret: .password(secret ?? self.secret))
        var response = SIPResponse(status: challenge.status ?? 401)
        for value in challenge.all("www-authenticate") { response.headers.add("WWW-Authenticate", value) }
        let uri = try #require(RequestTarget(target))
        var request = SIPRequest(method: SIPMethod(method), target: uri)
        try #require(client.answer(response, in: &request, cnonce: RawPhone.token()))
        return "Authorization: \(try #require(request.headers["Authorization"]))"
    }

    // MARK: - Registering

    /// Registers with a challenge and gives the last response.
    @discardableResult
    func register(
        expires: Int = 300, secret: String? = nil, contact: String? = nil, callID: String? = nil, headers: [String] = []
    ) throws -> RawMessage {
        let target = "sip:\(domain)"
        let callID = callID ?? "reg-\(user)-\(RawPhone.token())"
        func ask(_ more: [String]) throws -> RawMessage {
            sequence += 1
            try send(
                request(
                    "REGISTER", target, to: "<sip:\(user)@\(domain)>", callID: callID, cseq: sequence,
                    headers: ["Contact: \(contact ?? self.contact)", "Expires: \(expires)"] + headers + more))
            return try waitFinal("REGISTER")
        }
        let first = try ask([])
        guard first.status == 401 else { return first }
        return try ask([try authorization(first, "REGISTER", target, secret: secret)])
    }

    // MARK: - Calling

    func sdp(port: Int = 40_000, direction: String = "sendrecv", codecs: String = "0 101", version: Int = 1, address: String? = nil)
        -> String
    {
        let family = socket.host.contains(":") ? "IP6" : "IP4"
        return [
            "v=0", "o=- 1 \(version) IN \(family) \(socket.host)", "s=test", "c=IN \(family) \(address ?? socket.host)", "t=0 0",
            "m=audio \(port) RTP/AVP \(codecs)", "a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000", "a=rtpmap:97 iLBC/8000",
            "a=\(direction)", "",
        ].joined(separator: "\r\n")
    }

    /// Sends an INVITE with credentials after its challenge.
    func invite(_ number: String, body: String? = nil, headers: [String] = []) throws -> RawCall {
        let call = RawCall(phone: self, target: "sip:\(number)@\(domain)")
        let body = body ?? sdp()
        let type = body.isEmpty ? [] : ["Content-Type: application/sdp"]
        let common = ["Contact: \(contact)"] + type + headers
        try call.send("INVITE", headers: common, body: body)
        let challenge = try waitFinal("INVITE")
        #expect(challenge.status == 401)
        try call.acknowledge(challenge)
        call.cseq += 1
        try call.send("INVITE", headers: common + [try authorization(challenge, "INVITE", call.target)], body: body)
        return call
    }

    private final class Counter: Sendable {
        private let lock = NSLock()
        nonisolated(unsafe) private var value = Int.random(in: 0..<1_000_000)  // guarded by `lock`

        func next() -> String {
            lock.withLock {
                value += 1
                return "\(value)x\(getpid())"
            }
        }
    }
}

/// A call that the phone made.
final class RawCall {
    let phone: RawPhone
    let target: String
    let callID = "call-\(RawPhone.token())"
    var cseq = 1
    private var branch = ""
    private var latest = ""
    private(set) var to: String
    private var remoteTarget: String

    init(phone: RawPhone, target: String) {
        self.phone = phone
        self.target = target
        to = "<\(target)>"
        remoteTarget = target
    }

    func send(_ method: String, headers: [String] = [], body: String = "") throws {
        branch = "z9hG4bK\(RawPhone.token())"
        latest = phone.request(
            method, remoteTarget, to: to, callID: callID, cseq: cseq, via: phone.via(branch: branch), headers: headers, body: body)
        try repeatLast()
    }

    /// Sends the latest request once more.
    func repeatLast() throws { try phone.send(latest) }

    /// Acknowledges a final response to the INVITE and, when it is a 2xx, takes the dialog from it.
    func acknowledge(_ response: RawMessage) throws {
        let isSuccess = (response.status ?? 0) < 300
        if isSuccess {
            to = response["to"] ?? to
            remoteTarget = response.contactURI ?? remoteTarget
        }
        let ackBranch = isSuccess ? "z9hG4bK\(RawPhone.token())" : branch
        try phone.send(
            phone.request(
                "ACK", remoteTarget, to: response["to"] ?? to, callID: callID, cseq: cseq, via: phone.via(branch: ackBranch)))
    }

    func cancel(reason: String? = nil) throws {
        try phone.send(
            phone.request(
                "CANCEL", target, to: to, callID: callID, cseq: cseq, via: phone.via(branch: branch),
                headers: reason.map { ["Reason: \($0)"] } ?? []))
    }

    /// Waits for the 200 of the INVITE and acknowledges it.
    @discardableResult
    func connect() throws -> RawMessage {
        let answer = try phone.waitFinal("INVITE")
        try #require(answer.status == 200, "\(answer)")
        try acknowledge(answer)
        return answer
    }

    /// Sends a request inside the dialog and gives its final response.
    func exchange(_ method: String, headers: [String] = [], body: String = "") throws -> RawMessage {
        cseq += 1
        try send(method, headers: headers, body: body)
        return try phone.waitFinal(method)
    }

    func reinvite(_ sdp: String) throws -> RawMessage {
        let response = try exchange("INVITE", headers: ["Contact: \(phone.contact)", "Content-Type: application/sdp"], body: sdp)
        try acknowledge(response)
        return response
    }
}
