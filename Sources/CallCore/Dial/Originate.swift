import ARIModel
public import Dialplan

/// What `POST /channels` asks for.
public struct OriginateRequest: Sendable {
    /// Where an answered call goes.
    public enum Target: Sendable {
        case application(name: String, arguments: [String], data: String)
        case dialplan(DialplanLocation)
        /// One application of the dialplan; the call ends with it.
        case run(application: String, data: String)
    }

    /// How the call came out.
    public enum Outcome: Sendable, Equatable {
        case answered
        case failed(HangupCause)
        case timedOut
    }

    public var endpoint: String
    public var target: Target
    public var callerID: String?
    /// Milliseconds until the call is given up; nil waits for ever.
    public var timeoutMs: Int?
    public var outbound = OutboundRequest()
    public var variables: [VariableAssignment] = []
    public var accountCode: String?
    /// Called once, when it was answered or came to nothing, before an answered channel goes anywhere.
    public var onOutcome: (@CallActor @Sendable (Channel, Outcome) -> Void)?

    public init(endpoint: String, target: Target) {
        self.endpoint = endpoint
        self.target = target
    }
}

extension OriginateRequest.Outcome {
    fileprivate init(_ result: DialAttempt.Result) {
        switch result {
        case .answered: self = .answered
        case .failed(let cause): self = .failed(cause)
        case .timedOut: self = .timedOut
        }
    }
}

/// A variable given with a request.
public struct VariableAssignment: Sendable, Equatable {
    public var name: String
    public var value: String
    public var reportsEvents: Bool

    public init(name: String, value: String, reportsEvents: Bool = false) {
        self.name = name
        self.value = value
        self.reportsEvents = reportsEvents
    }
}

extension CallCore {
    /// Milliseconds an originated call may ring when the client says nothing.
    public static let defaultOriginateTimeoutMs = 30_000

    /// Calls an endpoint and, when it answers, hands the channel to an application or the dialplan (ARI operation `originate`).
    /// - Throws: ``DialRefusal`` when the endpoint can't be called at all; later failures come as events.
    public func originate(_ request: OriginateRequest) throws(DialRefusal) -> Channel {
        let channel = try makeChannel(endpoint: request.endpoint, outbound: request.outbound)
        if let callerID = request.callerID, !callerID.isEmpty {
            let party = PartyID(parsing: callerID)
            channel.caller = party
            channel.connected = party
        }
        channel.assign(request.variables)
        if let accountCode = request.accountCode { channel.accountCode = accountCode }
        if let requester = request.outbound.requesterID.flatMap({ channels[$0] }), channel.connected.isEmpty {
            channel.connected = requester.caller
        }
        channel.markPublished()
        channel.applicationAfterStasis = ("AppDial2", "(Outgoing Line)")
        channel.applicationName = "AppDial2"
        channel.applicationData = "(Outgoing Line)"
        channel.publish()
        subscribeApplication(of: request.target, to: channel)
        let attempt = DialAttempt(peer: channel, caller: nil, dialString: dialString(of: request.endpoint), style: .originate)
        attempt.onResult = { result in
            request.onOutcome?(channel, OriginateRequest.Outcome(result))
            if result == .answered { channel.enter(request.target) }
        }
        attempt.start(timeoutMs: request.timeoutMs)
        return channel
    }

    /// Makes a channel that is in an application at once and is dialled later (ARI operation `create`).
    public func create(
        endpoint: String, application: String, arguments: [String], data: String, outbound: OutboundRequest,
        variables: [VariableAssignment]
    ) throws(DialRefusal) -> Channel {
        let channel = try makeChannel(endpoint: endpoint, outbound: outbound)
        channel.isCreated = true
        channel.applications.insert(application)
        applications[application]?.subscribe(channel)
        channel.assign(variables)
        afterThisTurn { [weak channel] in
            guard let channel, !channel.isGone else { return }
            channel.applicationName = "Stasis"
            channel.applicationData = data
            channel.publish()
            let entered = channel.enterStasis(application, arguments: arguments)
            channel.applicationAfterStasis = ("", "")
            if !entered { channel.requestHangup(cause: .normalClearing, by: .silent) }
        }
        return channel
    }

    /// Does what takes time before `originate` can call an endpoint.
    /// - Returns: false when it can't be called.
    public func prepare(endpoint: String) async -> Bool {
        guard let technology = endpoint.split(separator: "/").first, let driver = technologies[String(technology)] else { return false }
        return await driver.prepare(for: dialString(of: endpoint))
    }

    func makeChannel(endpoint: String, outbound: OutboundRequest) throws(DialRefusal) -> Channel {
        guard let slash = endpoint.firstIndex(of: "/") else { throw .unknownTechnology(endpoint) }
        let technology = String(endpoint[..<slash])
        guard let driver = technologies[technology] else { throw .unknownTechnology(technology) }
        guard channels.count < settings.channelLimit else { throw .channelLimit }
        return try driver.makeChannel(for: dialString(of: endpoint), request: outbound)
    }

    func dialString(of endpoint: String) -> String {
        guard let slash = endpoint.firstIndex(of: "/") else { return endpoint }
        return String(endpoint[endpoint.index(after: slash)...])
    }

    private func subscribeApplication(of target: OriginateRequest.Target, to channel: Channel) {
        guard case .application(let name, _, _) = target else { return }
        channel.applications.insert(name)
        channel.localPeer?.applications.insert(name)
        guard let application = applications[name] else { return }
        application.subscribe(channel)
        if let other = channel.localPeer { application.subscribe(other) }
    }
}

extension Channel {
    /// Hands an answered channel over to where it was originated to.
    func enter(_ target: OriginateRequest.Target) {
        switch target {
        case .dialplan(let location):
            startPBX(at: location)
        case .run(let name, let data):
            guard let application = DialplanApplication.named(name) else {
                core.log.warning("no application '\(name)'", channel: self)
                return requestHangup(cause: .normalClearing, by: .silent)
            }
            startPBX(running: application, data: data)
        case .application(let name, let arguments, let data):
            applicationName = "Stasis"
            applicationData = data
            markPublished()
            if !enterStasis(name, arguments: arguments) { requestHangup(cause: .normalClearing, by: .silent) }
        }
    }

    /// Why `dial` is refused.
    public enum DialError: Error, Equatable { case notDown, notCreated }

    /// Calls the far end of a channel made by `create` (ARI operation `dial`).
    public func startDial(caller: Channel?, timeoutMs: Int?) throws(DialError) {
        guard state == .down || state == .reserved else { throw .notDown }
        guard isCreated else { throw .notCreated }
        guard dial == nil else {
            requestHangup(cause: .normalClearing)
            return
        }
        if let caller { adopt(from: caller) }
        let attempt = DialAttempt(peer: self, caller: nil, dialString: core.dialString(of: dialName), style: .created)
        attempt.start(timeoutMs: timeoutMs)
    }

    /// Takes over from the calling channel what its callee should have.
    func adopt(from caller: Channel) {
        adoptQuietly(from: caller)
        if !caller.caller.isEmpty, connected != caller.caller {
            connected = caller.caller
            publish()
        }
    }
}
