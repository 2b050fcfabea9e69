/// What this side wants of session timers (RFC 4028), in seconds.
public struct SessionTimerPolicy: Sendable, Hashable {
    /// The least Min-SE that the RFC allows.
    public static let absoluteMinimumS = 90
    /// The longest interval that is agreed to, one day.
    public static let maximumS = 86_400

    public var isEnabled: Bool
    /// The interval to ask for.
    public var intervalS: Int
    /// The least interval to accept (Min-SE).
    public var minimumS: Int

    public init(isEnabled: Bool = true, intervalS: Int = 1_800, minimumS: Int = 90) {
        self.isEnabled = isEnabled
        self.minimumS = min(max(minimumS, Self.absoluteMinimumS), Self.maximumS)
        self.intervalS = min(max(intervalS, self.minimumS), Self.maximumS)
    }
}

/// The Session-Expires header field.
struct SessionExpires: Sendable, Hashable {
    enum Refresher: String, Sendable, Hashable {
        case uac, uas
    }

    var intervalS: Int
    var refresher: Refresher?

    init(intervalS: Int, refresher: Refresher? = nil) {
        self.intervalS = intervalS
        self.refresher = refresher
    }

    /// Reads the header field; nil when absent or malformed. Longer intervals than a day count as a day.
    init?(in headers: SIPHeaders) {
        guard let value = headers[.sessionExpires] else { return nil }
        let bytes = value.utf8.span
        var position = 0
        bytes.skipSpace(&position, bytes.count)
        let end = bytes.find(.semicolon, from: position, to: bytes.count) ?? bytes.count
        let number = bytes.trimmed(position..<end)
        guard let seconds = bytes.clampedDecimal(number, maximum: SessionTimerPolicy.maximumS) else { return nil }
        position = end
        let parameters = SIPParameters(readingHeaderParameters: bytes, at: &position, end: bytes.count)
        intervalS = seconds
        refresher = parameters?["refresher"].flatMap { Refresher(rawValue: $0.asciiLowercased) }
    }

    var value: String { refresher.map { "\(intervalS);refresher=\($0.rawValue)" } ?? String(intervalS) }
}

/// The terms that both sides agreed on: the session ends unless it is refreshed in time.
struct SessionTimerTerms: Sendable, Hashable {
    let intervalS: Int
    let weRefresh: Bool

    /// What a UAS does with a request that may set terms.
    enum Answer: Sendable, Hashable {
        /// No session timer.
        case none
        /// Refuse with 422 and this Min-SE.
        case tooSmall(minimumS: Int)
        /// Agree; `requires` says that the 2xx must carry `Require: timer`, since the peer is to refresh.
        case agree(SessionTimerTerms, requires: Bool)
    }

    /// Decides as the UAS (RFC 4028 section 9).
    static func answer(
        _ headers: SIPHeaders, policy: SessionTimerPolicy, current: SessionTimerTerms?
    ) -> Answer {
        let peerSupports = headers.hasOption("timer", in: .supported) || headers.hasOption("timer", in: .require)
        guard policy.isEnabled, peerSupports || headers[.sessionExpires] != nil else { return .none }
        let asked = SessionExpires(in: headers)
        if let asked, asked.intervalS < policy.minimumS, peerSupports { return .tooSmall(minimumS: policy.minimumS) }
        let peerMinimum = min(headers.minimumSessionS ?? 0, SessionTimerPolicy.maximumS)
        let wanted = max(current?.intervalS ?? policy.intervalS, peerMinimum, policy.minimumS)
        // Without 422 to say so, a peer that knows no timers cannot be asked for more than it offered.
        let floor = peerSupports ? policy.minimumS : SessionTimerPolicy.absoluteMinimumS
        let interval = max(min(asked?.intervalS ?? wanted, wanted), floor)
        let weRefresh: Bool
        switch asked?.refresher {
        case .uas?: weRefresh = true
        case .uac? where peerSupports: weRefresh = false
        default: weRefresh = !peerSupports || (current?.weRefresh ?? false)
        }
        return .agree(SessionTimerTerms(intervalS: interval, weRefresh: weRefresh), requires: !weRefresh)
    }

    /// Reads the terms as the UAC from a 2xx response (RFC 4028 section 7.2); nil when it sets none.
    init?(accepting headers: SIPHeaders, policy: SessionTimerPolicy) {
        guard policy.isEnabled, let answered = SessionExpires(in: headers) else { return nil }
        intervalS = max(answered.intervalS, SessionTimerPolicy.absoluteMinimumS)
        weRefresh = answered.refresher != .uas
    }

    init(intervalS: Int, weRefresh: Bool) {
        self.intervalS = intervalS
        self.weRefresh = weRefresh
    }

    /// When the refresher refreshes: after half the interval.
    var refreshMs: Int { intervalS &* 500 }

    /// When the session is given up: a third of the interval, but at most 32 s, before its end (RFC 4028 section 10).
    var expiryMs: Int { (intervalS &- min(32, intervalS / 3)) &* 1_000 }

    /// The Session-Expires of a request of ours, in which we are the UAC.
    var asRequest: SessionExpires { SessionExpires(intervalS: intervalS, refresher: weRefresh ? .uac : .uas) }

    /// The Session-Expires of a 2xx response of ours, in which we are the UAS.
    var asResponse: SessionExpires { SessionExpires(intervalS: intervalS, refresher: weRefresh ? .uas : .uac) }
}

extension SIPHeaders {
    /// The Min-SE value in seconds.
    var minimumSessionS: Int? {
        guard let value = self[.minSE] else { return nil }
        let bytes = value.utf8.span
        let end = bytes.find(.semicolon, from: 0, to: bytes.count) ?? bytes.count
        return bytes.clampedDecimal(bytes.trimmed(0..<end), maximum: SessionTimerPolicy.maximumS)
    }
}
