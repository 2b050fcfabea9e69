import AMI
import CallCore
import Crypto
import Logging

extension AMIAction {
    /// Logging in and out, and what one hears of.
    static let sessionActions: [AMIAction] = [
        AMIAction("Login", "Login Manager.", needsLogin: false) { $0.server.logIn($0) },
        AMIAction("Challenge", "Generate Challenge for MD5 Auth.", needsLogin: false) { call in
            guard call["AuthType"].lowercased() == "md5" else { return .error("Must specify AuthType") }
            let challenge = String(UInt32.random(in: 100_000_000...999_999_999))
            call.session.challenge = challenge
            return .success(nil, [.init("Challenge", challenge)])
        },
        AMIAction("Logoff", "Logoff Manager.", needsLogin: false) { _ in
            .goodbye(AMIMessage([.init("Response", "Goodbye"), .init("Message", "Thanks for all the fish.")]))
        },
        AMIAction("Ping", "Keepalive command.") { call in
            .success(nil, [.init("Ping", "Pong"), .init("Timestamp", AMIServer.seconds(call.core.scheduler.nowMs))])
        },
        AMIAction("Events", "Control Event Flow.") { call in
            let classes = wanted(call["EventMask"])
            call.session.listen(to: classes)
            return .success(nil, [.init("Events", classes.isEmpty ? "Off" : "On")])
        },
        AMIAction("Filter", "Dynamically add filters for the current manager session.", .system) { call in
            guard call["Operation"].lowercased() == "add" else { return .error("Unknown operation") }
            let criteria = call["MatchCriteria"]
            let filter = criteria.isEmpty ? EventFilter(call["Filter"]) : EventFilter(criteria: criteria, expression: call["Filter"])
            guard let filter else { return .error("Filter format error") }
            return call.session.add(filter) ? .success() : .error("Too many filters")
        },
        AMIAction("ListCommands", "List available manager commands.") { call in
            let write = call.session.manager?.write ?? []
            return .success(
                nil,
                AMIAction.all.filter { $0.classes.isEmpty || !$0.classes.isDisjoint(with: write) }.sorted { $0.name < $1.name }.map {
                    .init($0.name, "\($0.summary) (Priv: \($0.classes.required))")
                })
        },
        AMIAction("WaitEvent", "Wait for an event to occur.") { call in
            let limitMs = min(max(Int(call["Timeout"]) ?? 3_600, 1), 3_600) * 1_000
            return .later { await call.server.waitForEvent(call, limitMs: limitMs) }
        },
    ]

    /// Reads what a client wants to hear of: `on`, `off`, or classes.
    static func wanted(_ text: String) -> AMIClasses {
        switch text.lowercased() {
        case "", "on", "yes", "true", "1", "all": .all
        case "off", "no", "false", "0", "none": []
        default: AMIClasses(words: text)
        }
    }
}

extension AMIServer {
    fileprivate func logIn(_ call: AMICall) -> AMIOutcome {
        guard call.session.manager == nil else { return .success("Already logged in") }
        let (address, name) = (call.session.connection.remoteAddress, call["Username"])
        let nowMs = core.scheduler.nowMs
        if loginGuard.blockedMs(address, nowMs: nowMs) != nil { return .goodbye(.error("Authentication failed")) }
        guard let manager = manager(name), manager.allows(address), proves(call, manager) else {
            let delayMs = loginGuard.failed(address, name: name, nowMs: nowMs)
            log.notice("manager's log-in refused", metadata: ["manager": "\(name)", "address": "\(address)"])
            return refuse(call, afterMs: delayMs)
        }
        log.info("manager logged in", metadata: ["manager": "\(name)", "address": "\(address)"])
        call.session.logIn(manager, wanted: AMIAction.wanted(call["Events"]))
        core.afterThisTurn { [weak session = call.session, weak self] in
            guard let self, let session, session.wanted.contains(.system) else { return }
            session.send(self.fullyBooted.message(timestamp: self.timestamp))
        }
        return .success("Authentication accepted")
    }

    /// The answer waits when log-ins from the address keep failing; the session ends with it.
    private func refuse(_ call: AMICall, afterMs delayMs: Int) -> AMIOutcome {
        guard delayMs > 0 else { return .goodbye(.error("Authentication failed")) }
        return .later { [core] in
            await withCheckedContinuation { continuation in
                _ = core.scheduler.schedule(afterMs: delayMs) { continuation.resume() }
            }
            core.afterThisTurn { call.session.connection.close() }
            return [.error("Authentication failed")]
        }
    }

    private func proves(_ call: AMICall, _ manager: ManagerLogin) -> Bool {
        guard call["AuthType"].lowercased() == "md5" else { return Self.equal(call["Secret"], manager.secret) }
        guard let challenge = call.session.challenge else { return false }
        let digest = Insecure.MD5.hash(data: Array((challenge + manager.secret).utf8))
        let hex = digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        return Self.equal(call["Key"].lowercased(), hex)
    }

    /// Compares in a time that does not tell how much was right.
    private static func equal(_ left: String, _ right: String) -> Bool {
        SHA256.hash(data: Array(left.utf8)) == SHA256.hash(data: Array(right.utf8))
    }

    var fullyBooted: AMIEvent {
        let (core, nowMs) = (core, core.scheduler.nowMs)
        return AMIEvent(
            "FullyBooted", .system,
            [
                .init("Uptime", String((nowMs - core.startedMs) / 1_000)), .init("LastReload", String((nowMs - core.reloadedMs) / 1_000)),
                .init("Status", "Fully Booted"),
            ])
    }

    /// Lets the session's next request wait until something has happened that the manager may hear of. Over a connection that stands the
    /// events themselves come as always.
    fileprivate func waitForEvent(_ call: AMICall, limitMs: Int) async -> [AMIMessage] {
        var witness: CallWitness?
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            var isOver = false
            var timer: ScheduledAction?
            @CallActor func end() {
                guard !isOver else { return }
                isOver = true
                timer?.cancel()
                continuation.resume()
            }
            timer = core.scheduler.schedule(afterMs: limitMs) { end() }
            witness = core.events.witness { _ in end() }
        }
        witness?.end()
        return [.success("Waiting for Event completed."), AMIMessage([.init("Event", "WaitEventComplete")])]
    }
}
