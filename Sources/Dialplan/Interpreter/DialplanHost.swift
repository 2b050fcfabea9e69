/// What the interpreter needs of the channel that it runs for.
///
/// All requirements are synchronous and the protocol is not Sendable, so a type that is confined to a global actor
/// can conform with an isolated conformance (`extension Channel: @CallActor DialplanHost`) and be passed from there.
public protocol DialplanHost {
    /// The dialplan in force; a new one takes effect with the next priority.
    var dialplan: Dialplan { get }
    /// The caller's number, for `exten => 100/5551`.
    var callerNumber: String { get }
    /// The present time and local time's offset.
    var clock: DialplanClock { get }
    /// What a time zone is ahead of UTC at a moment; nil when the zone is not known.
    func utcOffsetSeconds(zone: String, atEpochSeconds: Int64) -> Int?
    /// A number of which every bit is by chance.
    func random() -> UInt64

    /// The value of a channel variable or else of a global; nil when not set. What came from the caller is tainted.
    func variable(_ name: String) -> ExpandedText?
    /// Sets a channel variable; a name may start with `_` or `__` for inheritance.
    func setVariable(_ name: String, _ value: ExpandedText)
    /// Reads `name(arguments)`; nil when there is no such function.
    func readFunction(_ name: String, _ arguments: ExpandedText) -> ExpandedText?
    /// Writes `name(arguments)`; false when there is no such function.
    func writeFunction(_ name: String, _ arguments: ExpandedText, _ value: ExpandedText) -> Bool

    /// Told before every application, also those that run inside the interpreter (ARI's ChannelDialplan).
    func willExecute(application: String, data: String, at location: DialplanLocation)
    func log(_ level: DialplanLogLevel, _ text: String)
}
