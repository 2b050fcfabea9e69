/// The models of the group `asterisk`.
let asteriskModels: [ARIModelDeclaration] = [
    ARIModelDeclaration(
        "BuildInfo", "How the server was built.",
        [
            .required("os"), .required("kernel"), .required("options"), .required("machine"), .required("date"),
            .required("user"),
        ]),
    ARIModelDeclaration(
        "SystemInfo", "Version and entity id of the server.",
        [.required("version"), .required("entity_id")]),
    ARIModelDeclaration(
        "SetId", "User and group the server runs as.",
        [.required("user"), .required("group")]),
    ARIModelDeclaration(
        "ConfigInfo", "Settings of the server.",
        [
            .required("name"), .required("default_language"), .optional("max_channels", "int"),
            .optional("max_open_files", "int"), .optional("max_load", "double"), .required("setid", "SetId"),
        ]),
    ARIModelDeclaration(
        "StatusInfo", "Start and reload times.",
        [.required("startup_time", "Date"), .required("last_reload_time", "Date")]),
    ARIModelDeclaration(
        "AsteriskInfo", "Facts about the server.",
        [
            .optional("build", "BuildInfo"), .optional("system", "SystemInfo"), .optional("config", "ConfigInfo"),
            .optional("status", "StatusInfo"),
        ]),
    ARIModelDeclaration(
        "AsteriskPing", "The answer to a ping.",
        [.required("asterisk_id"), .required("ping"), .required("timestamp")]),
    ARIModelDeclaration(
        "Module", "A part of the server.",
        [
            .required("name"), .required("description"), .required("use_count", "int"), .required("status"),
            .required("support_level"),
        ]),
    ARIModelDeclaration(
        "LogChannel", "A destination of log lines.",
        [.required("channel"), .required("type"), .required("status"), .required("configuration")]),
    ARIModelDeclaration(
        "Variable", "The value of a variable.",
        [.required("value")]),
    ARIModelDeclaration(
        "Variables", "The values of several variables.",
        [.required("variables", "object")]),
    ARIModelDeclaration(
        "ConfigTuple", "One setting of a configuration object.",
        [.required("attribute"), .required("value")]),
]
