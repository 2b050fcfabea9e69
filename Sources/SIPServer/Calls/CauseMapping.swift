import CallCore
import SIP

extension SessionEnd {
    /// The hangup cause and the SIP status that channels show for it.
    ///
    /// A caller that gave up says 487 and, without a reason of its own, "interworking"; a BYE without a reason says nothing.
    var channelCause: (cause: HangupCause, status: Int?) {
        if let told = reasons.q850Cause { return (HangupCause(told), byRemote ? status : nil) }
        switch (byRemote, status) {
        case (true, 487?): return (.interworking, 487)
        case (true, nil): return (.unknown, nil)
        case (_, 408?): return (.recoveryOnTimerExpiry, 408)
        default: return (HangupCause(cause), status)
        }
    }
}

extension SessionFailure {
    /// A redirection, which is not followed, is a changed number; everything else as RFC 3398 has it.
    var channelCause: HangupCause {
        if let told = reasons.q850Cause { return HangupCause(told) }
        return (300..<400).contains(status) ? .redirected : HangupCause(cause)
    }

    /// Whether no other device needs to be asked (RFC 3261 section 16.7 step 5).
    var isGlobal: Bool { status >= 600 }
}

extension HangupCause {
    /// Q.850 cause 23: redirection to a new destination.
    static let redirected: HangupCause = 23
}
