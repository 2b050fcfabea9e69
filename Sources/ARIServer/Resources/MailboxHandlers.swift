import ARIModel
import CallCore

extension ARIHandlers {
    mutating func addMailboxes(_ core: CallCore) {
        on("mailboxes.list") { _ in .ok(core.mailboxes.all) }
        on("mailboxes.get") { call in
            guard let mailbox = core.mailboxes[call.path("mailboxName")] else { throw ARIError(404, "Mailbox is does not exist") }
            return .ok(mailbox)
        }
        on("mailboxes.update") { call in
            let mailbox = Mailbox(
                name: call.path("mailboxName"), oldMessages: call.int("oldMessages"), newMessages: call.int("newMessages"))
            guard core.mailboxes.set(mailbox) else { throw ARIError(500, "Error updating mailbox") }
            return .noContent
        }
        on("mailboxes.delete") { call in
            guard core.mailboxes.remove(call.path("mailboxName")) else { throw ARIError(404, "Mailbox does not exist") }
            return .noContent
        }
    }
}
