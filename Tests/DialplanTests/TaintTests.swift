import Dialplan
import Testing

@Suite("What the caller sends is data")
struct TaintTests {
    private func host(_ hostile: String) -> TestHost {
        let host = TestHost()
        host.variables["X"] = ExpandedText(hostile, tainted: true)
        host.variables["SAFE"] = "a,b"
        return host
    }

    static let hostile = [
        "1,2", "1&2", "a)b", "(((", "\"", "\\", "a\",\"b", "${SAFE}", "$[1+1]", "x,${SAFE}(", "a:b?c", "1 | 1", "\\,", "1=1",
        "[", "]],", "^b|c", "sip:a@b;c", "a/b@c",
    ]

    @Test("A hostile value neither adds nor takes arguments", arguments: hostile)
    func keepsArgumentCount(value: String) {
        let arguments = host(value).expand("PJSIP/${X},15,${X},last").splitArguments()
        #expect(arguments.map(\.string) == ["PJSIP/" + value, "15", value, "last"])
    }

    @Test("A hostile value neither adds targets nor cuts names", arguments: hostile)
    func keepsTargets(value: String) {
        let targets = host(value).expand("PJSIP/${X}&PJSIP/2").split(at: UInt8(ascii: "&"))
        #expect(targets.map(\.string) == ["PJSIP/" + value, "PJSIP/2"])
        #expect(targets[0].split(at: UInt8(ascii: "/")).map(\.string) == ["PJSIP", value])
    }

    @Test("A dialplan's own value does act as separators")
    func ownValuesSeparate() {
        #expect(host("").expand("${SAFE},c").splitArguments().map(\.string) == ["a", "b", "c"])
    }

    @Test(
        "Taint follows the text through pieces, functions and assignments",
        arguments: [
            "${X}", "${X:0:3}", "${TOUPPER(${X})}", "${IF(1?${X}:n)}", "${IF(0?n:${X})}", "${CUT(X,-,1)}", "${CUT(X,\\,,1-2)}",
            "${REPLACE(X,z,y)}", "${REPLACE(X,1,\\,)}", "${STRREPLACE(X,1,\\,)}", "${SET(Y=${X})}", "${QUOTE(${X})}",
            "${URIDECODE(${X})}", "${SHIFT(X,-)}", "$[\"${X}\"]", "$[1 ? ${X} :: 2]", "$[${X} | 5]", "${FILTER(1\\,2,${X})}",
            "${URIDECODE(${URIENCODE(${X})})}", "${MATH(${LEN(${X})}+${X:0:1},char)}", "$[${X} ~~ ${X}]",
            "$[${X} : \"(.*)\"]", "${STRFTIME(0,,${X})}",
        ])
    func followsText(text: String) {
        for value in ["1,2", "1,1,1", "1-2,3"] {
            let host = host(value)
            let parts = host.expand("a,\(text),b").splitArguments()
            #expect(parts.count == 3, "\(parts)")
        }
    }

    @Test(
        "In expressions a hostile value is one operand",
        arguments: [
            ("1 = 1", "$[${X} = 2]", "0"), ("0 | 1", "$[${X} = \"0 | 1\"]", "1"), ("\" = \"", "$[\"${X}\" = \"100\"]", "0"),
            ("1) | (1", "$[(${X}) = 5]", "0"), ("John Smith", "$[${X} = \"John Smith\"]", "1"), ("-5", "$[${X} + 1]", "-4"),
            ("100", "$[\"${X}\" = \"100\"]", "1"), ("100", "$[${X} = 100]", "1"), ("100", "$[${X} > 20]", "1"),
            (".*", "$[\"abc\" =~ \"^${X}$\"]", "0"), ("a.c", "$[\"a.c\" =~ \"^${X}$\"]", "3"),
            ("(a*)*", "$[\"${X}\" =~ \"a\"]", "1"),
        ])
    func isOneOperand(value: String, text: String, expected: String) {
        #expect(host(value).expand(text).string == expected)
    }

    @Test("A value cannot name functions, offsets or applications")
    func namesNothing() throws {
        let host = host("LEN(abc)")
        #expect(host.expand("${${X}}").string == "")
        host.variables["X"] = ExpandedText("A:1", tainted: true)
        host.variables["A"] = "abc"
        #expect(host.expand("${${X}}").string == "")
        let run = try runMain("[main]\nexten => _.,1,ExecIf(1?${EXTEN}:NoOp())\nsame => n,Set(${EXTEN}=1)", exten: "System(rm)")
        #expect(run.applications.isEmpty)
        #expect(run.host.functions.isEmpty)
        #expect(run.host.variables["System(rm)"] == "1")
    }

    @Test("A dialled number with commas stays one extension in Goto and Gosub")
    func staysOneExtension() throws {
        let run = try runMain(
            "[main]\nexten => _.,1,Goto(sub,${EXTEN},1)\n[sub]\nexten => _.,1,NoOp(${EXTEN})\n[evil]\nexten => 1,1,Evil()",
            exten: "evil,1,1")
        #expect(run.applications.isEmpty)
        #expect(run.host.announced == ["1 Goto(sub,evil,1,1,1)", "1 NoOp(evil,1,1)"])
    }

    @Test("Seeded hostile values never change the number of arguments, targets or applications")
    func seededValues() throws {
        var dice = SplitMix(seed: 42)
        let alphabet = Array(",&()|^:/@\"\\${}[]?=~!<>+-*%;#'` \t\nabc019XZN_.".utf8)
        let dialplan = try parsed(
            """
            [main]
            exten => _.,1,Set(COPY=${EXTEN})
             same => n,Set(PIECE=${COPY:1:5}${EXTEN:-3})
             same => n,ExecIf($["${PIECE}" != "${EXTEN}x"]?First(${COPY},${TOLOWER(${PIECE})},x):Second())
             same => n,GotoIf($[${LEN(${EXTEN})} > 0 & "${EXTEN}" = "${COPY}"]?on:off)
             same => n(off),Wrong()
             same => n(on),Gosub(sub,s,1(${EXTEN},"${PIECE}",${QUOTE(${COPY})}))
            [sub]
            exten => s,1,Third(${ARGC},${ARG1},${ARG2}&y)
             same => n,Return(${ARG1})
            """)
        for _ in 0..<2000 {
            let length = Int.random(in: 1...12, using: &dice)
            let text = (0..<length).map { _ in alphabet.randomElement(using: &dice) ?? 0 }
            let host = TestHost(dialplan)
            let interpreter = DialplanInterpreter(
                location: DialplanLocation(context: "main", exten: ExpandedText(bytes: text, tainted: true)))
            var seen: [(String, Int, Int)] = []
            while case .execute(let step) = interpreter.next(host: host) {
                seen.append((step.application, step.arguments.count, step.data.split(at: UInt8(ascii: "&")).count))
            }
            #expect(seen.map(\.0) == ["First", "Third"], "\(text)")
            #expect(seen.map(\.1) == [3, 3] && seen.map(\.2) == [1, 2], "\(text)")
            #expect(host.variables["GOSUB_RETVAL"]?.bytes == text)
        }
    }
}
