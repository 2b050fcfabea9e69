import Dialplan
import DialplanFuzzHost
import FuzzTarget

/// Reads each input as a dialplan, looks up extensions in it, and runs the beginning of calls.
@main
enum DialplanText: FuzzTarget {
    private static let dialed = ["s", "100", "5551234", "i", "*8#", "", "é", "h"]
    /// The ways in which a host says that an application ended, in the order in which they are taken.
    private static let outcomes: [DialplanOutcome] = [.proceed, .proceed, .proceed, .digits("1"), .timedOut, .absoluteTimeout, .hangUp]

    static func test(_ input: UnsafeRawBufferPointer) {
        let text = String(decoding: input, as: UTF8.self)
        let parser = DialplanParser(knownApplications: ["Answer", "NoOp", "Playback"]) { name in
            // Any file but one is not there.
            name == "more" ? [DialplanSource(name: name, text: "exten => 7,1,NoOp()\nexten => 7,n,Hangup()")] : []
        }
        let result = parser.parse(text)
        for diagnostic in result.diagnostics { precondition(!diagnostic.description.isEmpty) }
        guard let dialplan = result.dialplan else { return }
        _ = (dialplan.hints, dialplan.globals, dialplan.merging(dialplan).contextNames)
        for context in dialplan.contextNames.prefix(4) {
            _ = (dialplan.extensions(in: context), dialplan.removing(context: context).hasContext(context))
            lookUp(dialplan, context)
            run(dialplan, context)
        }
    }

    private static func lookUp(_ dialplan: Dialplan, _ context: String) {
        let clock = DialplanFuzzHost().clock
        for exten in dialed {
            let found = dialplan.find(context: context, exten: exten, priority: 1, callerID: "5551", at: clock)
            let exists = dialplan.exists(context: context, exten: exten, callerID: "5551", at: clock)
            precondition((found != nil) == exists)
            _ = dialplan.priority(labelled: "again", context: context, exten: exten, callerID: "", at: clock)
            _ = dialplan.hint(context: context, exten: exten, at: clock)
            _ = dialplan.canMatch(context: context, exten: exten, callerID: "5551", at: clock)
            _ = dialplan.matchMore(context: context, exten: exten, callerID: "5551", at: clock)
            _ = dialplan.ignoresDigits(context: context, exten: exten, at: clock)
        }
    }

    private static func run(_ dialplan: Dialplan, _ context: String) {
        for exten in dialed.prefix(2) {
            let host = DialplanFuzzHost(dialplan: dialplan)
            let interpreter = DialplanInterpreter(location: DialplanLocation(context: context, dialed: exten))
            for outcome in outcomes {
                guard case .execute = interpreter.next(host: host) else { break }
                interpreter.completed(outcome)
            }
            if interpreter.startHangup(host: host) { _ = interpreter.next(host: host) }
        }
    }
}
