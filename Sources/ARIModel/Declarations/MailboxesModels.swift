/// The models of the group `mailboxes`.
let mailboxesModels: [ARIModelDeclaration] = [
    ARIModelDeclaration(
        "Mailbox", "The message counts of a mailbox.",
        [.required("name"), .required("old_messages", "int"), .required("new_messages", "int")])
]
