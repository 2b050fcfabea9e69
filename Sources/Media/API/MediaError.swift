/// Tells why a port or an engine could not be opened.
public enum MediaError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The text is not a numeric IPv4 or IPv6 address.
    case notAnAddress(String)
    /// Every pair of the range is taken, resting or used by another program.
    case portsExhausted(ClosedRange<Int>)
    /// The range holds no even port with an odd one above it inside 1...65535.
    case badPortRange(ClosedRange<Int>)
    /// The media threads have as many ports as they may.
    case tooManyPorts(limit: Int)
    /// The media threads are behind with their commands.
    case overloaded
    /// A system call failed; `errno` says why.
    case system(call: String, errno: Int32)
    /// The engine was shut down.
    case shutDown

    public var description: String {
        switch self {
        case .notAnAddress(let host): "'\(host)' is not a numeric IPv4 or IPv6 address; give the local address as numbers"
        case .portsExhausted(let range):
            "no free RTP port pair in \(range.lowerBound)-\(range.upperBound); widen the RTP port range or end calls"
        case .badPortRange(let range):
            "RTP port range \(range.lowerBound)-\(range.upperBound) holds no even/odd port pair within 1-65535; give a wider one"
        case .tooManyPorts(let limit): "all \(limit) media ports are in use; raise the limit or end calls"
        case .overloaded: "media threads are overloaded: too many commands are waiting"
        case .system(let call, let code): "\(call) failed: \(systemErrorText(code))"
        case .shutDown: "the media engine was shut down"
        }
    }
}
