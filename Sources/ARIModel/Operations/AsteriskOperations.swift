extension ARIResource {
    /// The server itself: operations and models.
    static let asterisk = ARIResource(
        "asterisk", "The server itself", paths: "The server", since: ["12.0.0"],
        operations: asteriskOperations, models: asteriskModels)
}

private let asteriskOperations: [ARIOperation] = [
    ARIOperation(
        .get, "/asterisk/config/dynamic/{configClass}/{objectType}/{id}", "getObject", returns: "List[ConfigTuple]",
        "Shows the settings of a configuration object.", since: ["13.5.0"],
        parameters: [.path("configClass"), .path("objectType"), .path("id")],
        errors: [.init(404, "configClass '<x>' not found")]),
    ARIOperation(
        .put, "/asterisk/config/dynamic/{configClass}/{objectType}/{id}", "updateObject", returns: "List[ConfigTuple]",
        "Creates or changes a configuration object.", since: ["13.5.0"],
        parameters: [.path("configClass"), .path("objectType"), .path("id"), .body("fields")],
        errors: [
            .init(400, "Fields must be provided to update object '<id>'"),
            .init(403, "Cannot create|update sorcery objects of type '<type>'"),
            .init(404, "configClass '<x>' not found"),
        ]),
    ARIOperation(
        .delete, "/asterisk/config/dynamic/{configClass}/{objectType}/{id}", "deleteObject", returns: "void",
        "Deletes a configuration object.", since: ["13.5.0"],
        parameters: [.path("configClass"), .path("objectType"), .path("id")],
        errors: [.init(403, "Could not delete object with id '<x>'"), .init(404, "configClass '<x>' not found")]),
    ARIOperation(
        .get, "/asterisk/info", "getInfo", returns: "AsteriskInfo",
        "Shows facts about the server.", since: ["12.0.0"],
        parameters: [.query("only", list: true, values: ["build", "system", "config", "status"])]),
    ARIOperation(
        .get, "/asterisk/ping", "ping", returns: "AsteriskPing",
        "Answers with pong.", since: ["13.25.0", "16.2.0"]),
    ARIOperation(
        .get, "/asterisk/modules", "listModules", returns: "List[Module]",
        "Lists the modules.", since: ["13.5.0"]),
    ARIOperation(
        .get, "/asterisk/modules/{moduleName}", "getModule", returns: "Module",
        "Shows a module.", since: ["13.5.0"],
        parameters: [.path("moduleName")],
        errors: [
            .init(404, "Module could not be found in running modules"),
            .init(409, "Module information could not be retrieved"),
        ]),
    ARIOperation(
        .post, "/asterisk/modules/{moduleName}", "loadModule", returns: "void",
        "Loads a module.", since: ["13.5.0"],
        parameters: [.path("moduleName")],
        errors: [.init(409, "Module is already loaded")]),
    ARIOperation(
        .delete, "/asterisk/modules/{moduleName}", "unloadModule", returns: "void",
        "Unloads a module.", since: ["13.5.0"],
        parameters: [.path("moduleName")],
        errors: [.init(404, "Module not found in running modules"), .init(409, "Module could not be unloaded")]),
    ARIOperation(
        .put, "/asterisk/modules/{moduleName}", "reloadModule", returns: "void",
        "Lets a module read its settings again.", since: ["13.5.0"],
        parameters: [.path("moduleName")],
        errors: [
            .init(404, "Module not found in running modules"),
            .init(409, "An unknown error occurred while reloading the module"),
        ]),
    ARIOperation(
        .get, "/asterisk/logging", "listLogChannels", returns: "List[LogChannel]",
        "Lists the log channels.", since: ["13.6.0"]),
    ARIOperation(
        .post, "/asterisk/logging/{logChannelName}", "addLog", returns: "void",
        "Adds a log channel.", since: ["13.6.0"],
        parameters: [.path("logChannelName"), .query("configuration", required: true)],
        errors: [.init(400, "Configuration levels are required"), .init(409, "Log channel already exists")]),
    ARIOperation(
        .delete, "/asterisk/logging/{logChannelName}", "deleteLog", returns: "void",
        "Deletes a log channel.", since: ["13.6.0"],
        parameters: [.path("logChannelName")],
        errors: [.init(404, "Log channel does not exist")]),
    ARIOperation(
        .put, "/asterisk/logging/{logChannelName}/rotate", "rotateLog", returns: "void",
        "Starts a new file for a log channel.", since: ["13.6.0"],
        parameters: [.path("logChannelName")],
        errors: [.init(404, "Log channel does not exist")]),
    ARIOperation(
        .get, "/asterisk/variable", "getGlobalVar", returns: "Variable",
        "Shows the value of a global variable.", since: ["12.0.0"],
        parameters: [.query("variable", required: true)],
        errors: [.init(400, "Variable name is required")]),
    ARIOperation(
        .post, "/asterisk/variable", "setGlobalVar", returns: "void",
        "Sets a global variable.", since: ["12.0.0"],
        parameters: [.query("variable", required: true), .query("value")],
        errors: [.init(400, "Variable name is required")]),
]
