import Dialplan
import Testing

/// A channel of the tests: keeps variables, functions and all that it is told.
final class TestHost: DialplanHost {
    var dialplan: Dialplan
    var callerNumber = "6001"
    /// Tuesday, 2024-02-27 13:05:09.250 UTC
    var clock = DialplanClock(epochMicros: 1_709_039_109_250_000)
    var variables: [String: ExpandedText] = [:]
    var functions: [String: ExpandedText] = [:]
    var announced: [String] = []
    var logged: [String] = []
    var dice = SplitMix(seed: 7)

    init(_ dialplan: Dialplan = .empty) { self.dialplan = dialplan }

    func utcOffsetSeconds(zone: String, atEpochSeconds: Int64) -> Int? { zone == "Asia/Tokyo" ? 32_400 : nil }
    func random() -> UInt64 { dice.next() }
    func variable(_ name: String) -> ExpandedText? { variables[name] }
    func setVariable(_ name: String, _ value: ExpandedText) { variables[name] = value }

    func readFunction(_ name: String, _ arguments: ExpandedText) -> ExpandedText? {
        switch name {
        case "CALLERID", "DB": functions["\(name)(\(arguments))"] ?? ""
        case "COUNTARGS": ExpandedText(String(arguments.splitArguments().count))
        default: nil
        }
    }

    func writeFunction(_ name: String, _ arguments: ExpandedText, _ value: ExpandedText) -> Bool {
        guard name == "CALLERID" || name == "DB" else { return false }
        functions["\(name)(\(arguments))"] = value
        return true
    }

    func willExecute(application: String, data: String, at location: DialplanLocation) {
        announced.append("\(location.priority) \(application)(\(data))")
    }

    func log(_ level: DialplanLogLevel, _ text: String) { logged.append("\(level) \(text)") }

    /// Expands a text as a priority's data.
    func expand(_ text: String) -> ExpandedText {
        DialplanInterpreter(location: DialplanLocation(context: "test", exten: "s")).expand(text, host: self)
    }
}

/// A small seeded generator.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// Parses a text that must have no errors.
func parsed(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Dialplan {
    let result = DialplanParser().parse(text)
    return try #require(result.dialplan, "\(result.diagnostics)", sourceLocation: sourceLocation)
}

/// Runs a call to its end; `answer` is asked how each application of the host ends.
func run(
    _ interpreter: DialplanInterpreter, _ host: TestHost, answer: (DialplanExecution) -> DialplanOutcome = { _ in .proceed }
) -> (applications: [String], end: DialplanEnd) {
    var applications: [String] = []
    while true {
        switch interpreter.next(host: host) {
        case .execute(let execution):
            applications.append("\(execution.application)(\(execution.data))")
            interpreter.completed(answer(execution))
        case .pause: continue
        case .finished(let end): return (applications, end)
        }
        if applications.count > 1000 { return (applications, .failed("the test ran away")) }
    }
}

/// Runs the extension `s` of `[main]`.
func runMain(
    _ text: String, host: TestHost = TestHost(), exten: String = "s", answer: (DialplanExecution) -> DialplanOutcome = { _ in .proceed }
) throws -> (applications: [String], end: DialplanEnd, host: TestHost) {
    host.dialplan = try parsed(text)
    let interpreter = DialplanInterpreter(location: DialplanLocation(context: "main", dialed: exten))
    let result = run(interpreter, host, answer: answer)
    return (result.applications, result.end, host)
}
