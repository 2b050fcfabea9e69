/// Keeps an account of ours registered elsewhere (RFC 3261 section 10.2): answers challenges, renews in time, and tries again after
/// failures, each time later.
///
/// It sends nothing itself: the owner sends what `begin` and `receive` give, and calls `begin` when `nextAttempt` has come.
public struct RegistrationClient: Sendable {
    public enum State: Sendable, Hashable {
        /// Nothing was tried yet, or the registration was taken off.
        case idle
        case registered(seconds: Int)
        /// The registrar does not want us.
        case refused(status: Int, reason: String)
        /// Nobody answered, or with an error of its own.
        case failed(String)
    }

    /// Seconds until the next try after a refusal, which is seldom over soon; more often, and some providers lock the account.
    public static let refusedRetrySeconds = 300
    /// Seconds until the next try after the first failure; each further one doubles it.
    public static let firstRetrySeconds = 5
    public static let maximumRetrySeconds = 60
    /// The longest wait that a Retry-After is honoured for, in seconds.
    public static let maximumRetryAfterSeconds = 3_600
    /// Requests that one attempt may take: challenges of a proxy and of the registrar, a stale nonce, a longer interval.
    static let requestLimit = 5

    public let account: RegistrationAccount
    public private(set) var state = State.idle
    /// When `begin` is to be called; nil while a request is under way and before the first.
    public private(set) var nextAttempt: SIPInstant?
    private var tokens: SIPTokenSource
    private var digest: DigestClient
    private let callID: String
    private var sequence: UInt32 = 0
    private var expiresSeconds: Int
    private var failures = 0
    /// The request that has no final response yet.
    private var request: SIPRequest?
    private var requestsLeft = 0
    /// Whether a challenge of this attempt was answered, by its kind.
    private var answered: Set<DigestAuthenticator.Kind> = []
    /// The last challenges that were answered; they are answered again at once with the next request.
    private var challenges: [(kind: DigestAuthenticator.Kind, challenge: DigestChallenge)] = []

    public init(_ account: RegistrationAccount, tokens: SIPTokenSource) {
        var tokens = tokens
        self.account = account
        callID = tokens.nextToken() + tokens.nextToken()
        self.tokens = tokens
        digest = DigestClient(user: account.user, secret: .password(account.secret))
        expiresSeconds = account.expiresSeconds
    }

    /// Gives the REGISTER to send now.
    ///
    /// - Parameters:
    ///   - contact: Where we are reached, in angle brackets.
    ///   - isLast: Takes the registration off instead.
    public mutating func begin(contact: String, isLast: Bool = false) -> SIPRequest {
        nextAttempt = nil
        requestsLeft = Self.requestLimit
        answered = []
        var made = SIPRequest(method: .register, target: .sip(account.registrar))
        for route in account.routes { made.headers.add("Route", route.description) }
        made.headers.from = NameAddr(uri: account.addressOfRecord, tag: tokens.nextToken())
        made.headers.to = NameAddr(uri: account.addressOfRecord)
        made.headers.callID = callID
        made.headers.add("Contact", contact)
        made.headers.expires = isLast ? 0 : expiresSeconds
        return number(made)
    }

    private mutating func number(_ unnumbered: SIPRequest) -> SIPRequest {
        var numbered = unnumbered
        sequence &+= 1
        requestsLeft -= 1
        numbered.headers.cseq = CSeq(number: sequence, method: .register)
        for (kind, challenge) in challenges where numbered.headers[kind.credentialsHeader] == nil {
            guard let value = digest.authorization(for: challenge, numbered, cnonce: tokens.nextToken()) else { continue }
            numbered.headers.add(kind.credentialsHeader, value)
        }
        request = numbered
        return numbered
    }

    /// Takes a response to the last request.
    /// - Returns: the request to send next, at once; nil when the attempt is over, or not yet.
    public mutating func receive(_ response: SIPResponse, at now: SIPInstant) -> SIPRequest? {
        guard response.isFinal, var asked = request, response.headers.cseq?.number == sequence else { return nil }
        if requestsLeft > 0 {
            if answer(response, in: &asked) { return number(asked) }
            if response.status == 423, let wanted = response.headers["Min-Expires"]?.decimal(maximum: Self.maximumExpiresSeconds),
                wanted > expiresSeconds
            {
                expiresSeconds = wanted
                asked.headers.expires = wanted
                return number(asked)
            }
        }
        request = nil
        conclude(response, asked, at: now)
        return nil
    }

    private static let maximumExpiresSeconds = 604_800

    private mutating func answer(_ response: SIPResponse, in asked: inout SIPRequest) -> Bool {
        guard let kind = DigestAuthenticator.Kind(status: response.status) else { return false }
        let offered = DigestChallenge.strongest(in: response.headers.all(kind.challengeHeader))
        // A second challenge that is not for the nonce's age means that the password is wrong.
        guard !answered.contains(kind) || offered.contains(where: \.isStale) else { return false }
        answered.insert(kind)
        challenges.removeAll { $0.kind == kind }
        asked.headers.remove(kind.credentialsHeader)
        guard digest.answer(response, in: &asked, cnonce: tokens.nextToken()) else { return false }
        if offered.count == 1 { challenges.append((kind, offered[0])) }
        return true
    }

    private mutating func conclude(_ response: SIPResponse, _ asked: SIPRequest, at now: SIPInstant) {
        guard response.isSuccess else { return refused(response, at: now) }
        failures = 0
        guard asked.headers.expires != 0 else { return state = .idle }
        let granted = granted(by: response, asked)
        state = .registered(seconds: granted)
        // Early enough for a few more tries before it ends.
        nextAttempt = now.advanced(byMs: max(1_000, granted * 800))
    }

    /// The registrar lists all contacts of the account, each with its own time (RFC 3261 section 10.2.4).
    private func granted(by response: SIPResponse, _ asked: SIPRequest) -> Int {
        let own = asked.headers.contacts.first?.uri.sip
        let mine = response.headers.contacts.first { contact in own.map { contact.uri.sip?.isEquivalent(to: $0) ?? false } ?? false }
        let told = mine?.parameters["expires"]?.decimal(maximum: Self.maximumExpiresSeconds) ?? response.headers.expires
        return min(max(told ?? expiresSeconds, 1), Self.maximumExpiresSeconds)
    }

    private mutating func refused(_ response: SIPResponse, at now: SIPInstant) {
        let reason = response.reason.isEmpty ? SIPReason.phrase(for: response.status) : response.reason
        // A comment or parameters may follow the number (RFC 3261 section 20.33).
        let wanted = response.headers["Retry-After"].map { $0.utf8.prefix { (0x30...0x39).contains($0) } }
        let seconds = wanted.flatMap { String(decoding: $0, as: UTF8.self).decimal(maximum: Self.maximumRetryAfterSeconds) }
        let isTemporary = [408, 480].contains(response.status) || (500..<600).contains(response.status)
        if isTemporary {
            failed("\(response.status) \(reason)", at: now, notBeforeSeconds: seconds)
        } else {
            state = .refused(status: response.status, reason: reason)
            nextAttempt = now.advanced(byMs: (seconds ?? Self.refusedRetrySeconds) * 1_000)
        }
    }

    /// The request could not be sent, or nobody answered it.
    public mutating func failed(_ reason: String, at now: SIPInstant) { failed(reason, at: now, notBeforeSeconds: nil) }

    private mutating func failed(_ reason: String, at now: SIPInstant, notBeforeSeconds: Int?) {
        request = nil
        state = .failed(reason)
        let longest = min(Self.maximumRetrySeconds, Self.firstRetrySeconds << min(failures, 8)) * 1_000
        failures += 1
        // Spread, so that not everybody comes back together after an outage (RFC 5626 section 4.5).
        let delayMs = longest / 2 + Int(tokens.next() % UInt64(longest / 2 + 1))
        nextAttempt = now.advanced(byMs: max(delayMs, (notBeforeSeconds ?? 0) * 1_000))
    }
}
