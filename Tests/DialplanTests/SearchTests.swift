import Dialplan
import Testing

@Suite("Finding extensions")
struct SearchTests {
    private let now = DialplanClock(epochMicros: 1_709_039_109_250_000)

    private func found(_ dialplan: Dialplan, _ exten: String, callerID: String = "", priority: Int = 1) -> String? {
        dialplan.find(context: "a", exten: exten, priority: priority, callerID: callerID, at: now)?.exten
    }

    @Test(
        "A pattern matches what it says",
        arguments: [
            ("_X", "0", true), ("_X", "9", true), ("_X", "a", false), ("_X", "10", false), ("_X", "", false),
            ("_Z", "0", false), ("_Z", "1", true), ("_N", "1", false), ("_N", "2", true), ("_n", "2", true),
            ("_[15-7]", "1", true), ("_[15-7]", "6", true), ("_[15-7]", "2", false), ("_[a-c]x", "b5", true),
            ("_[-1]", "1", true), ("_1.", "1", false), ("_1.", "12", true), ("_1.", "1abc", true),
            ("_1!", "1", true), ("_1!", "1234", true), ("_1!", "2", false), ("_.", "anything", true),
            ("_555-XX", "55512", true), ("_555XX", "555-12", true), ("555-12", "55512", true), ("sub-x", "sub-x", true),
            ("_d600X", "d6001", true), ("_*X", "*5", true), ("_+X.", "+49", true), ("100", "1000", false), ("_-1", "1", true),
            ("Ab", "ab", false),
        ])
    func matches(pattern: String, dialed: String, expected: Bool) throws {
        let dialplan = try parsed("[a]\nexten => \(pattern),1,NoOp()")
        #expect((found(dialplan, dialed) != nil) == expected)
    }

    @Test(
        "The most specific extension wins, in whatever order they stand",
        arguments: [
            (["_X.", "100", "_1XX"], "100", "100"),
            (["_1XX", "_10X", "_100"], "100", "_100"),
            (["_X00", "_N00", "_Z00"], "500", "_N00"),
            (["_[2-5]00", "_N00"], "500", "_[2-5]00"),
            (["_[345]X", "_[234]X"], "41", "_[234]X"),
            (["_X11111", "_1XXXXX"], "111111", "_1XXXXX"),
            (["_1.", "_1X."], "123", "_1X."),
            (["_1!", "_1.", "_1X"], "12", "_1X"),
            (["_1!", "_1."], "12", "_1."),
            (["_.", "_X!"], "5", "_X!"),
            (["_600X", "_6XXX", "_6."], "6001", "_600X"),
        ])
    func prefersSpecific(patterns: [String], dialed: String, expected: String) throws {
        for order in [patterns, patterns.reversed()] {
            let dialplan = try parsed("[a]\n" + order.map { "exten => \($0),1,NoOp()" }.joined(separator: "\n"))
            #expect(found(dialplan, dialed) == expected)
        }
    }

    @Test("A caller's number narrows an extension and goes before the open one")
    func matchesCallers() throws {
        let dialplan = try parsed(
            """
            [a]
            exten => 100,1,NoOp()
            exten => 100/5551,1,NoOp()
            exten => 100/_6XXX,1,NoOp()
            exten => _2X,1,NoOp()
            exten => _2X/,1,NoOp()
            """)
        func priority(_ exten: String, _ caller: String) -> Int? {
            dialplan.find(context: "a", exten: exten, priority: 1, callerID: caller, at: now)?.priority.line
        }
        #expect(priority("100", "1") == 2)
        #expect(priority("100", "5551") == 3)
        #expect(priority("100", "555-1") == 3)
        #expect(priority("100", "6001") == 4)
        #expect(priority("20", "1") == 5)
        #expect(priority("20", "") == 6)
    }

    @Test("A priority that the best match lacks is taken from the next one")
    func takesPrioritiesFromLessSpecific() throws {
        let dialplan = try parsed("[a]\nexten => 100,1,NoOp()\nexten => _1XX,1,NoOp()\nsame => n,NoOp()")
        #expect(found(dialplan, "100", priority: 1) == "100")
        #expect(found(dialplan, "100", priority: 2) == "_1XX")
        #expect(found(dialplan, "100", priority: 3) == nil)
    }

    @Test("Includes are searched in order after the context itself, once each even in a ring")
    func followsIncludes() throws {
        let dialplan = try parsed(
            """
            [a]
            include => b
            include => c
            exten => _1XX,1,NoOp()
            [b]
            include => a
            include => d
            exten => 100,1,NoOp()
            [c]
            exten => 200,1,NoOp()
            exten => 300,1,NoOp()
            [d]
            exten => 200,1,NoOp()
            """)
        func context(_ exten: String) -> String? {
            dialplan.find(context: "a", exten: exten, priority: 1, callerID: "", at: now)?.context
        }
        #expect(context("100") == "a")
        #expect(context("200") == "d")
        #expect(context("300") == "c")
        #expect(context("400") == nil)
        #expect(dialplan.find(context: "none", exten: "1", priority: 1, callerID: "", at: now) == nil)
    }

    @Test("An include with times counts only within them")
    func followsTimedIncludes() throws {
        let dialplan = try parsed("[a]\ninclude => b,9:00-17:00,mon-fri,*,*\n[b]\nexten => 1,1,NoOp()")
        #expect(dialplan.exists(context: "a", exten: "1", callerID: "", at: now))
        var evening = now
        evening.utcOffsetSeconds = 5 * 3600
        #expect(!dialplan.exists(context: "a", exten: "1", callerID: "", at: evening))
    }

    @Test(
        "Waiting for digits: can match, could match more",
        arguments: [
            ("", true, true), ("1", true, true), ("10", true, true), ("100", true, false), ("1000", false, false),
            ("2", true, true), ("25", true, false), ("3", true, true), ("31", true, true), ("4", true, true),
            ("45", true, false), ("456", true, false), ("5", false, false), ("60", true, true), ("601", true, false),
            ("7", true, true), ("70", true, false),
        ])
    func answersMatchMore(dialed: String, can: Bool, more: Bool) throws {
        let dialplan = try parsed(
            """
            [a]
            include => b
            exten => 100,1,NoOp()
            exten => _2X,1,NoOp()
            exten => _3.,1,NoOp()
            exten => _4X!,1,NoOp()
            exten => 7/9,1,NoOp()
            exten => 70/6001,1,NoOp()
            [b]
            exten => 601,1,NoOp()
            """)
        #expect(dialplan.canMatch(context: "a", exten: dialed, callerID: "6001", at: now) == can)
        #expect(dialplan.matchMore(context: "a", exten: dialed, callerID: "6001", at: now) == more)
    }

    @Test("Labels and hints are found through patterns and includes")
    func findsLabelsAndHints() throws {
        let dialplan = try parsed(
            """
            [a]
            include => b
            exten => _1XX,1,NoOp()
             same => n(there),NoOp()
            ignorepat => 9
            [b]
            exten => _1XX,hint,PJSIP/${EXTEN}
            """)
        #expect(dialplan.priority(labelled: "there", context: "a", exten: "123", callerID: "", at: now) == 2)
        #expect(dialplan.priority(labelled: "gone", context: "a", exten: "123", callerID: "", at: now) == nil)
        #expect(dialplan.hint(context: "a", exten: "123", at: now)?.devices == "PJSIP/${EXTEN}")
        #expect(dialplan.hint(context: "a", exten: "23", at: now) == nil)
        #expect(dialplan.ignoresDigits(context: "a", exten: "9", at: now))
        #expect(!dialplan.ignoresDigits(context: "a", exten: "1", at: now))
    }
}
