import Dialplan
import Testing

@Suite("Whatever comes in, nothing traps")
struct PropertyTests {
    private static let fragments = [
        "[main]", "exten => ", "_X.", "s,1,", "same => n", "(lab)", ",NoOp(", "Set(X=", "Goto(", "Gosub(", "While(", "EndWhile()",
        "ExecIf(", "GotoIf(", "Return(", "${", "}", "$[", "]", "(", ")", ",", ":", "?", "=", "\n",
        "include => ", "hint", ";--", "--;", ";", "\\", "\"", "EXTEN", "X:1:-1", "LEN(", "CUT(", "MATH(", "STRFTIME(", "FILTER(", "IFTIME(",
        "9:00-17:00,mon-fri,*,*", "1", "-9", "99999999999999999999", "+", "=~", "::", "~~",
        "REGEX(\"", "a{2,3}", "[[:digit:]]", "*", "|", "&", " ", "#include a", "REPLACE(", "SHIFT(", "RAND(", "URIDECODE(%", "\u{0}", "ü",
        ".", "!", "[0-9", "-",
    ]

    private func text(_ dice: inout SplitMix, pieces: Int) -> String {
        (0..<Int.random(in: 0...pieces, using: &dice)).map { _ in Self.fragments.randomElement(using: &dice) ?? "" }.joined()
    }

    @Test("Random bytes and random pieces of the language are read or refused with a reason", arguments: 1...8)
    func parses(seed: UInt64) {
        var dice = SplitMix(seed: seed)
        for round in 0..<300 {
            let bytes = (0..<Int.random(in: 0...200, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
            let source = round % 2 == 0 ? text(&dice, pieces: 60) : String(decoding: bytes, as: UTF8.self)
            let result = DialplanParser(knownApplications: []) { _ in [DialplanSource(name: "a", text: "[main]")] }.parse(source)
            #expect((result.dialplan == nil) == !result.errors.isEmpty)
        }
    }

    @Test("Random expressions and substitutions give text", arguments: 1...8)
    func expands(seed: UInt64) {
        var dice = SplitMix(seed: seed)
        for _ in 0..<400 {
            let host = TestHost()
            host.variables["X"] = ExpandedText(text(&dice, pieces: 6), tainted: Bool.random(using: &dice))
            #expect(host.expand(text(&dice, pieces: 30)).count <= DialplanLimits.maxExpandedBytes)
            let expression = DialplanExpression.evaluate(ExpandedText(text(&dice, pieces: 20))) { _ in }
            #expect(expression.count <= DialplanLimits.maxExpandedBytes)
        }
    }

    @Test("Random extensions run to an end", arguments: 1...4)
    func runs(seed: UInt64) {
        var dice = SplitMix(seed: seed)
        var ran = 0
        for _ in 0..<40 {
            var source = "[main]\nexten => _.,1,NoOp()\n"
            for _ in 0..<Int.random(in: 1...8, using: &dice) {
                let application =
                    ["Set", "Goto", "Gosub", "GotoIf", "While", "EndWhile", "ExecIf", "Return", "Host", "ExitWhile"].randomElement(
                        using: &dice) ?? ""
                let inner = text(&dice, pieces: 5).replacing("\n", with: "")
                source += " same => n(l\(Int.random(in: 0...3, using: &dice))),\(application)(\(inner))\n"
            }
            guard let dialplan = DialplanParser().parse(source).dialplan else { continue }
            ran += 1
            let host = TestHost(dialplan)
            let interpreter = DialplanInterpreter(location: DialplanLocation(context: "main", dialed: text(&dice, pieces: 3) + "1"))
            var steps = 0
            while steps < 100, case .execute = interpreter.next(host: host) { steps += 1 }
            _ = interpreter.startHangup(host: host)
            #expect(host.announced.count > 0)
        }
        #expect(ran > 5)
    }

    @Test("A split text joined again is the text", arguments: 1...4)
    func splitsWithoutLoss(seed: UInt64) {
        var dice = SplitMix(seed: seed)
        for _ in 0..<500 {
            let whole = text(&dice, pieces: 12)
            let parts = ExpandedText(whole).split(at: UInt8(ascii: ","), max: 4)
            #expect(parts.map(\.string).joined(separator: ",") == whole)
            #expect(ExpandedText(whole, tainted: true).splitArguments().count == (whole.isEmpty ? 0 : 1))
        }
    }
}
