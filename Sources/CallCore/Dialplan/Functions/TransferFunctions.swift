import Dialplan

extension DialplanFunction {
    /// PJSIP_TRANSFER_HANDLING(): who carries out the transfers that the phone asks for, `ari-only` for the application.
    static let transferHandling = DialplanFunction(
        read: { call in call.channel.map { ExpandedText($0.transferHandling.rawValue) } },
        write: { call, value in
            guard let channel = call.channel, let handling = TransferHandling(rawValue: value.trimmed.string) else { return false }
            channel.transferHandling = handling
            return true
        })
}
