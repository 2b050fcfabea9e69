public import Audio
public import CallCore
public import SIP

/// A phone's account: who may register under its name, and what its calls are like.
public struct SIPEndpointSettings: Sendable, Equatable {
    /// How digits travel.
    public enum DTMF: String, Sendable, CaseIterable {
        /// As telephone events in the audio (RFC 4733), as tones when the phone knows none.
        case rfc4733
        /// As SIP INFO requests of `application/dtmf-relay`.
        case info
        /// As telephone events when the phone knows them, else as SIP INFO.
        case auto
    }

    /// The resource of `PJSIP/<name>`, the user that registers and the user name of its credentials.
    public var name: String
    /// The password; an endpoint without one can't authenticate.
    public var secret: String
    /// The dialplan context of its calls.
    public var context: String
    /// The dialplan context of its text messages; empty for `context`.
    public var messageContext: String
    /// Who its calls come from; empty to believe what the phone says.
    public var callerID: PartyID
    /// Allowed codecs, the preferred one first.
    public var codecs: [AudioCodec]
    public var dtmf: DTMF
    /// Devices that may be registered at one time.
    public var maxContacts: Int
    /// Whether a registration beyond `maxContacts` takes the place of the oldest one; it is refused otherwise.
    public var removeExisting: Bool
    /// Bounds of the registration interval, in seconds.
    public var minExpires: Int
    public var maxExpires: Int
    /// Milliseconds between two OPTIONS requests that ask whether a device is there; 0 for none.
    public var qualifyMs: Int
    /// Milliseconds after which a device that gave no answer is unreachable.
    public var qualifyTimeoutMs: Int
    /// Calls that make the device state BUSY; 0 for never.
    public var busyLimit: Int
    /// The language of its channels; empty for the system's.
    public var language: String
    public var accountCode: String
    /// The mailbox whose messages its phones are told of, such as `201@default`; empty for none.
    public var mailbox: String
    /// Whether audio goes to where the phone's audio comes from, for phones behind address translators.
    public var symmetricRTP: Bool
    /// How audio may be carried.
    public var encryption = MediaEncryption.automatic
    /// Whether it has to prove by its secret who it is; otherwise the name in From is believed.
    public var authenticates = true
    /// The transports over which it may log in; nil for any.
    public var transports: Set<SIPTransportKind>?
    /// What makes it a line to a telephone provider rather than a phone.
    public var provider: SIPProviderSettings?

    public init(
        name: String, secret: String, context: String = "default", messageContext: String = "", callerID: PartyID = .empty,
        codecs: [AudioCodec] = [.pcmu, .pcma, .g722], dtmf: DTMF = .rfc4733, maxContacts: Int = 5, removeExisting: Bool = true,
        minExpires: Int = 60, maxExpires: Int = 3_600, qualifyMs: Int = 60_000, qualifyTimeoutMs: Int = 3_000, busyLimit: Int = 0,
        language: String = "", accountCode: String = "", mailbox: String = "", symmetricRTP: Bool = true,
        transports: Set<SIPTransportKind>? = nil, provider: SIPProviderSettings? = nil
    ) {
        self.name = name
        self.secret = secret
        self.context = context
        self.messageContext = messageContext
        self.callerID = callerID
        self.codecs = codecs
        self.dtmf = dtmf
        self.maxContacts = maxContacts
        self.removeExisting = removeExisting
        self.minExpires = minExpires
        self.maxExpires = maxExpires
        self.qualifyMs = qualifyMs
        self.qualifyTimeoutMs = qualifyTimeoutMs
        self.busyLimit = busyLimit
        self.language = language
        self.accountCode = accountCode
        self.mailbox = mailbox
        self.symmetricRTP = symmetricRTP
        self.transports = transports
        self.provider = provider
    }
}
