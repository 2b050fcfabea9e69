import Store

/// What the server says when it is ready: what to do next, and after a quickstart the secrets, once.
struct Welcome {
    let configuration: Configuration
    let reach: Reach
    let folder: String
    let showsSecrets: Bool
    /// With which the administrator's password is set on the first visit of the console; nil once that is done.
    let setupCode: String?

    var text: String {
        if showsSecrets, let user = configuration.ari.users.first { return quickstart(user) }
        if !configuration.ari.enabled { return switchedOff }
        let users = configuration.ari.users.map(\.name).joined(separator: ", ")
        return "Arioso is ready. ARI: \(base)/ari  (users: \(users))" + (console.isEmpty ? "" : "\n\(console)")
    }

    /// Where the console is, and how one gets in for the first time; empty when it is off.
    private var console: String {
        guard let port = reach.consolePort ?? reach.consoleTLSPort else { return "" }
        let address = "\(reach.consolePort == nil ? "https" : "http")://\(HostNames.preferred):\(port)"
        return "Console: \(address)" + (setupCode.map { "   code for the first visit: \($0)" } ?? "")
    }

    private var switchedOff: String {
        let way = console.isEmpty ? "Write" : "Set it up in the console, or write"
        return """
            Arioso is ready. ARI is off and nobody can log in yet.\(console.isEmpty ? "" : "\n\(console)")
            \(way) a YAML file (docs/configuration.md, examples/hello-world.yaml), then:

                arioso apply FILE.yaml --data \(folder)

            The running server takes it over at once. To see a call first: stop, and run `arioso serve --quickstart` on an empty folder.
            """
    }

    private func quickstart(_ user: Configuration.ARIUser) -> String {
        let phones = configuration.extensions.map { "    \($0.number)   password \($0.secret)" }.joined(separator: "\n")
        return """
            Arioso is ready. This is shown once: of the ARI password only a hash is kept.

            Phones (SIP server \(HostNames.preferred), \(reach.sip.first ?? "")):
            \(phones)

            ARI:  \(base)/ari   user \(user.name)   password \(user.password)
            \(console)

            Hello World
              1. Listen for events:
                 wscat -c "\(webSocketBase(user))/asterisk/ari/events?app=hello-world"
              2. Dial 1000 from a phone, or without one:
            \(callCommand)
              3. StasisStart shows the channel's id. Play a sound on it:
                 curl -u \(user.name):\(user.password) -X POST "\(base)/asterisk/ari/channels/<id>/play?media=sound:hello-world"
              4. Hang up: StasisEnd arrives.
            """
    }

    private var callCommand: String {
        guard let phone = configuration.extensions.first else { return "" }
        let port = reach.sip.first?.split(separator: ":").last.map(String.init) ?? "5060"
        return "     arioso call 1000 --server 127.0.0.1:\(port) --user \(phone.number) --password \(phone.secret) --record heard.wav"
    }

    private var base: String {
        if let port = reach.httpPort { return "http://localhost:\(port)" }
        return reach.httpsPort.map { "https://localhost:\($0)" } ?? "http://localhost"
    }

    private func webSocketBase(_ user: Configuration.ARIUser) -> String {
        let scheme = reach.httpPort == nil ? "wss" : "ws"
        return "\(scheme)://\(user.name):\(user.password)@localhost:\(reach.httpPort ?? reach.httpsPort ?? 0)"
    }
}
