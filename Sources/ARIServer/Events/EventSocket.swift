import ARIModel
import CallCore
import NIOCore

/// A WebSocket at `/events`: events of its applications out, REST requests in.
@CallActor
final class EventSocket: EventSink, WebSocketDelegate {
    let applications: [String]
    let socket: WebSocketConnection
    private let server: ARIServer
    /// In whose name requests come.
    enum Identity {
        /// Who the client proved to be when it opened the socket; looked at again for each request.
        case login(Login)
        /// The user of a connection that we opened.
        case user(String)

        var name: String {
            switch self {
            case .login(let login): login.name
            case .user(let name): name
            }
        }
    }

    let identity: Identity
    /// Called once when the socket is gone.
    var onClosed: (@CallActor (EventSocket) -> Void)?
    private let tails: [String: [UInt8]]
    private var requests: [String] = []
    private var isBusy = false
    private var isReading = true
    private var isClosed = false

    /// Requests that may wait for the one that is being carried out.
    private static let requestLimit = 64

    init(applications: [String], identity: Identity, socket: WebSocketConnection, server: ARIServer) {
        self.applications = applications
        self.identity = identity
        self.socket = socket
        self.server = server
        tails = Dictionary(applications.map { ($0, EncodedEvent.tail(application: $0)) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Events

    /// Writes frame header, event and application straight into one buffer.
    func deliver(_ event: EncodedEvent, application: String, sequence: Int?) {
        var tail = tails[application] ?? EncodedEvent.tail(application: application)
        if let sequence { tail = EncodedEvent.member(sequence: sequence) + tail }
        if server.settings.isPretty {
            return socket.send(text: String(decoding: JSONIndenter.indent(event.head + tail), as: UTF8.self))
        }
        var frame = socket.textFrame(length: event.head.count + tail.count)
        frame.writeBytes(event.head)
        frame.writeBytes(tail)
        socket.send(frame: frame)
    }

    /// Tells each application something that has no number and no filter.
    func tell(_ body: EventBody) {
        guard !isClosed else { return }
        let event = Event(body, timestamp: server.timestamp).encode(asteriskID: server.asteriskID)
        for application in applications { deliver(event, application: application, sequence: nil) }
    }

    func closed() {
        guard !isClosed else { return }
        isClosed = true
        server.eventSocketClosed(self)
        onClosed?(self)
        onClosed = nil
    }

    // MARK: REST requests, strictly one after another

    func received(text: String) {
        requests.append(text)
        process()
        if requests.count >= EventSocket.requestLimit, isReading { setReading(false) }
    }

    private func process() {
        while !isBusy, !isClosed, !requests.isEmpty {
            answer(RESTRequest.parse(requests.removeFirst()))
        }
    }

    private func answer(_ request: Result<RESTRequest, RESTRequest.Rejection>) {
        switch request {
        case .failure(let rejection): respond(rejection.response)
        case .success(let request): finish(server.take(request, as: identity, from: socket.remoteAddress), of: request)
        }
    }

    private func finish(_ outcome: RESTOutcome, of request: RESTRequest) {
        switch outcome {
        case .answer(let response): respond(request.response(for: response))
        case .later(let work):
            isBusy = true
            Task { @CallActor in
                let outcome = await work()
                self.isBusy = false
                self.finish(outcome, of: request)
                self.process()
                if !self.isReading, self.requests.isEmpty { self.setReading(true) }
            }
        }
    }

    private func setReading(_ isOn: Bool) {
        isReading = isOn
        socket.setReading(isOn)
    }

    private func respond(_ response: RESTResponse) {
        guard !isClosed, let application = applications.first, server.sessions.wants(.restResponse, application: application) else {
            return
        }
        let event = Event(.restResponse(response), timestamp: server.timestamp)
        deliver(event.encode(asteriskID: server.asteriskID), application: application, sequence: nil)
    }
}
