import Dialplan
import Testing

@globalActor
actor TestCallActor {
    static let shared = TestCallActor()
}

/// A channel confined to a global actor, as the call core's are.
@TestCallActor
private final class IsolatedChannel {
    let interpreter: DialplanInterpreter
    let plan: Dialplan
    var values: [String: ExpandedText] = [:]
    var applications: [String] = []

    init(_ plan: Dialplan) {
        self.plan = plan
        interpreter = DialplanInterpreter(location: DialplanLocation(context: "main", dialed: "s"))
    }

    func run() async -> DialplanEnd {
        while true {
            switch interpreter.next(host: self) {
            case .execute(let step):
                applications.append("\(step.application)(\(step.data))")
                await Task.yield()
                interpreter.completed(.proceed)
            case .pause: await Task.yield()
            case .finished(let end): return end
            }
        }
    }
}

extension IsolatedChannel: @TestCallActor DialplanHost {
    var dialplan: Dialplan { plan }
    var callerNumber: String { "1" }
    var clock: DialplanClock { DialplanClock(epochMicros: 0) }
    func utcOffsetSeconds(zone: String, atEpochSeconds: Int64) -> Int? { nil }
    func random() -> UInt64 { 4 }
    func variable(_ name: String) -> ExpandedText? { values[name] }
    func setVariable(_ name: String, _ value: ExpandedText) { values[name] = value }
    func readFunction(_ name: String, _ arguments: ExpandedText) -> ExpandedText? { nil }
    func writeFunction(_ name: String, _ arguments: ExpandedText, _ value: ExpandedText) -> Bool { false }
    func willExecute(application: String, data: String, at location: DialplanLocation) {}
    func log(_ level: DialplanLogLevel, _ text: String) {}
}

@Suite("Isolation")
struct IsolationTests {
    @Test("A channel confined to a global actor is a host, called synchronously within it")
    @TestCallActor
    func runsWithinAnActor() async throws {
        let channel = IsolatedChannel(try parsed("[main]\nexten => s,1,Set(A=1)\nsame => n,Show(${A})\nsame => n,Show(${TOUPPER(x)})"))
        #expect(await channel.run() == .fellThrough)
        #expect(channel.applications == ["Show(1)", "Show(X)"])
    }
}
