import Dialplan
import Foundation
import Testing

/// The conformance kit's dialplan, read when the kit is there.
private let fragment: String? = {
    let package = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let shared =
        ProcessInfo.processInfo.environment["ARIOSO_SHARED"].map { URL(fileURLWithPath: $0) }
        ?? package.appendingPathComponent("../shared")
    return try? String(contentsOf: shared.appendingPathComponent("conformance/targets/extensions.conf"), encoding: .utf8)
}()

@Suite("The conformance kit's dialplan")
struct FragmentTests {
    private static let applications = [
        "Answer", "Stasis", "Hangup", "Wait", "Echo", "Playback", "Ringing", "Progress", "Dial", "Milliwatt", "StasisBroadcast",
    ]

    @Test(
        "It is read without a warning and runs as the kit expects",
        .enabled(if: fragment != nil, "the conformance kit is absent: set ARIOSO_SHARED"),
        arguments: [
            ("phones", "0myapp", ["Stasis(myapp)", "Hangup()"]),
            ("phones", "1my-app", ["Stasis(my-app,one,two words)", "Hangup()"]),
            ("phones", "3a", ["Stasis(a)", "Hangup(34)"]),
            ("phones", "4a", ["Stasis(a,first)", "Stasis(ab,second)", "Hangup()"]),
            ("phones", "86002", ["Dial(PJSIP/6002,15,tT)", "Hangup()"]),
            ("phones", "6002", ["Dial(PJSIP/6002,15)", "Hangup()"]),
            ("phones", "busy", ["Hangup(17)"]),
            ("ari", "100", ["Answer()", "Wait(0.4)", "Wait(0.4)", "Hangup(16)"]),
            ("ari", "rapp", ["Stasis(app,fromlocal)", "Hangup()"]),
            ("ari", "d6003", ["Dial(PJSIP/6003,15)", "Hangup()"]),
            ("other", "200", ["Answer()", "Wait(0.4)", "Hangup(16)"]),
            ("broadcast", "bxy", ["StasisBroadcast(2000,^xy[a-z]$)", "Hangup()"]),
            ("messages", "6001", []),
        ] as [(String, String, [String])])
    func runsFragment(context: String, exten: String, expected: [String]) throws {
        let result = DialplanParser(knownApplications: Self.applications).parse(try #require(fragment))
        // TALK_DETECT is a function of the host, so nothing in the file is doubtful.
        #expect(result.diagnostics.isEmpty)
        let host = TestHost(try #require(result.dialplan))
        #expect(host.dialplan.globals.map { "\($0.name)=\($0.value)" } == ["CONFGLOBAL=fragment-loaded"])
        let interpreter = DialplanInterpreter(location: DialplanLocation(context: context, dialed: exten))
        let result2 = run(interpreter, host) { step in
            if step.application == "Stasis" { host.variables["STASISSTATUS"] = "FAILED" }
            return step.application == "Hangup" ? .hangUp : .proceed
        }
        #expect(result2.applications == expected)
    }
}
