/// What the host has to do next.
public enum DialplanStep: Sendable {
    /// Run the application, then tell ``DialplanInterpreter/completed(_:)`` how it went and ask for the next step.
    case execute(DialplanExecution)
    /// Let others have their turn, then ask for the next step: much was done and nothing waited.
    case pause
    /// Nothing more runs; the host hangs up (or, after a hangup, lets the channel go).
    case finished(DialplanEnd)
}

/// An application to run, with everything substituted.
public struct DialplanExecution: Sendable, Hashable {
    /// The registered spelling when the application is known.
    public let application: String
    /// The data split at commas; empty when there is no data.
    public let arguments: [ExpandedText]
    /// The whole data, as ARI shows it in `dialplan.app_data`.
    public let data: ExpandedText
    public let location: DialplanLocation
}

/// How an application ended, as the host tells it.
public enum DialplanOutcome: Sendable, Hashable {
    /// Goes on with the next priority.
    case proceed
    /// The channel is gone or must be hung up.
    case hangUp
    /// Goes on elsewhere, as after ARI's continue or a redirect.
    case goTo(DialplanLocation)
    /// The caller dialled a whole extension, as in Background and WaitExten: goes there, or to `i` when it is none.
    case digits(String)
    /// The caller dialled nothing: goes to `t`.
    case timedOut
    /// The time allowed for the call is over: goes to `T`.
    case absoluteTimeout
}

/// Why nothing more runs.
public enum DialplanEnd: Sendable, Hashable {
    /// The extension has no further priority; DIALSTATUS tells what to signal before the hangup.
    case fellThrough
    /// The host said so.
    case hungUp
    /// There is no such extension, and no `i`.
    case invalidExtension
    /// Time was over, and there is no `t` or `T`.
    case timedOut
    /// The dialplan is wrong at this place; the sentence has been logged.
    case failed(String)
}

/// How important a line of the log is.
public enum DialplanLogLevel: Sendable, Hashable {
    case error, warning, notice, debug
    /// Verbose with its level, 0…
    case verbose(Int)
}
