import ARIModel
import CallCore
import SIP

/// Tells phones how many messages wait in their mailbox, unasked (RFC 3842 section 3.4, as phones expect it of a PBX): when it changes and
/// when they register.
@CallActor
final class MessageWaiting {
    private let signalling: Signalling
    private let directory: EndpointDirectory
    private let technology: SIPTechnology
    private let mailboxes: Mailboxes

    init(mailboxes: Mailboxes, signalling: Signalling, directory: EndpointDirectory, technology: SIPTechnology) {
        self.mailboxes = mailboxes
        self.signalling = signalling
        self.directory = directory
        self.technology = technology
        mailboxes.observe { [weak self] in self?.changed($0) }
    }

    private func changed(_ mailbox: Mailbox) {
        for endpoint in directory.all where Self.isSame(endpoint.settings.mailbox, mailbox.name) {
            for target in technology.devices(of: endpoint.name) { tell(target, endpoint, mailbox) }
        }
    }

    /// A device of an endpoint is there.
    func registered(_ binding: RegistrarBinding, of endpoint: SIPEndpoint) {
        guard !endpoint.settings.mailbox.isEmpty, let target = technology.callTarget(binding, user: nil) else { return }
        let mailbox = mailboxes[Self.full(endpoint.settings.mailbox)] ?? mailboxes[endpoint.settings.mailbox]
        tell(target, endpoint, mailbox ?? Mailbox(name: endpoint.settings.mailbox, oldMessages: 0, newMessages: 0))
    }

    /// A name without a context is one of the context default.
    private static func full(_ name: String) -> String { name.contains("@") ? name : "\(name)@default" }

    private static func isSame(_ one: String, _ other: String) -> Bool { !one.isEmpty && full(one) == full(other) }

    private func tell(_ target: CallTarget, _ endpoint: SIPEndpoint, _ mailbox: Mailbox) {
        let flow = signalling.expectedFlow(to: target)
        let account = NameAddr(uri: SIPURI(user: endpoint.name, host: signalling.ownAddress(for: flow).host))
        OutgoingRequest.send(.notify, to: target, from: account, signalling: signalling) { request, _ in
            request.headers.add("Event", "message-summary")
            request.headers.add("Subscription-State", "terminated")
            request.headers.contentType = "application/simple-message-summary"
            request.body = Array(Self.summary(mailbox, account: account.uri.description).utf8)
        }
    }

    /// The body of RFC 3842 section 5.2.
    static func summary(_ mailbox: Mailbox, account: String) -> String {
        """
        Messages-Waiting: \(mailbox.newMessages > 0 ? "yes" : "no")\r
        Message-Account: \(account)\r
        Voice-Message: \(max(0, mailbox.newMessages))/\(max(0, mailbox.oldMessages)) (0/0)\r

        """
    }
}
