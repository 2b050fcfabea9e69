import NIOCore
import NIOPosix

/// Finds the addresses of a phone and its server, and opens what connects them.
struct PhoneOpening {
    let settings: PhoneSettings
    let loop: any EventLoop

    func open() async throws -> NIOLoopBound<UserAgent> {
        let server = try await serverAddress()
        switch settings.transport {
        case .tcp:
            guard let server else { throw PhoneError.noServer }
            let connection = try await connect(to: server)
            return try await loop.submit { [settings, loop] in
                let agent = UserAgent(settings, path: SignallingPath(connection.value, server: server), on: loop)
                agent.start()
                return NIOLoopBound(agent, eventLoop: loop)
            }.get()
        case .udp:
            let host = try await localHost(toward: server)
            return try await loop.submit { [settings, loop] in
                let socket = try DatagramSocket(host: host, port: settings.localPort, on: loop)
                let agent = UserAgent(settings, path: SignallingPath(socket, server: server), on: loop)
                agent.start()
                return NIOLoopBound(agent, eventLoop: loop)
            }.get()
        }
    }

    /// Looks the server up, off the loop, for that may take its time.
    private func serverAddress() async throws -> SocketAddress? {
        guard let server = settings.server else { return nil }
        do {
            return try await NIOThreadPool.singleton.runIfActive {
                try SocketAddress.makeAddressResolvingHost(server.host, port: server.port)
            }
        } catch {
            throw PhoneError.cannotReach("\(server)", reason: "\(error)")
        }
    }

    private func connect(to server: SocketAddress) async throws -> NIOLoopBound<StreamConnection> {
        do {
            return try await StreamConnection.open(to: server, on: loop).get()
        } catch {
            throw PhoneError.cannotReach("\(server) over TCP", reason: "\(error)")
        }
    }

    /// The address from which datagrams to the server leave.
    private func localHost(toward server: SocketAddress?) async throws -> String {
        if let host = settings.localHost { return host }
        guard let server else { return "127.0.0.1" }
        do {
            let probe = try await DatagramBootstrap(group: loop).connect(to: server).get()
            let host = probe.localAddress?.ipAddress
            try await probe.close()
            return host ?? "127.0.0.1"
        } catch {
            throw PhoneError.cannotReach("\(server)", reason: "\(error)")
        }
    }
}
