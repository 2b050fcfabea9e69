/// What may be fetched, and how much.
public struct RemoteMediaSettings: Sendable, Equatable {
    /// Hosts that media may come from: `cdn.example`, or with a port, `cdn.example:8443`. Nothing else is asked for anything.
    public var hosts: [String] = []
    /// Bytes of one file.
    public var maxFileBytes = 20 << 20
    /// Bytes of all files that are kept; the ones used longest ago go first.
    public var cacheBytes = 256 << 20
    public var timeoutMs = 10_000

    public init() {}
}
