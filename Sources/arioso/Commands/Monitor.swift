import ARIModel
import ArgumentParser
import Foundation
import Glibc
import NIOSSL
import UnixSignals

/// Shows who is there, as a table that changes as it happens.
struct Monitor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch who is available, busy or away.",
        discussion: """
            Reads the extensions of a server over ARI, then follows its events. Ends with Ctrl-C. Where the output is no terminal, each \
            change is a line.
            """)

    @Argument(help: ArgumentHelp("The server, such as http://pbx.example:8088/ari.", valueName: "URL"))
    var url = "http://127.0.0.1:8088/ari"

    @Option(help: ArgumentHelp("The ARI user.", valueName: "NAME"))
    var user: String?

    @Option(help: ArgumentHelp("Its password; else that of the URL, or of ARI_PASSWORD.", valueName: "TEXT"))
    var password: String?

    @Option(help: ArgumentHelp("The application by which it connects; for a user who is confined, one of its own.", valueName: "NAME"))
    var app = "arioso-monitor"

    @Option(help: ArgumentHelp("A PEM file with certificates to trust.", valueName: "FILE"))
    var authorities: String?

    @Flag(help: "Trust whatever certificate the server shows.")
    var insecure = false

    func run() async throws {
        let server = try server()
        let screen = PresenceScreen(isTerminal: isatty(STDOUT_FILENO) == 1)
        screen.open()
        defer { screen.close() }
        let client = ARIClient(server: server)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return }
            }
            group.addTask { [screen] in try await follow(client, screen) }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Follows the events; a connection that breaks is opened again.
    private func follow(_ client: ARIClient, _ first: PresenceScreen) async throws {
        var screen = first
        var isFirst = true
        var table = PresenceTable()
        let title = "Arioso – Presence Monitor  \(client.base)"
        while !Task.isCancelled {
            do {
                // Tells in words what is wrong, where the WebSocket only says no.
                _ = try await client.request("GET", "/asterisk/ping", expecting: 200)
                let events = try await client.openEvents(application: app, subscribeAll: true)
                table = try await present(client)
                isFirst = false
                screen.draw(table, title: title, status: "connected")
                for await event in events.events where table.take(event, at: .now) {
                    screen.draw(table, title: title, status: "connected")
                }
            } catch {
                // What is wrong from the start is told; what breaks later is tried again.
                if isFirst {
                    screen.close()
                    complain("arioso: \(error)")
                    throw ExitCode.unavailable
                }
            }
            screen.draw(table, title: title, status: "not connected; trying again")
            try await Task.sleep(for: .seconds(2))
        }
    }

    /// What the server tells of all extensions now.
    private func present(_ client: ARIClient) async throws -> PresenceTable {
        var table = PresenceTable()
        for endpoint in try await client.request("GET", "/endpoints/PJSIP", expecting: 200)?.array ?? [] {
            guard let number = endpoint["resource"]?.string else { continue }
            let name = number.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? number
            let device = try await client.request("GET", "/deviceStates/PJSIP%2F\(name)", expecting: 200)
            table.fill(number, state: device?["state"]?.string ?? "UNKNOWN")
        }
        return table
    }

    private func server() throws -> ARIClient.Server {
        guard let url = URL(string: url), let scheme = url.scheme, ["http", "https"].contains(scheme), let host = url.host() else {
            throw ValidationError("\"\(url)\" is not an address such as http://pbx.example:8088/ari.")
        }
        guard let user = user ?? url.user() else { throw ValidationError("Say who you are: --user NAME --password TEXT.") }
        let password = password ?? url.password() ?? ProcessInfo.processInfo.environment["ARI_PASSWORD"] ?? ""
        var path = url.path()
        while path.hasSuffix("/") { path.removeLast() }
        return ARIClient.Server(
            host: host, port: url.port ?? (scheme == "https" ? 8089 : 8088), prefix: path.isEmpty ? "/ari" : path,
            user: user.removingPercentEncoding ?? user, password: password.removingPercentEncoding ?? password,
            tls: scheme == "https" ? try tlsContext() : nil)
    }

    private func tlsContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if insecure { configuration.certificateVerification = .none }
        if let authorities { configuration.trustRoots = .file(authorities) }
        return try NIOSSLContext(configuration: configuration)
    }
}
