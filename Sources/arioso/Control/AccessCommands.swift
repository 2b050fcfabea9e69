import ARIServer
import CallCore
import Store

extension ControlCommand {
    static let accessCommands: [ControlCommand] = [
        ControlCommand("ari show apps", "List the ARI applications.") { control, _ in
            ControlOutput(
                ["Application Name".column(25), String(repeating: "=", count: 25)] + control.core.applications.all.map(\.name).sorted())
        },
        ControlCommand("ari show users", "List the ARI users.") { control, _ in
            ControlOutput(
                ["r/o?  Username", "----  --------"]
                    + control.configuration().ari.users.map { ($0.readOnly ? "Yes" : "No").column(4) + "  " + $0.name })
        },
        ControlCommand("ari show status", "Show the settings of ARI.") { control, _ in
            let ari = control.configuration().ari
            return ControlOutput([
                "ARI Status:", "Enabled: \(ari.enabled ? "Yes" : "No")", "Auth realm: \(ari.realm)",
                "Allowed Origins: \(ari.allowedOrigins.joined(separator: ","))", "User count: \(ari.users.count)",
            ])
        },
        ControlCommand("ari shutdown websocket sessions", "Close the event WebSockets of all programs.") { control, _ in
            control.ari.closeEventSockets()
            return ControlOutput("Shutting down all websocket sessions")
        },
        ControlCommand("manager show users", "List the managers.") { control, _ in
            let managers = control.configuration().ami.managers
            return ControlOutput(
                ["username", "--------"] + managers.map(\.name) + ["-------------------", "\(managers.count) manager users configured."])
        },
    ]
}
