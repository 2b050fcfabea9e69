import CallCore
import Dialplan

extension ControlCommand {
    static let dialplanCommands: [ControlCommand] = [
        ControlCommand("dialplan reload", "Take over the configuration.") { control, _ in
            await control.reload()
            return ControlOutput("Dialplan reloaded.")
        },
        ControlCommand("dialplan show", "Show the dialplan: dialplan show [[EXTEN@]CONTEXT].") { control, words in
            let dialplan = control.core.dialplan.current
            let parts = (words.first ?? "").split(separator: "@", maxSplits: 1).map(String.init)
            let (exten, context) = parts.count == 2 ? (parts[0], parts[1]) : (nil, parts.first)
            if let context, !dialplan.hasContext(context) {
                return ControlOutput("There is no existence of '\(context)' context", status: 1)
            }
            let names = context.map { [$0] } ?? dialplan.contextNames
            let lines = names.flatMap { shown($0, exten: exten, dialplan) }
            let count = names.reduce(0) { $0 + dialplan.extensions(in: $1).count }
            return ControlOutput(lines + ["-= \(count) extensions in \(names.count) contexts. =-"])
        },
    ]

    private static func shown(_ context: String, exten: String?, _ dialplan: Dialplan) -> [String] {
        let extensions = dialplan.extensions(in: context).filter { exten == nil || $0.exten == exten }
        let hints = dialplan.hints.filter { $0.context == context && (exten == nil || $0.exten == exten) }
        let rows = extensions.flatMap { item in
            item.priorities.enumerated().map { index, priority in
                let head = index == 0 ? "  '\(item.exten)' =>" : ""
                let label = priority.label.map { "[\($0)] " } ?? ""
                let text = "\(priority.number). \(label)\(priority.application)(\(priority.argumentText))"
                return head.column(20) + text.column(46) + " [\(priority.file):\(priority.line)]"
            }
        }
        let marks = hints.map { "  '\($0.exten)' =>".column(20) + "hint: \($0.devices)".column(46) + " [\($0.file):\($0.line)]" }
        return ["[ Context '\(context)' created by 'pbx_config' ]"] + marks + rows + [""]
    }
}
