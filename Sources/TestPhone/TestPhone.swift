public import NIOCore
import NIOPosix

/// A small SIP phone for tests, demonstrations and load: registers, calls, is called, sends and hears audio and digits.
///
/// All of its work happens on one event loop. Close it when it is no longer needed.
///
///     let phone = try await TestPhone.start(PhoneSettings(user: "201", password: "secret", server: .init(host: "127.0.0.1")))
///     try await phone.register()
///     let call = try await phone.call("1000")
///     try await call.answered()
///     try await call.hangUp()
///     try await phone.close()
public final class TestPhone: Sendable {
    /// The calls that come in while `PhoneSettings.incoming` is `ring`, for one reader.
    public let incomingCalls: AsyncStream<PhoneCall>
    public let settings: PhoneSettings
    /// The loop on which the phone works; other phones may share it.
    public var eventLoop: any EventLoop { loop }
    let loop: any EventLoop
    private let agent: NIOLoopBound<UserAgent>

    private init(
        _ settings: PhoneSettings, agent: NIOLoopBound<UserAgent>, on loop: any EventLoop, incomingCalls: AsyncStream<PhoneCall>
    ) {
        self.settings = settings
        self.agent = agent
        self.loop = loop
        self.incomingCalls = incomingCalls
    }

    /// Makes a phone and opens its port or its connection.
    ///
    /// - Parameter loop: where the phone works; nil takes one of NIO's own threads.
    /// - Throws: `PhoneError.cannotBind`, `cannotReach`, `noServer`.
    public static func start(_ settings: PhoneSettings, on loop: (any EventLoop)? = nil) async throws -> TestPhone {
        let loop = loop ?? MultiThreadedEventLoopGroup.singleton.next()
        let agent = try await PhoneOpening(settings: settings, loop: loop).open()
        let (calls, arrival) = AsyncStream.makeStream(of: PhoneCall.self)
        let phone = TestPhone(settings, agent: agent, on: loop, incomingCalls: calls)
        try await phone.perform { agent in
            agent.onCall = { [weak phone] leg in
                if let phone { arrival.yield(PhoneCall(leg, of: phone)) }
            }
            agent.onClose = { arrival.finish() }
        }
        return phone
    }

    /// Registers the phone with its server, and renews that until the phone is closed.
    ///
    /// - Throws: `PhoneError.registrationRefused` with the status, `noServer`.
    public func register() async throws {
        try await perform { try $0.register() }.get()
    }

    /// Takes the registration back.
    public func unregister() async throws {
        try await perform { $0.unregister() }.get()
    }

    /// Calls a number of the server, or a SIP URI, and returns as soon as the INVITE is on its way.
    ///
    /// - Throws: `PhoneError.badNumber`, `noServer`, `cannotBind`.
    public func call(_ number: String) async throws -> PhoneCall {
        try await perform { agent in PhoneCall(try agent.call(number), of: self) }
    }

    /// Waits for the next incoming call.
    ///
    /// - Throws: `PhoneError.closed` when the phone is closed before.
    public func nextCall() async throws -> PhoneCall {
        for await call in incomingCalls { return call }
        throw PhoneError.closed
    }

    public var counters: PhoneCounters {
        get async throws { try await perform { $0.totals } }
    }

    /// The phone's own SIP address, such as `sip:201@127.0.0.1:40112`.
    public var uri: String {
        get async throws { try await perform { $0.uri } }
    }

    /// Hangs up all calls, takes the registration back, and closes the phone's ports; waits a second at most for the others.
    public func close() async throws {
        try await perform { $0.close() }.get()
    }

    // MARK: - The loop

    func perform<T: Sendable>(_ body: @escaping @Sendable (UserAgent) throws -> T) async throws -> T {
        try await loop.submit { [agent] in try body(agent.value) }.get()
    }

    /// Waits for a future, but not for ever.
    func wait<T: Sendable>(for future: EventLoopFuture<T>, _ what: String, _ withinMs: Int) async throws -> T {
        let promise = loop.makePromise(of: T.self)
        let alarm = loop.scheduleTask(in: .milliseconds(Int64(withinMs))) {
            promise.fail(PhoneError.timedOut(what: what, afterMs: withinMs))
        }
        future.whenComplete { result in
            alarm.cancel()
            promise.completeWith(result)
        }
        return try await promise.futureResult.get()
    }
}
