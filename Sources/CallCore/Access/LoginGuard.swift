import Glibc

/// Slows down, then blocks for a while, addresses from which log-ins keep failing.
///
/// One for each service: who is blocked at one may still use the others. Connections and calls that stand go on. Addresses of an IPv6
/// network of 64 bits count as one.
@CallActor
public final class LoginGuard {
    public struct Settings: Sendable {
        public var isEnabled = true
        /// Failures that are answered at once.
        public var freeFailures = 5
        /// Failures after which the address is blocked.
        public var failureLimit = 20
        /// Failures are forgotten when none came for so long.
        public var memoryMs = 600_000
        public var blockMs = 900_000
        /// Tells addresses that are never blocked, only slowed down.
        public var isExempt: @Sendable (String) -> Bool = { _ in false }

        public init() {}
    }

    /// An address with failed log-ins, for the administrator.
    public struct Suspect: Sendable, Equatable {
        public var address: String
        public var failures: Int
        /// The name that was tried last.
        public var lastName: String
        public var lastMs: Int64
        /// Nil while it is not blocked.
        public var blockedUntilMs: Int64?
    }

    /// Addresses that are remembered; of more the one that failed longest ago is forgotten.
    static let tableLimit = 10_000
    private static let longestDelayMs = 4_000
    private static let firstDelayMs = 250
    private static let nameLimit = 64

    public let service: String
    public var settings: Settings
    private var suspects: [String: Suspect] = [:]
    /// Called when an address is blocked.
    public var onBlocked: (@CallActor (Suspect) -> Void)?

    public init(service: String, settings: Settings = Settings()) {
        self.service = service
        self.settings = settings
    }

    /// Milliseconds until an address may try again; nil when it is not blocked.
    public func blockedMs(_ address: String, nowMs: Int64) -> Int64? {
        guard !suspects.isEmpty, settings.isEnabled, let until = suspects[Self.key(address)]?.blockedUntilMs, until > nowMs else {
            return nil
        }
        return until - nowMs
    }

    /// The same in seconds, rounded up, as it is told.
    public func blockedSeconds(_ address: String, nowMs: Int64) -> Int? {
        blockedMs(address, nowMs: nowMs).map { Int($0 + 999) / 1_000 }
    }

    /// Notes a log-in that failed.
    /// - Returns: how long the answer is to wait, in milliseconds.
    public func failed(_ address: String, name: String, nowMs: Int64) -> Int {
        guard settings.isEnabled else { return 0 }
        let key = Self.key(address)
        var suspect = suspects[key] ?? Suspect(address: key, failures: 0, lastName: "", lastMs: nowMs)
        if nowMs - suspect.lastMs > Int64(settings.memoryMs) { suspect.failures = 0 }
        suspect.failures += 1
        suspect.lastMs = nowMs
        suspect.lastName = String(name.prefix(Self.nameLimit))
        if suspect.failures >= settings.failureLimit, !settings.isExempt(address), !isBlocked(suspect, nowMs) {
            suspect.blockedUntilMs = nowMs + Int64(settings.blockMs)
            suspect.failures = 0
            onBlocked?(suspect)
        }
        if suspects[key] == nil, suspects.count >= Self.tableLimit { forgetOldest() }
        suspects[key] = suspect
        return delayMs(after: suspect.failures)
    }

    private func delayMs(after failures: Int) -> Int {
        guard failures > settings.freeFailures else { return 0 }
        return min(Self.longestDelayMs, Self.firstDelayMs << min(10, failures - settings.freeFailures - 1))
    }

    private func isBlocked(_ suspect: Suspect, _ nowMs: Int64) -> Bool { (suspect.blockedUntilMs ?? 0) > nowMs }

    private func forgetOldest() {
        guard let oldest = suspects.min(by: { ($0.value.blockedUntilMs ?? $0.value.lastMs) < ($1.value.blockedUntilMs ?? $1.value.lastMs) })
        else { return }
        suspects[oldest.key] = nil
    }

    /// Lets an address try again at once.
    /// - Returns: false when nothing was known of it.
    @discardableResult
    public func lift(_ address: String) -> Bool { suspects.removeValue(forKey: Self.key(address)) != nil }

    /// The addresses with failures that still count, the blocked ones first.
    public func list(nowMs: Int64) -> [Suspect] {
        suspects = suspects.filter { isBlocked($0.value, nowMs) || nowMs - $0.value.lastMs <= Int64(settings.memoryMs) }
        return suspects.values.map { suspect in
            var shown = suspect
            if !isBlocked(suspect, nowMs) { shown.blockedUntilMs = nil }
            return shown
        }.sorted { ($0.blockedUntilMs ?? 0, $0.lastMs) > ($1.blockedUntilMs ?? 0, $1.lastMs) }
    }

    /// What counts as one address: an IPv4 address, or the first 64 bits of an IPv6 address.
    static func key(_ address: String) -> String {
        guard address.contains(":") else { return address }
        let mapped = "::ffff:"
        if address.lowercased().hasPrefix(mapped), address.contains(".") { return String(address.dropFirst(mapped.count)) }
        var bytes = in6_addr()
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        let groups = withUnsafeBytes(of: bytes) { raw in
            (0..<4).map { String(UInt16(raw[2 * $0]) << 8 | UInt16(raw[2 * $0 + 1]), radix: 16) }
        }
        return groups.joined(separator: ":") + "::/64"
    }
}
