/// What those who meet in a bridge take over from one another for the records of calls.
extension Bridge {
    /// All inside belong to the oldest call among them from now on, and two who talk know each other's account code.
    func shareLinkage() {
        guard let oldest = channels.map(\.linkage).min(by: { $0.serial < $1.serial }) else { return }
        for channel in channels { channel.linkage = oldest }
        guard channels.count == 2 else { return }
        let (first, second) = (channels[0], channels[1])
        if first.accountCode.isEmpty, !second.peerAccountCode.isEmpty { first.accountCode = second.peerAccountCode }
        if second.accountCode.isEmpty, !first.peerAccountCode.isEmpty { second.accountCode = first.peerAccountCode }
        first.peerAccountCode = second.accountCode
        second.peerAccountCode = first.accountCode
    }
}
