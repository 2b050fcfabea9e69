import CallCore
import NIOCore
import NIOHTTP1

/// What becomes of a request.
enum HTTPOutcome {
    case answer(HTTPResponse)
    /// The connection becomes a WebSocket.
    case upgrade(WebSocketConnection, subprotocol: String?)
    /// The outcome comes later; further requests of the connection wait for it.
    case later(@CallActor () async -> HTTPOutcome)
}

/// Decides what becomes of requests.
@CallActor
protocol HTTPRequestTaker: AnyObject {
    var settings: ARISettings { get }
    /// The value of the `Date` field now.
    var httpDate: String { get }
    func take(_ request: HTTPRequest, from connection: Connection) -> HTTPOutcome
    /// Answers a request that can't be taken; nil is for one of which nothing is known.
    func answer(_ fault: HTTPRequestFault, to request: HTTPRequest?) -> HTTPResponse
}

/// HTTP/1.x on a connection: requests one after another, in order, with time limits.
@CallActor
final class HTTPSession: ConnectionRole {
    /// Strong, as is the connection's hold on its role: the end of the connection takes both apart.
    private let connection: Connection
    private let taker: any HTTPRequestTaker
    /// The request whose body is coming.
    private var incoming: HTTPRequest?
    /// What waits while a request is being carried out: whole requests, and a fault as the last.
    private var backlog: [Result<HTTPRequest, HTTPRequestFault>] = []
    private var isBusy = false
    private var isStreaming = false
    private var hasFinished = false
    private var isReading = true
    /// When the connection ends unless a whole request comes before; nil while an answer is awaited.
    private var deadline: NIODeadline?
    private var isTimerSet = false

    /// Further requests that may wait before reading stops. What was read by then still comes, which is bounded by one read.
    private static let backlogLimit = 32

    init(connection: Connection, taker: any HTTPRequestTaker) {
        self.connection = connection
        self.taker = taker
        expectRequest(withinMs: taker.settings.requestTimeoutMs)
    }

    // MARK: Requests

    func receive(_ part: HTTPServerRequestPart) {
        guard !hasFinished else { return }
        switch part {
        case .head(let head): begin(head)
        case .body(let bytes):
            guard incoming != nil else { return }
            guard bytes.readableBytes <= HTTPRequest.bodyLimit - (incoming?.body.count ?? 0) else { return fail(.bodyTooLarge) }
            incoming?.body.append(contentsOf: bytes.readableBytesView)
        case .end:
            guard let request = incoming else { return }
            incoming = nil
            put(.success(request))
        }
    }

    /// Ends the connection because of what came; requests before it are answered first.
    func fail(_ fault: HTTPRequestFault) {
        guard !hasFinished else { return }
        put(.failure(fault))
    }

    func becameWritable() {}

    func closed() {
        hasFinished = true
        deadline = nil
    }

    private func begin(_ head: HTTPRequestHead) {
        incoming = HTTPRequest(head)
        if !isBusy { expectRequest(withinMs: taker.settings.requestTimeoutMs) }
        if let fault = HTTPRequestFault.check(head) { return fail(fault) }
        // Lets a client that asks before it sends a body go on (RFC 9110 section 10.1.1).
        if head.version.minor > 0, !isBusy, incoming?.field("Expect", contains: "100-continue") == true {
            connection.write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
        }
    }

    private func put(_ request: Result<HTTPRequest, HTTPRequestFault>) {
        backlog.append(request)
        process()
        if backlog.count >= HTTPSession.backlogLimit, isReading { setReading(false) }
    }

    private func process() {
        while !isBusy, !hasFinished, !backlog.isEmpty {
            switch backlog.removeFirst() {
            case .success(let request):
                deadline = nil
                finish(taker.take(request, from: connection), of: request)
            case .failure(let fault):
                var response = taker.answer(fault, to: incoming)
                response.closes = true
                send(response, to: incoming)
            }
        }
    }

    private func finish(_ outcome: HTTPOutcome, of request: HTTPRequest) {
        switch outcome {
        case .answer(let response):
            send(response, to: request)
        case .upgrade(let socket, let subprotocol):
            hasFinished = true
            upgrade(request, to: socket, subprotocol: subprotocol)
        case .later(let work):
            isBusy = true
            Task { @CallActor in self.resume(await work(), of: request) }
        }
    }

    private func resume(_ outcome: HTTPOutcome, of request: HTTPRequest) {
        isBusy = false
        guard !hasFinished else {
            if case .upgrade(let socket, _) = outcome { socket.closed() }
            return
        }
        finish(outcome, of: request)
        goOn()
    }

    /// Takes what waited, and more from the client once nothing waits.
    private func goOn() {
        process()
        if !isBusy, !isReading, !hasFinished { setReading(true) }
    }

    private func setReading(_ isOn: Bool) {
        isReading = isOn
        connection.setReading(isOn)
    }

    private func upgrade(_ request: HTTPRequest, to socket: WebSocketConnection, subprotocol: String?) {
        let connection = connection
        connection.role = socket
        if !isReading { connection.setReading(true) }
        WebSocketHandshake.acceptKey(for: request, on: connection.channel).whenComplete { result in
            CallActor.assumeIsolated {
                guard case .success(let acceptKey?) = result else { return connection.close() }
                connection.write(ByteBuffer(string: WebSocketHandshake.answer(acceptKey: acceptKey, subprotocol: subprotocol)))
                connection.switchToWebSocket(socket)
                socket.attach(to: connection)
            }
        }
    }

    // MARK: Answers

    /// - Parameter request: Nil when nothing is known of it.
    private func send(_ response: HTTPResponse, to request: HTTPRequest?) {
        let keepsAlive = !response.closes && request?.head.isKeepAlive == true && request?.asksForUpgrade == false
        let isOld = request?.head.version.minor == 0
        var buffer = connection.channel.allocator.buffer(capacity: 320 + response.bodyLength)
        HTTPResponseWriter(serverName: taker.settings.serverName).write(
            response, date: taker.httpDate, isHead: request?.method == "HEAD",
            keepAlive: keepsAlive ? (isOld ? true : nil) : false, to: &buffer)
        if case .stream(let stream) = response.body {
            connection.write(buffer)
            send(stream, keepsAlive: keepsAlive)
        } else if keepsAlive {
            connection.write(buffer)
            expectRequest(withinMs: incoming != nil ? taker.settings.requestTimeoutMs : taker.settings.keepAliveTimeoutMs)
        } else {
            end(with: buffer)
        }
    }

    /// Closes the connection after these last bytes.
    private func end(with bytes: ByteBuffer) {
        hasFinished = true
        deadline = nil
        backlog = []
        connection.finish(bytes)
    }

    /// Sends a body piece by piece, each once the client has taken the one before.
    private func send(_ stream: ByteStream, keepsAlive: Bool) {
        isBusy = true
        isStreaming = true
        Task { @CallActor in
            var left = stream.byteCount
            while left > 0, !hasFinished {
                let piece = await stream.next().prefix(left)
                expectRequest(withinMs: taker.settings.requestTimeoutMs)
                // An answer that ends too early tells the client that something is missing.
                guard !piece.isEmpty, await connection.writeThrough(ByteBuffer(bytes: piece)) else { return connection.close() }
                left -= piece.count
            }
            isStreaming = false
            streamEnded(keepsAlive: keepsAlive)
        }
    }

    private func streamEnded(keepsAlive: Bool) {
        isBusy = false
        guard !hasFinished else { return }
        guard keepsAlive else { return end(with: ByteBuffer()) }
        expectRequest(withinMs: taker.settings.keepAliveTimeoutMs)
        goOn()
    }

    // MARK: Time limits

    private func expectRequest(withinMs timeoutMs: Int) {
        deadline = .now() + .milliseconds(Int64(timeoutMs))
        if !isTimerSet { setTimer(afterMs: timeoutMs) }
    }

    /// One timer per connection is set anew only when it fires, not at each request.
    private func setTimer(afterMs delayMs: Int) {
        isTimerSet = true
        connection.schedule(afterMs: delayMs) { [weak self] in self?.timerFired() }
    }

    private func timerFired() {
        isTimerSet = false
        guard !hasFinished, let deadline else { return }
        let leftMs = (deadline - .now()).nanoseconds / 1_000_000
        if leftMs > 0 { return setTimer(afterMs: Int(leftMs) + 1) }
        guard let incoming, !isStreaming else { return connection.close() }
        send(.page(400, "Timeout of the request", serverName: taker.settings.serverName, closes: true), to: incoming)
    }
}

extension HTTPResponse {
    fileprivate var bodyLength: Int {
        if case .bytes(let bytes, _) = body { bytes.count } else { 0 }
    }
}
