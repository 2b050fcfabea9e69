import Dialplan
import Testing

@Suite("Limits, at and one past")
struct LimitTests {
    private func errors(_ text: String, _ change: (inout DialplanLimits) -> Void) -> Int {
        var limits = DialplanLimits()
        change(&limits)
        return DialplanParser(limits: limits).parse(text).errors.count
    }

    @Test("Files, lines, contexts, priorities and names")
    func boundsFiles() {
        let text = "[a]\nexten => 12345,1,NoOp()\n[b]\nexten => 1,1,NoOp()"
        #expect(errors(text) { $0.maxFileBytes = text.utf8.count } == 0)
        #expect(errors(text) { $0.maxFileBytes = text.utf8.count - 1 } == 1)
        #expect(errors(text) { $0.maxLineBytes = 23 } == 0)
        #expect(errors(text) { $0.maxLineBytes = 22 } == 1)
        #expect(errors(text) { $0.maxContexts = 2 } == 0)
        #expect(errors(text) { $0.maxContexts = 1 } > 0)
        #expect(errors(text) { $0.maxPriorities = 2 } == 0)
        #expect(errors(text) { $0.maxPriorities = 1 } == 1)
        #expect(errors(text) { $0.maxExtensionBytes = 5 } == 0)
        #expect(errors(text) { $0.maxExtensionBytes = 4 } == 1)
    }

    @Test("Diagnostics beyond the limit are not kept, yet count as errors")
    func boundsDiagnostics() {
        var limits = DialplanLimits()
        limits.maxDiagnostics = 3
        let result = DialplanParser(limits: limits).parse("a\nb\nc\nd\ne")
        #expect(result.diagnostics.count == 3)
        limits.maxDiagnostics = 0
        #expect(DialplanParser(limits: limits).parse("a").dialplan == nil)
    }

    @Test("Files that include others end at the limits of depth and number, and those that include themselves are named")
    func boundsIncludes() {
        var limits = DialplanLimits()
        limits.maxIncludeDepth = 2
        func chain(_ length: Int) -> DialplanParseResult {
            DialplanParser(limits: limits) { name in
                let number = (Int(name) ?? 0) + 1
                return [DialplanSource(name: name, text: number <= length ? "#include \(number)" : "[end]")]
            }.parse("#include 1")
        }
        #expect(chain(2).errors.isEmpty)
        #expect(chain(3).errors.count == 1)
        limits = DialplanLimits()
        limits.maxFiles = 4
        let wide = DialplanParser(limits: limits) { _ in [DialplanSource(name: "f", text: "")] }
        #expect(wide.parse("#include a\n#include b\n#include c").errors.isEmpty)
        #expect(wide.parse("#include a\n#include b\n#include c\n#include d").errors.count == 1)
        let ring = DialplanParser { name in [DialplanSource(name: name, text: name == "a" ? "\n#include b" : "#include a")] }
        #expect(ring.parse("#include a").errors.map { "\($0)" } == ["b:1: error: the file includes itself: 'a' → 'b' → 'a'"])
    }

    @Test("Includes of contexts are followed to a depth")
    func boundsContextDepth() throws {
        let limit = DialplanLimits.maxContextDepth
        let text = (0..<limit).map { "[c\($0)]\ninclude => c\($0 + 1)\n" }.joined() + "[c\(limit)]\nexten => 1,1,NoOp()"
        let dialplan = try parsed(text)
        let now = DialplanClock(epochMicros: 0)
        #expect(dialplan.exists(context: "c1", exten: "1", callerID: "", at: now))
        #expect(!dialplan.exists(context: "c0", exten: "1", callerID: "", at: now))
    }

    @Test("Substitution nests to a depth")
    func boundsSubstitution() {
        let host = TestHost()
        func nested(_ depth: Int) -> String {
            host.expand(String(repeating: "$[1+", count: depth) + "1" + String(repeating: "]", count: depth)).string
        }
        #expect(nested(DialplanLimits.maxSubstitutionDepth) == "65")
        #expect(host.logged.isEmpty)
        _ = nested(DialplanLimits.maxSubstitutionDepth + 1)
        #expect(host.logged.contains { $0.contains("nest deeper") })
    }

    @Test("Expanded text is cut off")
    func boundsOutput() {
        let host = TestHost()
        host.variables["A"] = ExpandedText(String(repeating: "x", count: DialplanLimits.maxExpandedBytes - 1))
        #expect(host.expand("${A}y").count == DialplanLimits.maxExpandedBytes)
        #expect(host.logged.isEmpty)
        host.variables["B"] = "yz"
        #expect(host.expand("${A}${B}").count == DialplanLimits.maxExpandedBytes)
        #expect(host.logged.count == 1)
        #expect(ExpandedText(String(repeating: "x", count: DialplanLimits.maxExpandedBytes + 1)).count == DialplanLimits.maxExpandedBytes)
        #expect(host.expand("${STRREPLACE(A,x,\(String(repeating: "y", count: 500)))}").count == DialplanLimits.maxExpandedBytes)
    }

    @Test("Expressions nest to a depth, by parentheses and by operators")
    func boundsExpressions() {
        func reports(_ text: String) -> Int {
            var count = 0
            _ = DialplanExpression.evaluate(ExpandedText(text)) { _ in count += 1 }
            return count
        }
        let limit = DialplanLimits.maxExpressionDepth
        func parentheses(_ depth: Int) -> String { String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth) }
        #expect(reports(parentheses(limit - 1)) == 0)
        #expect(reports(parentheses(limit)) == 1)
        #expect(reports(String(repeating: "!", count: limit - 1) + "1") == 0)
        #expect(reports(String(repeating: "!", count: limit) + "1") == 1)
        #expect(reports(String(repeating: "1 + ", count: 5000) + "1") == 0)
    }

    @Test("Regular expressions are bounded in depth and size")
    func boundsRegex() {
        func reports(_ pattern: String) -> Int {
            var count = 0
            _ = DialplanExpression.evaluate(ExpandedText("\"a\" =~ \"\(pattern)\"")) { _ in count += 1 }
            return count
        }
        let depth = DialplanLimits.maxRegexDepth
        func groups(_ count: Int) -> String { String(repeating: "(", count: count) + "a" + String(repeating: ")", count: count) }
        #expect(reports(groups(depth - 1)) == 0)
        #expect(reports(groups(depth)) == 1)
        let size = DialplanLimits.maxRegexInstructions
        #expect(reports(String(repeating: "a", count: size - 1)) == 0)
        #expect(reports(String(repeating: "a", count: size)) == 1)
        #expect(reports("a" + String(repeating: "*", count: depth)) == 0)
        #expect(reports("a" + String(repeating: "*", count: depth + 1)) == 1)
    }

    @Test("The work of one match is bounded")
    func boundsRegexWork() {
        // Nineteen bytes and the end are twenty instructions, taken at each position and the end of the text.
        let positions = DialplanLimits.maxRegexWork / 20
        func reports(_ length: Int) -> [String] {
            var reports: [String] = []
            let text = ExpandedText("\"\(String(repeating: "b", count: length))\" =~ \"a{19}\"")
            _ = DialplanExpression.evaluate(text) { reports.append($0) }
            return reports
        }
        #expect(reports(positions - 1).isEmpty)
        #expect(reports(positions).first?.contains("too large for a text this long") == true)
    }

    @Test("Longer digits than a number may have are compared as text; priorities end at their highest number")
    func boundsNumbers() {
        func isLess(_ digits: Int) -> String {
            DialplanExpression.evaluate(ExpandedText(String(repeating: "1", count: digits) + " < 2")) { _ in }.string
        }
        #expect(isLess(DialplanLimits.maxNumberBytes) == "0")
        #expect(isLess(DialplanLimits.maxNumberBytes + 1) == "1")
        let highest = DialplanLimits.maxPriorityNumber
        #expect(DialplanParser().parse("[a]\nexten => 1,\(highest),NoOp()").errors.isEmpty)
        #expect(DialplanParser().parse("[a]\nexten => 1,\(highest),NoOp()\nsame => n,NoOp()").errors.count == 1)
    }

    @Test("Gosub, While, ExecIf and locals are bounded")
    func boundsTheStack() throws {
        func depth(_ wanted: Int) throws -> DialplanEnd {
            try runMain(
                """
                [main]
                exten => s,1,Set(n=0)
                 same => n(r),Set(n=$[${n} + 1])
                 same => n,GotoIf($[${n} > \(wanted)]?out)
                 same => n,Gosub(r)
                 same => n(out),NoOp()
                """
            ).end
        }
        #expect(try depth(DialplanLimits.maxGosubDepth) == .fellThrough)
        #expect(try depth(DialplanLimits.maxGosubDepth + 1) == .failed("Gosub nests deeper than \(DialplanLimits.maxGosubDepth)"))
        func loops(_ count: Int) throws -> [String] {
            let open = (0..<count).map { "exten => s,\($0 + 1),While(1)" }
            return try runMain("[main]\n" + open.joined(separator: "\n") + "\nexten => s,n,In()").applications
        }
        #expect(try loops(DialplanLimits.maxWhileDepth) == ["In()"])
        #expect(try loops(DialplanLimits.maxWhileDepth + 1) == [])
        func nested(_ count: Int) throws -> [String] {
            let text = String(repeating: "ExecIf(1?", count: count) + "In()" + String(repeating: ")", count: count)
            return try runMain("[main]\nexten => s,1,\(text)").applications
        }
        #expect(try nested(DialplanLimits.maxExecDepth) == ["In()"])
        #expect(try nested(DialplanLimits.maxExecDepth + 1) == [])
        let locals = try runMain(
            """
            [main]
            exten => s,1,Gosub(r,1)
            exten => r,1,Set(n=0)
             same => n,While($[${n} < \(DialplanLimits.maxLocals)])
             same => n,Set(n=$[${n} + 1])
             same => n,Set(LOCAL(v${n})=1)
             same => n,EndWhile()
            """)
        // ARGC is the first local.
        #expect(locals.host.logged.count == 1)
    }

    @Test("A loop without applications ends with an error, one with applications does not")
    func guardsAgainstLoops() throws {
        let endless = try runMain("[main]\nexten => s,1,Goto(1)")
        guard case .failed(let reason) = endless.end else { Issue.record("\(endless.end)"); return }
        #expect(reason.contains("endless loop"))
        #expect(endless.host.announced.count == DialplanLimits.maxInternalSteps)
        var count = 0
        let busy = try runMain("[main]\nexten => s,1,Wait(0)\nsame => n,Goto(1)") { _ in
            count += 1
            return count < 500 ? .proceed : .hangUp
        }
        #expect(busy.end == .hungUp)
    }

    @Test("Arguments beyond the limit stay in the last")
    func boundsArguments() {
        let limit = DialplanLimits.maxArguments
        #expect(ExpandedText(String(repeating: ",", count: limit - 1)).splitArguments().count == limit)
        let more = ExpandedText(String(repeating: ",", count: limit)).splitArguments()
        #expect(more.count == limit && more.last == ",")
    }
}
