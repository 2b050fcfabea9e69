import ARIModel
import ARIServer
import CallCore

extension ControlCommand {
    static let coreCommands: [ControlCommand] = [
        ControlCommand("core waitfullybooted", "Wait until everything listens.") { control, _ in
            await control.waitForBoot()
            return ControlOutput("Asterisk has fully booted.")
        },
        ControlCommand("core show version", "Show the version.") { _, _ in ControlOutput(ProductVersion.asReference) },
        ControlCommand("core show uptime", "Show how long the server runs: core show uptime [seconds].") { control, words in
            let up = (control.core.scheduler.nowMs - control.core.startedMs) / 1_000
            let reloaded = (control.core.scheduler.nowMs - control.core.reloadedMs) / 1_000
            guard words.first != "seconds" else { return ControlOutput(["System uptime: \(up)", "Last reload: \(reloaded)"]) }
            return ControlOutput(["System uptime: \(inWords(up))", "Last reload: \(inWords(reloaded))"])
        },
        ControlCommand("core show help", "List the commands: core show help [words].") { _, words in
            let list = all.filter { command in
                zip(command.words, words).allSatisfy { $0.hasPrefix($1.lowercased()) } && command.words.count >= words.count
            }
            guard !list.isEmpty else { return ControlOutput("No such command '\(words.joined(separator: " "))'.", status: 1) }
            return ControlOutput(
                list.map { $0.words.joined(separator: " ").column(34) + " -- " + $0.summary }.sorted())
        },
        ControlCommand("core stop gracefully", "End all calls, then the server.") { control, _ in
            control.onStop()
            return ControlOutput([])
        },
        ControlCommand("core stop now", "End all calls, then the server.") { control, _ in
            control.onStop()
            return ControlOutput([])
        },
        ControlCommand("core reload", "Take over the configuration.") { control, _ in
            await control.reload()
            return ControlOutput([])
        },
        ControlCommand("module reload", "Take over the configuration.") { control, _ in
            await control.reload()
            return ControlOutput([])
        },
        ControlCommand("module show", "List what would be modules elsewhere: module show [like text].") { control, words in
            let like = words.first == "like" ? words.dropFirst().first ?? "" : ""
            let list = ServerModule.all.filter { like.isEmpty || $0.name.lowercased().contains(like.lowercased()) }
            let head = "Module".column(30) + " " + "Description".column(40) + " Use Count  Status      Support Level"
            let rows = list.map { module in
                module.name.column(30) + " " + module.description.column(40) + " " + String(module.view(control.core).useCount).column(10)
                    + " "
                    + "Running".column(11) + " " + "core".padded(toLeft: 13)
            }
            return ControlOutput([head] + rows + ["\(list.count) modules loaded"])
        },
    ]

    private static func inWords(_ seconds: Int64) -> String {
        let parts = [("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)]
        var rest = seconds
        var texts: [String] = []
        for (word, length) in parts {
            let count = rest / Int64(length)
            rest -= count * Int64(length)
            if count > 0 { texts.append("\(count) \(word)\(count == 1 ? "" : "s")") }
        }
        return texts.isEmpty ? "0 seconds" : texts.joined(separator: ", ")
    }
}

extension String {
    /// The text at the right end of a column.
    func padded(toLeft width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
