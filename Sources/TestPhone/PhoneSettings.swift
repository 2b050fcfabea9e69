public import Audio
public import SecureMedia

/// How a phone reaches its server, who it is, and what it does about calls and audio.
public struct PhoneSettings: Sendable {
    public enum Transport: String, Sendable, CaseIterable {
        case udp, tcp
    }

    /// A server's SIP address: a name or a numeric address, and a port.
    public struct Server: Sendable, Hashable, CustomStringConvertible {
        public static let standardPort = 5060

        public var host: String
        public var port: Int

        public init(host: String, port: Int = standardPort) {
            self.host = host
            self.port = port
        }

        /// Reads `host`, `host:port`, `[IPv6]` or `[IPv6]:port`; nil for anything else.
        public init?(_ text: String) {
            guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]"), text.hasPrefix("[") || text.firstIndex(of: ":") == colon
            else {
                self.init(host: Self.withoutBrackets(text))
                if host.isEmpty || host.contains(" ") { return nil }
                return
            }
            guard let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port) else { return nil }
            self.init(host: Self.withoutBrackets(String(text[..<colon])), port: port)
            if host.isEmpty || host.contains(" ") { return nil }
        }

        private static func withoutBrackets(_ text: String) -> String {
            text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        }

        public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    /// What is done with the audio of calls.
    public enum Media: Sendable, Hashable {
        /// Each call has a port, sends its source every 20 ms, and keeps what it hears.
        case conversation
        /// All calls share a port and send the same canned packet every 20 ms; what comes is only counted.
        ///
        /// Calls are told apart by the far end's media address: of several with the same one, the latest counts.
        case counted
        /// All calls share a port and send nothing; what comes is only counted.
        case silent
    }

    /// What happens when the phone is called.
    public enum Incoming: Sendable, Hashable {
        /// Rings; the owner answers or refuses the calls of `TestPhone.incomingCalls`.
        case ring
        /// Rings, and answers by itself after so many milliseconds; 0 answers at once.
        case answer(afterMs: Int)
        /// Refuses with a status of 300...699, such as 486.
        case reject(status: Int)
    }

    /// Where calls and registrations go; nil for a phone that is only called, or calls full SIP URIs.
    public var server: Server?
    public var transport: Transport
    public var user: String
    public var password: String
    public var displayName: String?
    /// A numeric address of this machine; nil: the one that leads to the server, 127.0.0.1 without one.
    public var localHost: String?
    /// The port for SIP over UDP; 0 lets the system choose.
    public var localPort = 0
    /// The codecs offered and accepted, the preferred one first; those that are not `pcmu`, `pcma`, `g722` or `opus` are left out.
    public var codecs: [AudioCodec] = [.pcmu]
    public var media = Media.conversation
    /// How audio is protected: SRTP with keys in the session description, and no call without; nil for plain RTP.
    public var encryption: SRTPProfile?
    /// Does the work of protecting packets without using the result, so that the phone is as busy as one with encryption: for comparisons.
    public var rehearsedEncryption: SRTPProfile?
    public var incoming = Incoming.ring
    /// What calls send from their beginning.
    public var source = AudioSource.silence
    /// How long a registration is asked to last, in seconds; the phone renews it.
    public var registrationS = 300
    /// Told what happens, on the phone's event loop; it must return soon.
    public var observer: (@Sendable (PhoneEvent) -> Void)?

    public init(user: String, password: String = "", server: Server? = nil, transport: Transport = .udp) {
        self.user = user
        self.password = password
        self.server = server
        self.transport = transport
    }
}
