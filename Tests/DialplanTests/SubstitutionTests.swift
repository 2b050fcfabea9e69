import Dialplan
import Testing

@Suite("Substitution")
struct SubstitutionTests {
    private func host() -> TestHost {
        let host = TestHost()
        host.variables = [
            "A": "abcdef", "B": "A", "N": "3", "EMPTY": "", "LIST": "x,y,z", "CODE": "${A}$[1+1]", "A3": "third",
            "UTF": "zürich",
        ]
        host.functions["CALLERID(num)"] = ExpandedText("100", tainted: true)
        return host
    }

    @Test(
        "Variables, pieces of them, nesting, functions and expressions are put in",
        arguments: [
            ("plain $ text $1", "plain $ text $1"),
            ("${A}", "abcdef"), ("<${A}>", "<abcdef>"), ("${MISSING}", ""), ("${EMPTY}", ""),
            ("${A:1}", "bcdef"), ("${A:1:2}", "bc"), ("${A:-2}", "ef"), ("${A:-3:2}", "de"), ("${A:1:-1}", "bcde"),
            ("${A:0:-9}", ""), ("${A:9}", ""), ("${A:-9:2}", "ab"), ("${A::2}", "ab"), ("${A:${N}}", "def"),
            ("${A:2:}", "cdef"), ("${A:99999999999999999999:-99999999999999999999}", ""),
            ("${${B}}", "abcdef"), ("${A${N}}", "third"), ("${${B}:${N}:1}", "d"),
            ("$[1 + ${N}]", "4"), ("${A:$[1+1]:1}", "c"), ("x$[ ${LEN(${A})} * 2 ]y", "x12y"),
            ("${CALLERID(num)}", "100"), ("${CALLERID(num):1}", "00"), ("${TOUPPER(${A:0:2})}", "AB"),
            ("${CODE}", "${A}$[1+1]"), ("${LEN(${CODE})}", "10"), ("${COUNTARGS(${LIST})}", "3"),
            ("${EXTEN}/${CONTEXT}/${PRIORITY}", "s/test/1"), ("${EPOCH}", "1709039109"),
            ("${A", "abcdef"), ("$[1+1", "2"), ("${}", ""), ("$[]", ""), ("$[ ]", ""),
            ("${UNKNOWN(x)}", ""), ("{${A:0:1}}", "{a}"), ("$${A:0:1}", "$a"),
        ])
    func expands(text: String, expected: String) {
        #expect(host().expand(text).string == expected)
    }

    @Test(
        "What is wrong is told to the log",
        arguments: [
            ("${A", "no '}'"), ("$[1", "no ']'"), ("${UNKNOWN(x)}", "UNKNOWN is not known"), ("$[1 +]", "malformed"),
            ("${LEN(x}", "no closing parenthesis"),
        ])
    func logs(text: String, reason: String) {
        let host = host()
        _ = host.expand(text)
        #expect(host.logged.contains { $0.contains(reason) }, "\(host.logged)")
    }

    @Test(
        "Arguments are split at commas outside parentheses, brackets and quotes",
        arguments: [
            ("a,b,c", ["a", "b", "c"]), ("a,(b,c),d", ["a", "(b,c)", "d"]), ("a,\"b,c\",d", ["a", "b,c", "d"]),
            ("a\\,b,c", ["a,b", "c"]), ("a,[b,c]", ["a", "[b,c]"]), ("a,,", ["a", "", ""]), ("", []), ("a b", ["a b"]),
            ("one,two words", ["one", "two words"]), ("a),b", ["a)", "b"]), ("\\", ["\\"]), ("\"open,b", ["open,b"]),
        ] as [(String, [String])])
    func splits(text: String, expected: [String]) {
        #expect(ExpandedText(text).splitArguments().map(\.string) == expected)
    }

    @Test("The last argument allowed keeps the rest as it is")
    func keepsTheRest() {
        #expect(ExpandedText("a,b,\"c\",d").splitArguments(max: 3).map(\.string) == ["a", "b", "\"c\",d"])
        #expect(ExpandedText("a,b,c").split(at: UInt8(ascii: ","), max: 2).map(\.string) == ["a", "b,c"])
        #expect(ExpandedText("(a,b),\"c\",d").splitRaw(at: UInt8(ascii: ",")).map(\.string) == ["(a,b)", "\"c\"", "d"])
    }

    @Test("ARI's variable requests read and write by name")
    func readsByName() {
        let host = host()
        let interpreter = DialplanInterpreter(location: DialplanLocation(context: "test", exten: "s"))
        #expect(interpreter.read("A", host: host) == "abcdef")
        #expect(interpreter.read("NONE", host: host) == nil)
        #expect(interpreter.read("CALLERID(num)", host: host)?.string == "100")
        #expect(interpreter.read("TOUPPER(${A})", host: host) == "${A}")
        interpreter.assign("CALLERID(name)", "x", host: host)
        interpreter.assign("NEW", "y", host: host)
        #expect(host.functions["CALLERID(name)"] == "x")
        #expect(host.variables["NEW"] == "y")
    }
}
