import ARIModel
import CallCore
import HTTPTypes
import NIOCore
import Store

/// What happens now: calls, bridges, applications, phones, events, blocked addresses.
struct LiveOperations: Sendable {
    let environment: ConsoleEnvironment
    let loginGuards: [LoginGuard]
    let blocking: Blocking
    let history: CallRate

    private var core: CallCore { environment.core }

    var all: [AdminOperation] {
        [
            AdminOperation(.get, "/status", "Tells how the server is.", answer: "Status") { _ in .json(try await status()) },
            AdminOperation(.get, "/live", "Gives channels, bridges, applications and phones as they are now.", answer: "Live") { _ in
                .json(await live())
            },
            events,
            AdminOperation(.delete, "/channels/{id}", "Hangs up a call.", status: 204) { call in
                guard await hangUp(call.parameter("id")) else { throw AdminError(404, "There is no such channel.") }
                return .noContent
            },
            AdminOperation(.get, "/ari-user-uses", "Tells when ARI users were made and used last.", answer: "ARIUserUse", list: true) { _ in
                .json(.array(await userUses()))
            },
            AdminOperation(
                .get, "/blocked-addresses", "Lists addresses from which log-ins failed.", answer: "Suspect", list: true
            ) { _ in .json(.array(await suspects())) },
            AdminOperation(.delete, "/blocked-addresses/{address}", "Lets an address try again at once.", status: 204) { call in
                guard await lift(call.parameter("address")) else { throw AdminError(404, "Nothing is known of this address.") }
                return .noContent
            },
        ]
    }

    private var events: AdminOperation {
        var operation = AdminOperation(.get, "/events", "Sends ARI's events, and what /live gives, as server-sent events.") { _ in
            AdminAnswer(body: .stream(await EventFeed.open(core) { live() }, type: "text/event-stream"))
        }
        operation.streamsEvents = true
        return operation
    }

    // MARK: Now

    @CallActor private func live() -> JSONValue {
        let report = environment.report()
        let applications = core.applications.all.map { application -> JSONValue in
            let sockets = report.eventSockets.count { $0.contains(application.name) }
            return ["name": .string(application.name), "isActive": .bool(application.isActive), "connections": .int(sockets)]
        }
        return [
            "channels": .array(core.channels.all.prefix(Self.listLimit).map { parsed($0.snapshot.encodedJSON()) }),
            "channelCount": .int(core.channels.count),
            "bridges": .array(core.bridges.all.prefix(Self.listLimit).map { parsed($0.snapshot.encodedJSON()) }),
            "applications": .array(applications), "phones": .array(phones(without: report.providers)),
            "providers": .array(
                report.providers.map {
                    ["name": .string($0.name), "state": .string($0.state), "isGood": .bool($0.isGood), "detail": .string($0.detail)]
                }),
            "callsPerMinute": .array(history.perMinute(made: core.channels.made, nowMs: core.scheduler.nowMs).map { .int($0) }),
        ]
    }

    /// Channels and bridges that are listed at most.
    private static let listLimit = 500

    @CallActor private func phones(without providers: [ProviderReport]) -> [JSONValue] {
        let names = Set(providers.map(\.name))
        return core.endpoints.all(technology: "PJSIP").filter { !names.contains($0.resource) }.map { endpoint in
            [
                "number": .string(endpoint.resource), "state": .string(core.devices.state(of: endpoint.id).rawValue),
                "isRegistered": .bool(endpoint.reachability == .online),
            ]
        }
    }

    @CallActor private func userUses() -> [JSONValue] {
        environment.report().ariUserUses.sorted { $0.key < $1.key }.map { name, use in
            [
                "name": .string(name), "createdMs": .int(Int(use.createdMs)), "lastUsedMs": use.lastUsedMs.map { .int(Int($0)) } ?? .null,
                "lastAddress": .string(use.lastAddress),
            ]
        }
    }

    @CallActor private func parsed(_ bytes: [UInt8]) -> JSONValue { (try? JSONParser.parse(bytes)) ?? .null }

    @CallActor private func hangUp(_ id: String) -> Bool {
        guard let channel = core.channels[id] else { return false }
        channel.requestHangup(cause: .normalClearing)
        return true
    }

    // MARK: The server as a whole

    private func status() async throws -> JSONValue {
        let configuration = try await blocking.run { [store = environment.store] in try store.configuration() }
        let report = await environment.report()
        let (calls, phones) = await (core.channels.count, self.phones(without: report.providers))
        var warnings = configuration.problems().filter { $0.severity == .warning }.map {
            AdminError.Problem(path: $0.path, message: $0.message, advice: $0.advice).json
        }
        if report.isSelfSigned, configuration.http.httpsEnabled {
            warnings.append(
                AdminError.Problem(
                    path: "http.certificate", message: "is not set: the server uses one that it made itself, which browsers do not trust",
                    advice: "Give a certificate for the name by which the server is reached."
                ).json)
        }
        if let free = DiskSpace.free(at: environment.store.folder), free.isLow {
            warnings.append(
                AdminError.Problem(
                    path: "disk", message: "has only \(free.bytes >> 20) MiB left for recordings and the call history",
                    advice: "Delete old recordings, or move the data folder to a larger disk."
                ).json)
        }
        for provider in report.providers where !provider.isGood && provider.state != "registering" {
            let detail = provider.detail.isEmpty ? "" : " (\(provider.detail))"
            warnings.append(
                AdminError.Problem(
                    path: "providers", message: "\(provider.name) is \(provider.state)\(detail)",
                    advice: "Calls through it fail. Compare host, user and secret with what the provider gave you."
                ).json)
        }
        return [
            "version": .string(report.version), "hosts": .array(report.hosts.map { .string($0) }),
            "ari": [
                "enabled": .bool(configuration.ari.enabled), "httpPort": report.httpPort.map { .int($0) } ?? .null,
                "httpsPort": report.httpsPort.map { .int($0) } ?? .null,
                "users": .array(configuration.ari.users.map { .string($0.name) }),
            ],
            "sip": .array(report.sip.map { .string($0) }),
            "certificate": [
                "fingerprint": .string(report.certificateFingerprint), "isSelfSigned": .bool(report.isSelfSigned),
                "endsMs": report.certificateEndsMs.map { .int(Int($0)) } ?? .null,
            ],
            "phones": ["total": .int(phones.count), "registered": .int(phones.count { $0["isRegistered"]?.bool == true })],
            "calls": .int(calls), "warnings": .array(warnings),
            "numbers": .array(configuration.dialplanApplications.map { ["extension": .string($0.extension), "name": .string($0.name)] }),
        ]
    }

    // MARK: Failed log-ins

    @CallActor private func suspects() -> [JSONValue] {
        let nowMs = core.scheduler.nowMs
        return loginGuards.flatMap { watch in
            watch.list(nowMs: nowMs).map { suspect in
                [
                    "service": .string(watch.service), "address": .string(suspect.address), "failures": .int(suspect.failures),
                    "lastName": .string(suspect.lastName), "lastMs": .int(Int(suspect.lastMs)),
                    "blockedUntilMs": suspect.blockedUntilMs.map { .int(Int($0)) } ?? .null,
                ]
            }
        }
    }

    @CallActor private func lift(_ address: String) -> Bool {
        // Each of them, not only the first that knows it.
        loginGuards.map { $0.lift(address) }.contains(true)
    }
}
