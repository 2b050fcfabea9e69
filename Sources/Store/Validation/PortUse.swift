/// A port that a setting occupies.
struct PortUse {
    let path: String
    let transport: Configuration.SIP.Transport
    let host: IPAddress
    let port: Int

    static func sip(_ configuration: Configuration) -> [PortUse] {
        configuration.sip.listeners.enumerated().compactMap { index, listener in
            PortUse("sip.listeners[\(index)].port", listener.transport, listener.host, listener.port)
        }
    }

    static func http(_ configuration: Configuration) -> [PortUse] {
        let http = configuration.http
        let uses = [
            http.httpEnabled ? PortUse("http.httpPort", .tcp, http.host, http.httpPort) : nil,
            http.httpsEnabled ? PortUse("http.httpsPort", .tcp, http.host, http.httpsPort) : nil,
        ]
        return uses.compactMap { $0 }
    }

    static func audioSocket(_ configuration: Configuration) -> [PortUse] {
        let listener = configuration.audioSocket
        guard listener.enabled else { return [] }
        return [PortUse("audioSocket.port", .tcp, listener.host, listener.port)].compactMap { $0 }
    }

    static func ami(_ configuration: Configuration) -> [PortUse] {
        let ami = configuration.ami
        guard ami.enabled else { return [] }
        let uses = [
            PortUse("ami.port", .tcp, ami.host, ami.port), ami.tlsEnabled ? PortUse("ami.tlsPort", .tcp, ami.host, ami.tlsPort) : nil,
        ]
        return uses.compactMap { $0 }
    }

    /// Finds uses that want the same port as one before them, or as one of the others.
    static func conflicts(of uses: [PortUse], with others: [PortUse]) -> [ConfigurationProblem] {
        uses.enumerated().compactMap { index, use in
            guard let other = (others + uses[..<index]).first(where: { $0.meets(use) }) else { return nil }
            return CrossCheck.error(use.path, "is \(use.port), which \(other.path) uses too", "Choose another port.")
        }
    }

    /// Finds SIP listeners on a port that audio may take.
    static func conflictsWithAudio(_ configuration: Configuration) -> [ConfigurationProblem] {
        let rtp = configuration.rtp
        // Without an own address, audio uses the one of the call, which is this listener's.
        let isShared = { (use: PortUse) in IPAddress(rtp.bindAddress).map(use.meets(host:)) ?? true }
        return sip(configuration).filter { $0.transport == .udp && rtp.ports.contains($0.port) && isShared($0) }.map { use in
            CrossCheck.error(
                use.path, "is \(use.port), which lies within rtp.ports", "Choose another port, or other ports for audio.")
        }
    }

    private init?(_ path: String, _ transport: Configuration.SIP.Transport, _ host: String, _ port: Int) {
        guard let host = IPAddress(host) else { return nil }
        self.path = path
        self.transport = transport
        self.host = host
        self.port = port
    }

    /// TLS runs over TCP.
    private var isStream: Bool { transport != .udp }

    private func meets(_ other: PortUse) -> Bool {
        isStream == other.isStream && port == other.port && port != 0 && meets(host: other.host)
    }

    private func meets(host other: IPAddress) -> Bool {
        host.isIPv6 == other.isIPv6 && (host == other || host.isWildcard || other.isWildcard)
    }
}
