internal import RTP

/// One pair of candidates: our socket, and a place where the other side may be.
///
/// There is one socket and one component, so a pair is known by the remote address alone.
struct ICECheck {
    enum State: Equatable {
        case waiting
        /// A request is out, for the n-th time.
        case inProgress(attempt: Int)
        case succeeded
        case failed
    }

    /// Milliseconds until a request is repeated, and then given up.
    static let retryMs: [Int64] = [250, 250, 500, 500, 500, 1_000, 1_000, 1_500, 1_500, 2_000]

    var remote: ICECandidate
    var state = State.waiting
    /// When something is due: a repetition, or giving up.
    var deadlineMs: Int64 = 0
    var transaction: STUNMessage.TransactionID?
    /// Transactions of earlier attempts, whose answers count too.
    var earlier: [STUNMessage.TransactionID] = []
    /// Whether the check asks the other side to use the pair.
    var nominates = false
    /// Whether the other side wants to use the pair.
    var isNominatedByPeer = false
    var isSelected = false

    func belongs(_ id: STUNMessage.TransactionID) -> Bool { transaction == id || earlier.contains(id) }

    /// RFC 8445 section 6.1.2.3.
    func priority(own: UInt32, isControlling: Bool) -> UInt64 {
        let (controlling, controlled) = isControlling ? (own, remote.priority) : (remote.priority, own)
        let least = UInt64(min(controlling, controlled)), most = UInt64(max(controlling, controlled))
        return least << 32 &+ 2 &* most &+ (controlling > controlled ? 1 : 0)
    }
}
