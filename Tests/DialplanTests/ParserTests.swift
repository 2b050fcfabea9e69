import Dialplan
import Testing

@Suite("Reading extensions.conf")
struct ParserTests {
    static let sample = """
        ; a comment
        [general]
        static = yes
        [globals]
        TRUNK=PJSIP/trunk
        OUT = ${TRUNK}/9
        [main]
        include => extra
        ignorepat => 9
        exten => 100,1,Answer()            ; trailing
         same => n(again),Playback(a\\;b)
        ;-- a block
        exten => 999,1,Nothing( ;-- nested --;
        --; same => n+2,Hangup
        exten => 100,hint,PJSIP/100&PJSIP/101
        exten = _2XX/5551,1,NoOp,old style, with comma
        exten => ${TRUNK:0:5},1,NoOp(from a global)
        [extra]
        exten => 300,1,NoOp(a(b)c)
        [main](+)
        exten => 101,1,Hangup(16)
        """

    private func lines(_ dialplan: Dialplan, _ context: String) -> [String] {
        dialplan.extensions(in: context).flatMap { exten, priorities in
            priorities.map { "\(exten),\($0.number)\($0.label.map { "(\($0))" } ?? ""),\($0.application)(\($0.argumentText))@\($0.line)" }
        }
    }

    @Test("All forms of lines are read")
    func readsAllForms() throws {
        let dialplan = try parsed(Self.sample)
        #expect(dialplan.contextNames == ["extra", "main"])
        #expect(dialplan.general == ["static": "yes"])
        #expect(dialplan.globals.map { "\($0.name)=\($0.value)" } == ["TRUNK=PJSIP/trunk", "OUT=PJSIP/trunk/9"])
        #expect(
            lines(dialplan, "main") == [
                "100,1,Answer()@10", "100,2(again),Playback(a;b)@11", "100,5,Hangup()@14",
                "_2XX/5551,1,NoOp(old style, with comma)@16", "PJSIP,1,NoOp(from a global)@17", "101,1,Hangup(16)@21",
            ])
        #expect(lines(dialplan, "extra") == ["300,1,NoOp(a(b)c)@19"])
        #expect(dialplan.hints.map { "\($0.context) \($0.exten) \($0.devices)" } == ["main 100 PJSIP/100&PJSIP/101"])
    }

    @Test("A dialplan generated as one extension line and same lines with an underscore literal is read")
    func readsGeneratedForm() throws {
        let dialplan = try parsed("[applications]\nexten => _10003258,1,Answer()\nsame => n,Stasis(hello-world)\nsame => n,Hangup()\n")
        #expect(
            lines(dialplan, "applications") == [
                "_10003258,1,Answer()@2", "_10003258,2,Stasis(hello-world)@3", "_10003258,3,Hangup()@4",
            ])
    }

    @Test(
        "A bad line is told with its line and reason, and there is no dialplan",
        arguments: [
            ("exten => 1,1,NoOp()", 1, "before any [section]"),
            ("[a", 1, "no ']'"),
            ("[]", 1, "no name"),
            ("[a](base)", 1, "not supported"),
            ("[a]\nnonsense", 2, "neither a section"),
            ("[a]\n= x", 2, "no name before '='"),
            ("[a]\nfoo => bar", 2, "'foo' is not known"),
            ("[a]\nsame => n,NoOp()", 2, "'same' has no 'exten'"),
            ("[a]\nexten => 1", 2, "no priority"),
            ("[a]\nexten => 1,1", 2, "no application"),
            ("[a]\nexten => ,1,NoOp()", 2, "no name"),
            ("[a]\nexten => _[12,1,NoOp()", 2, "no ']'"),
            ("[a]\nexten => _[]X,1,NoOp()", 2, "matches nothing"),
            ("[a]\nexten => _,1,NoOp()", 2, "empty"),
            ("[a]\nexten => 1,n,NoOp()", 2, "no priority before"),
            ("[a]\nexten => 1,x,NoOp()", 2, "'x' is no priority"),
            ("[a]\nexten => 1,0,NoOp()", 2, "not within"),
            ("[a]\nexten => 1,1000001,NoOp()", 2, "not within"),
            ("[a]\nexten => 1,99999999999999999999,NoOp()", 2, "not within"),
            ("[a]\nexten => 1,1(x,NoOp()", 2, "no priority"),
            ("[a]\nexten => 1,1,NoOp(", 2, "no closing parenthesis"),
            ("[a]\nexten => 1,1,No Op()", 2, "no application's name"),
            ("[a]\nexten => 1,1,(x)", 2, "no application"),
            ("[a]\nexten => 1,hint,", 2, "names no device"),
            ("[a]\nswitch => Realtime/x", 2, "not supported"),
            ("[a]\ninclude => b,25:00-1:00", 2, "not times"),
            ("[a]\ninclude => ", 2, "names no context"),
            ("[a]\nignorepat => ", 2, "no pattern"),
            ("#exec /bin/date", 1, "refused"),
            ("#frob x", 1, "not known"),
            ("#include missing.conf", 1, "cannot be read"),
            ("#include \"\"", 1, "names no file"),
            ("[a]\n;-- open\nexten => 1,1,NoOp()", 2, "no '--;'"),
        ] as [(String, Int, String)])
    func tellsBadLines(text: String, line: Int, reason: String) {
        let result = DialplanParser().parse(text)
        #expect(result.dialplan == nil)
        #expect(result.errors.count == 1)
        #expect(result.errors.first?.line == line)
        #expect(result.errors.first?.reason.contains(reason) == true, "\(result.diagnostics)")
    }

    @Test("All bad lines are told, not only the first")
    func tellsAllBadLines() {
        let result = DialplanParser().parse("[a]\nfoo\nexten => 1,1,NoOp()\nexten => 1\n")
        #expect(result.errors.map(\.line) == [2, 4])
        #expect(result.errors.first?.description.hasPrefix("extensions.conf:2: error: ") == true)
    }

    @Test(
        "What is doubtful is a warning and changes nothing",
        arguments: [
            ("exten => 1,1,Goto(nowhere,1,1)", "'nowhere' does not exist"),
            ("exten => 1,1,Gosub(nowhere,1,1(x,y))", "'nowhere' does not exist"),
            ("exten => 1,1,GotoIf($[1 ? 2 :: 3]?1:nowhere,1,1)", "'nowhere' does not exist"),
            ("exten => 1,1,GosubIf(1?nowhere,1,1(x:y):1)", "'nowhere' does not exist"),
            ("exten => 1,1,GotoIf(${X}?label)", "label 'label' does not exist"),
            ("exten => 1,1,Goto(label)", "label 'label' does not exist"),
            ("exten => 1,1,Frobnicate()", "Frobnicate is not known"),
            ("exten => 1,1,NoOp()\nexten => 1,3,NoOp()", "no priority 2 before 3"),
            ("exten => 1,2,NoOp()", "no priority 1 before 2"),
            ("exten => 1,1,NoOp()\nexten => 1,1,NoOp(again)", "has a priority 1 already"),
            ("exten => 1,1(a),NoOp()\nexten => 1,n(a),NoOp()", "label 'a' already"),
            ("exten => 1,1,NoOp() tail", "is ignored"),
            ("exten => 1,1,NoOp(${X)", "no '}'"),
            ("exten => _X.1,1,NoOp()", "never looked at"),
            ("include => nowhere", "'nowhere' does not exist"),
            ("include => a,9:00-17:00,*,*,*,Asia/Tokyo", "ignored"),
        ])
    func warns(text: String, reason: String) {
        let result = DialplanParser(knownApplications: ["Answer"]).parse("[a]\n" + text)
        #expect(result.dialplan != nil, "\(result.errors)")
        #expect(result.warnings.count == 1)
        #expect(result.warnings.first?.reason.contains(reason) == true, "\(result.warnings)")
    }

    @Test("A sound dialplan has no warnings, and applications get their registered spelling")
    func isSilentWhenSound() {
        let result = DialplanParser(knownApplications: ["Answer", "Dial"]).parse(
            "[a]\nexten => 1,1(x),answer()\nsame => n,dIAL(PJSIP/1)\nsame => n,GOTO(x)\nsame => n,Goto(${X},1,1)\nsame => n,Goto(a,1,1)\nsame => n,GotoIf(1?y)\nexten => _X,1(y),Answer()"
        )
        #expect(result.diagnostics.isEmpty)
        #expect(
            result.dialplan?.extensions(in: "a").first?.priorities.map(\.application) == [
                "Answer", "Dial", "Goto", "Goto", "Goto", "GotoIf",
            ])
    }

    @Test("Included files take their place, with their own names and lines")
    func includesFiles() throws {
        let parser = DialplanParser { name in
            switch name {
            case "sub.conf": [DialplanSource(name: "sub.conf", text: "exten => 2,1,NoOp()\n#tryinclude <missing>")]
            case "dir/*.conf": [DialplanSource(name: "b", text: "[b]"), DialplanSource(name: "c", text: "oops")]
            default: []
            }
        }
        let good = parser.parse("[a]\n#include \"sub.conf\"\nexten => 3,1,NoOp()")
        #expect(good.dialplan?.extensions(in: "a").map(\.exten) == ["2", "3"])
        #expect(good.dialplan?.extensions(in: "a").first?.priorities.first?.file == "sub.conf")
        let bad = parser.parse("#include dir/*.conf")
        #expect(bad.errors.map { "\($0.file):\($0.line)" } == ["c:1"])
    }

    @Test("Contexts of another dialplan replace those of the same name")
    func merges() throws {
        let base = try parsed("[globals]\nG=1\n[a]\nexten => 1,1,NoOp(old)\n[b]\nexten => 1,1,NoOp()")
        let merged = base.merging(try parsed("[a]\nexten => 2,1,NoOp(new)\n[c]\nexten => 1,1,NoOp()"))
        #expect(merged.contextNames == ["a", "b", "c"])
        #expect(merged.extensions(in: "a").map(\.exten) == ["2"])
        #expect(merged.globals.count == 1)
        #expect(merged.removing(context: "b").contextNames == ["a", "c"])
    }
}
