import ARIModel
import CallCore
import HTTPTypes
import Logging
import Store

/// Logging in, the administrator's password, and tokens for programs.
struct AccountOperations: Sendable {
    let store: Store
    let sessions: AdminSessions
    let setup: SetupCode
    let loginGuard: LoginGuard
    let clock: @Sendable () -> Int64
    let blocking: Blocking
    let log: Logger

    /// Shortest password of the administrator, in characters.
    static let shortestPassword = 10

    var all: [AdminOperation] {
        [
            AdminOperation(.get, "/session", "Tells whether one is logged in.", access: .anybody, answer: "Session") { call in
                .json(state(call))
            },
            AdminOperation(
                .post, "/setup", "Sets the administrator's password on the first visit, with the code from the server's log.",
                access: .anybody, body: "Setup", answer: "Session", handler: firstVisit),
            AdminOperation(.post, "/session", "Logs in.", access: .anybody, body: "Login", answer: "Session", handler: logIn),
            AdminOperation(.delete, "/session", "Logs out.", access: .anybody, status: 204) { call in
                if let session = call.session { sessions.end(session.id) }
                var answer = AdminAnswer.noContent
                answer.fields = [(.setCookie, SessionCookie.expired(isEncrypted: call.isEncrypted))]
                return answer
            },
            AdminOperation(
                .put, "/administrator/password", "Changes the administrator's password; other sessions end.", body: "NewPassword",
                status: 204, handler: changePassword),
            AdminOperation(.get, "/tokens", "Lists the tokens of programs.", answer: "Token", list: true) { _ in
                let tokens = try await blocking.run { try store.adminTokens() }
                return .json(.array(tokens.map { ["name": .string($0.name), "createdMs": .int(Int($0.createdMs))] }))
            },
            AdminOperation(
                .post, "/tokens", "Makes a token for a program; its text is shown only now.", body: "TokenName", answer: "NewToken",
                status: 201, handler: makeToken),
            AdminOperation(.delete, "/tokens/{name}", "Takes a token back.", status: 204) { call in
                let name = call.parameter("name")
                guard try await blocking.run({ try store.removeAdminToken(named: name) }) else {
                    throw AdminError(404, "There is no such token.")
                }
                return .noContent
            },
            AdminOperation(
                .post, "/passwords", "Makes a password, or tells whether one is easy to guess.", body: "PasswordQuestion",
                answer: "PasswordAnswer"
            ) { call in
                guard let password = call.body?["password"]?.string else {
                    var random = SystemRandomNumberGenerator()
                    return .json(["password": .string(Secret.random(using: &random)), "weak": false])
                }
                return .json(["weak": .bool(WeakPassword.matches(password, name: call.body?["name"]?.string ?? ""))])
            },
        ]
    }

    private func state(_ call: AdminCall) -> JSONValue {
        guard let session = call.session else { return ["state": setup.text == nil ? "login" : "setup"] }
        return ["state": "open", "csrfToken": .string(session.csrfToken)]
    }

    @Sendable private func firstVisit(_ call: AdminCall) async throws -> AdminAnswer {
        guard setup.text != nil else { throw AdminError(409, "The password is set already. Log in with it.") }
        let (code, password) = (try call.text("code"), try call.text("password"))
        try await refuseBlocked(call)
        guard setup.matches(code) else {
            try await failed(call, name: "setup")
            throw AdminError(
                422, "The code is not right.",
                problems: [.init(path: "code", message: "is not the one in the server's log", advice: "Look for “console” in the log.")])
        }
        try await set(password)
        setup.use()
        log.notice("the administrator's password was set", metadata: ["address": "\(call.address)"])
        return opened(call)
    }

    @Sendable private func logIn(_ call: AdminCall) async throws -> AdminAnswer {
        let password = try call.text("password")
        try await refuseBlocked(call)
        guard let hash = try await blocking.run({ try store.administratorPassword() }) else {
            throw AdminError(409, "No password is set yet. Set one with the code from the server's log.")
        }
        guard await blocking.check(hash, password) else {
            try await failed(call, name: "administrator")
            throw AdminError(
                422, "The password is not right.", problems: [.init(path: "password", message: "is not right", advice: "Try again.")])
        }
        return opened(call)
    }

    private func opened(_ call: AdminCall) -> AdminAnswer {
        let session = sessions.start(nowMs: clock())
        log.info("the administrator logged in", metadata: ["address": "\(call.address)"])
        var answer = AdminAnswer.json(["state": "open", "csrfToken": .string(session.csrfToken)])
        answer.fields = [(.setCookie, SessionCookie.text(session.id, isEncrypted: call.isEncrypted))]
        return answer
    }

    @Sendable private func changePassword(_ call: AdminCall) async throws -> AdminAnswer {
        let (current, password) = (try call.text("current"), try call.text("password"))
        try await refuseBlocked(call)
        guard let hash = try await blocking.run({ try store.administratorPassword() }), await blocking.check(hash, current) else {
            try await failed(call, name: "administrator")
            throw AdminError(
                422, "The present password is not right.",
                problems: [.init(path: "current", message: "is not right", advice: "Give the password with which you log in now.")])
        }
        try await set(password)
        log.notice("the administrator's password was changed", metadata: ["address": "\(call.address)"])
        sessions.endOthers(than: call.session?.id)
        return .noContent
    }

    private func set(_ password: String) async throws {
        guard password.count >= Self.shortestPassword, password.utf8.count <= 255, !WeakPassword.matches(password, name: "") else {
            throw AdminError(
                422, "The password is easy to guess.",
                problems: [
                    .init(
                        path: "password", message: "is easy to guess",
                        advice: "Use \(Self.shortestPassword) or more characters, and no common word.")
                ])
        }
        try await blocking.run { try store.setAdministratorPassword(try PasswordHash(of: password)) }
    }

    @Sendable private func makeToken(_ call: AdminCall) async throws -> AdminAnswer {
        let name = try call.text("name")
        guard name.utf8.count <= 50, name.allSatisfy({ $0.isLetter || $0.isNumber || "_.- ".contains($0) }) else {
            throw AdminError(
                422, "The name can't be used.",
                problems: [.init(path: "name", message: "has other characters", advice: "Use at most 50 letters, digits, blanks and _ . -")]
            )
        }
        var random = SystemRandomNumberGenerator()
        let text = Secret.random(using: &random)
        let token = AdminToken(name: name, createdMs: clock())
        guard try await blocking.run({ try store.addAdminToken(token, text: text) }) else {
            throw AdminError(
                422, "There is a token of that name.",
                problems: [.init(path: "name", message: "is taken", advice: "Choose another name, or take that token back first.")])
        }
        log.notice("admin token made", metadata: ["name": "\(name)", "address": "\(call.address)"])
        return .json(["name": .string(name), "token": .string(text)], status: 201)
    }

    // MARK: Failed log-ins

    private func refuseBlocked(_ call: AdminCall) async throws {
        guard let seconds = await loginGuard.blockedSeconds(call.address, nowMs: clock()) else { return }
        throw AdminError(429, "Too many failed log-ins from this address. Try again in \(seconds) s.", retryAfterSeconds: seconds)
    }

    private func failed(_ call: AdminCall, name: String) async throws {
        let delayMs = await loginGuard.failed(call.address, name: name, nowMs: clock())
        if delayMs > 0 { try await Task.sleep(for: .milliseconds(delayMs)) }
    }
}
