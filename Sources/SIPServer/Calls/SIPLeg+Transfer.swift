import CallCore
import Dialplan
import SIP

extension SIPLeg {
    /// The phone asks that its call goes on with somebody else (RFC 3515, RFC 5589).
    func receiveRefer(_ request: SIPRequest, _ id: ServerTransactionID, _ call: SIPCall) {
        guard let text = request.headers["Refer-To"], request.headers.all("Refer-To").count == 1, let target = NameAddr(text)?.uri.sip,
            let number = target.user, !number.isEmpty
        else { return call.respond(to: id, request, status: 400) }
        guard isAnswered, let channel else { return call.respond(to: id, request, status: 481) }
        let report: @CallActor (TransferReport) -> Void = { [weak call] in Self.notify(call, $0) }
        if let replaces = target.headers.first(where: { $0.name.lowercased() == "replaces" })?.value {
            guard let other = self.other(replaces) else { return call.respond(to: id, request, status: 481) }
            call.respond(to: id, request, status: 202)
            return afterAcceptance { channel.legAttendedTransfer(with: other, report: report) }
        }
        call.respond(to: id, request, status: 202)
        let context = channel.variable("TRANSFER_CONTEXT")?.string ?? ""
        let wanted = TransferRequest(destination: number, context: context.isEmpty ? settings.context : context)
        afterAcceptance { channel.legTransfer(wanted, report: report) }
    }

    /// Gives the 202 a head start, so that no phone gets a NOTIFY of a subscription that it does not know yet.
    private func afterAcceptance(_ action: @escaping @CallActor () -> Void) {
        _ = scheduler.schedule(afterMs: 10, action)
    }

    private static func notify(_ call: SIPCall?, _ report: TransferReport) {
        switch report {
        case .trying: call?.notifyRefer(status: 100, isLast: false)
        // The phone has been told that it is being tried.
        case .progress: break
        case .answered: call?.notifyRefer(status: 200, isLast: true)
        case .failed(let status): call?.notifyRefer(status: status, isLast: true)
        }
    }

    /// Finds the other call of an attended transfer (RFC 3891): one of the same phone, for nobody may join the calls of others.
    private func other(_ replaces: String) -> Channel? {
        let parts = replaces.split(separator: ";").map(String.init)
        guard let callID = parts.first else { return nil }
        // What the phone calls the remote tag is ours.
        let tags = ["to-tag=", "from-tag="].compactMap { name in
            parts.first { $0.lowercased().hasPrefix(name) }.map { String($0.dropFirst(name.count)) }
        }
        for tag in tags {
            let leg = signalling.call(of: LegID(callID: callID, localTag: tag))?.owner as? SIPLeg
            if let leg, leg !== self, leg.isAnswered, leg.endpoint === endpoint, endpoint != nil { return leg.channel }
        }
        return nil
    }
}
