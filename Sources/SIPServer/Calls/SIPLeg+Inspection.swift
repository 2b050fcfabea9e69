import CallCore
import Media
import SIP

extension SIPLeg {
    /// Sends an unanswered caller elsewhere (302), asks an answered phone to call elsewhere (REFER).
    func transfer(to destination: String) -> Bool {
        guard let main, let flow = main.flow, let target = transferTarget(destination, flow), !isOver else { return false }
        if isAnswered {
            main.refer(to: target)
            return true
        }
        guard case .incoming = direction else { return false }
        channel?.legWillEnd(cause: .redirected, techCause: 302)
        main.reject(status: 302, reasons: [.q850(0)], headers: [("Contact", target.description)])
        channel?.legEnded(cause: .redirected, techCause: 302)
        return true
    }

    /// Reads a SIP URI, or makes one of a number at this server.
    private func transferTarget(_ destination: String, _ flow: SIPFlow) -> NameAddr? {
        let text =
            destination.hasPrefix("\(SIPSettings.technology)/")
            ? String(destination.dropFirst(SIPSettings.technology.count + 1)) : destination
        if text.hasPrefix("sip:") || text.hasPrefix("sips:") { return SIPURI(text).map { NameAddr(uri: $0) } }
        guard !text.isEmpty else { return nil }
        let own = signalling.ownAddress(for: flow)
        return NameAddr(uri: SIPURI(user: text, host: own.host, port: own.port))
    }

    func requestHeader(_ name: String, index: Int) -> String? {
        guard case .incoming = direction, let invite = main?.invite else { return nil }
        let values = invite.headers.all(name)
        let position = max(1, index) - 1
        return values.indices.contains(position) ? values[position] : nil
    }

    func addRequestHeader(_ name: String, _ value: String) {
        guard requestHeaders.count < Self.requestHeaderLimit, !Self.ownHeaders.contains(name.lowercased()) else { return }
        requestHeaders.append((name, value))
    }

    /// Headers that a dialplan may add to one request.
    static let requestHeaderLimit = 64

    /// Headers that the protocol needs to be right, in lower case with their compact forms.
    private static let ownHeaders: Set<String> = [
        "via", "v", "from", "f", "to", "t", "call-id", "i", "cseq", "contact", "m", "content-length", "l", "content-type", "c",
        "max-forwards", "route", "record-route", "require", "proxy-require", "rack", "rseq", "authorization", "proxy-authorization",
    ]

    func property(_ item: String, arguments: [String]) -> String? {
        let call = main ?? calls.first
        switch item.lowercased() {
        case "endpoint": return endpoint?.name
        case "peerip", "recvip": return call?.flow?.remote.host
        case "useragent": return call?.invite?.headers["User-Agent"]
        case "from": return call?.invite?.headers["From"]
        case "rtp": return rtpProperty(arguments.first?.lowercased() ?? "")
        case "pjsip": return sessionProperty(arguments.first?.lowercased() ?? "", call)
        default: return nil
        }
    }

    private func rtpProperty(_ item: String) -> String? {
        switch item {
        case "src": media.port.localAddress.description
        case "dest": media.remoteAddress?.description
        case "hold": media.isHeld ? "1" : "0"
        case "secure": "0"
        default: nil
        }
    }

    private func sessionProperty(_ item: String, _ call: SIPCall?) -> String? {
        guard let call else { return nil }
        switch item {
        case "call-id": return call.leg.callID
        case "secure": return "0"
        case "local_tag": return call.leg.localTag
        case "remote_tag": return call.session.dialog?.id.remoteTag
        case "target_uri": return call.session.dialog?.remoteTarget.description
        case "request_uri": return call.invite?.target.description
        case "remote_uri": return call.invite?.headers.from?.uri.description
        case "local_uri": return call.invite?.headers.to?.uri.description
        case "local_addr": return call.flow.map { "\($0.local.host):\($0.local.port)" }
        case "remote_addr": return call.flow.map { "\($0.remote.host):\($0.remote.port)" }
        default: return nil
        }
    }
}
