public import Dialplan

/// A channel that has nothing but variables, and a dialplan that goes away after a number of applications.
public final class DialplanFuzzHost: DialplanHost {
    private let plan: Dialplan
    private let maximumApplications: Int
    private var applications = 0
    private var variables: [String: ExpandedText] = [
        "CALLERID": ExpandedText("5551,${EXTEN}", tainted: true), "LIST": "a,b&c,1.5,-7", "TEXT": "the quick brown fox",
    ]
    private var chance: UInt64 = 1

    public init(dialplan: Dialplan = .empty, maximumApplications: Int = 200) {
        plan = dialplan
        self.maximumApplications = maximumApplications
    }

    public var dialplan: Dialplan { applications < maximumApplications ? plan : .empty }
    public var callerNumber: String { "5551" }
    public var clock: DialplanClock { DialplanClock(epochMicros: 1_700_000_000_123_456, utcOffsetSeconds: 3600) }

    public func utcOffsetSeconds(zone: String, atEpochSeconds: Int64) -> Int? { zone.isEmpty ? nil : zone.utf8.count * 900 }

    public func random() -> UInt64 {
        chance = chance &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return chance
    }

    public func variable(_ name: String) -> ExpandedText? { variables[name] }
    public func setVariable(_ name: String, _ value: ExpandedText) { if variables.count < 100 { variables[name] = value } }

    public func readFunction(_ name: String, _ arguments: ExpandedText) -> ExpandedText? { name == "ECHO" ? arguments.tainted : nil }

    public func writeFunction(_ name: String, _ arguments: ExpandedText, _ value: ExpandedText) -> Bool {
        guard name == "ECHO" else { return false }
        setVariable(arguments.string, value)
        return true
    }

    public func willExecute(application: String, data: String, at location: DialplanLocation) { applications += 1 }
    public func log(_ level: DialplanLogLevel, _ text: String) { precondition(!text.isEmpty) }
}
