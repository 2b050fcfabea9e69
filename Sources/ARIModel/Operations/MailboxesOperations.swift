extension ARIResource {
    /// Mailboxes: operations and models.
    static let mailboxes = ARIResource(
        "mailboxes", "Mailboxes", paths: "Mailboxes", since: ["12.1.0"],
        requiredModules: ["res_stasis_mailbox"],
        operations: mailboxesOperations, models: mailboxesModels)
}

private let mailboxesOperations: [ARIOperation] = [
    ARIOperation(
        .get, "/mailboxes", "list", returns: "List[Mailbox]",
        "Lists all mailboxes.", since: ["12.1.0"]),
    ARIOperation(
        .get, "/mailboxes/{mailboxName}", "get", returns: "Mailbox",
        "Shows a mailbox.", since: ["12.1.0"],
        parameters: [.path("mailboxName")],
        errors: [.init(404, "Mailbox is does not exist")]),
    ARIOperation(
        .put, "/mailboxes/{mailboxName}", "update", returns: "void",
        "Sets the message counts of a mailbox.", since: ["12.1.0"],
        parameters: [
            .path("mailboxName"), .query("oldMessages", .int, required: true),
            .query("newMessages", .int, required: true),
        ],
        errors: [.init(404, "Not found")]),
    ARIOperation(
        .delete, "/mailboxes/{mailboxName}", "delete", returns: "void",
        "Deletes a mailbox.", since: ["12.1.0"],
        parameters: [.path("mailboxName")],
        errors: [.init(404, "Mailbox does not exist")]),
]
