import Dialplan
import Testing

@Suite("Expressions")
struct ExpressionTests {
    private func value(_ text: String) -> (String, [String]) {
        var reports: [String] = []
        let result = DialplanExpression.evaluate(ExpandedText(text)) { reports.append($0) }
        return (result.string, reports)
    }

    @Test(
        "Operators give what is documented",
        arguments: [
            ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("10 - 2 - 3", "5"), ("7 / 2", "3.5"), ("8 / 2", "4"), ("7 % 4", "3"),
            ("2 * 3 % 4", "2"), ("-3 + 5", "2"), ("5 - -3", "8"), ("- - 3", "3"), ("0.1 + 0.2", "0.3"), ("1/3", "0.333333333333333"),
            ("1.50", "1.50"), ("007", "007"), ("1.5 * 2", "3"), ("1 - 2", "-1"), (".5 + 1", "1.5"),
            ("1 = 1", "1"), ("1 == 1.0", "1"), ("1 != 2", "1"), ("2 < 10", "1"), ("\"2\" < \"10\"", "0"), ("a < b", "1"),
            ("2 <= 2", "1"), ("3 >= 4", "0"), ("b > a", "1"), ("\"1.0\" = \"1\"", "0"), ("\"100\" = 100", "1"),
            ("010 = 10", "1"), ("\"010\" = 10", "0"), ("abc = abc", "1"), ("\"\" = \"\"", "1"),
            ("0 | 5", "5"), ("3 | 5", "3"), ("\"\" | x", "x"), ("3 & 5", "3"), ("3 & 0", "0"), ("a & \"\"", "0"), ("0 || 2", "2"),
            ("1 && 2", "1"), ("0 | 0 & 1", "0"), ("1 | 0 & 0", "1"), ("1 = 1 & 2 = 2", "1"), ("1 + 1 = 2", "1"),
            ("!0", "1"), ("!1", "0"), ("!\"\"", "1"), ("!abc", "0"), ("!!5", "1"), ("! 1 = 0", "1"),
            ("1 ? a :: b", "a"), ("0 ? a :: b", "b"), ("\"\" ? a :: b", "b"), ("1 = 2 ? x :: 2 = 2 ? y :: z", "y"),
            ("1 ? 0 ? a :: b :: c", "b"), ("a ~~ b", "ab"), ("\"a b\" ~~ 3", "a b3"),
            ("\"abc\" : \"ab\"", "2"), ("\"xab\" : \"ab\"", "0"), ("\"xab\" =~ \"ab\"", "2"), ("\"abc123\" : \"[a-z]*([0-9]+)\"", "123"),
            ("\"abc\" : \"([0-9]+)\"", ""), ("\"abc\" =~ \"[0-9]+\"", "0"), ("!\"abc\" =~ \"z\"", "1"),
            ("8 = \"5551234\" =~ \"x\" + 8", "1"),
            ("\"quoted\"", "quoted"), ("\"a \\\" b\"", "a \" b"), ("\"1+1\"", "1+1"), ("PJSIP.x_#@", "PJSIP.x_#@"),
            ("9223372036854775807 + 1", "9.22337203685478e+18"), ("9223372036854775807 * 2", "1.84467440737096e+19"),
            ("-9223372036854775808 / -1", "9.22337203685478e+18"),
            ("-9223372036854775808 % -1", "0"), ("9007199254740993 + 0", "9007199254740993"),
            ("1e5", "1e5"), ("+5", ""), ("5 % 2.5", "0"), ("-7 % 3", "-1"),
        ])
    func evaluates(text: String, expected: String) {
        #expect(value(text).0 == expected)
    }

    @Test(
        "Errors give nothing or 0 and are told",
        arguments: [
            ("= 1", "", "malformed"), ("1 +", "", "missing at the end"), ("(1", "", "not closed"), ("1)", "", "')'"),
            ("a b", "", "'b'"), ("\"open", "", "quote"), ("1 ? 2", "", "missing at the end"), ("1 ? 2 : 3", "", "missing"),
            ("1 / 0", "", "division by zero"), ("1 % 0", "", "division by zero"), ("a + 1", "0", "'a' is not a number"),
            ("-x", "0", "'x' is not a number"), ("\"a\" =~ \"(\"", "0", "parentheses"), ("a ::", "", "doubleColon"),
            ("1 : [", "0", "no ']'"),
        ])
    func tellsErrors(text: String, expected: String, reason: String) {
        let (result, reports) = value(text)
        #expect(result == expected)
        #expect(reports.contains { $0.contains(reason) }, "\(reports)")
    }

    @Test("A number beyond all range counts as 0")
    func overflows() {
        let huge = String(repeating: "9", count: 60)
        let product = Array(repeating: huge, count: 6).joined(separator: " * ")
        let (result, reports) = value(product)
        #expect(result == "0")
        #expect(reports.contains { $0.contains("too large") })
    }
}

@Suite("Regular expressions")
struct RegexTests {
    private func length(_ text: String, _ pattern: String) -> String {
        DialplanExpression.evaluate(ExpandedText("\"\(text)\" =~ \"\(pattern)\"")) { _ in }.string
    }

    @Test(
        "Extended regular expressions match leftmost and longest",
        arguments: [
            ("abc", "b", "1"), ("abc", "^b", "0"), ("abc", "c$", "1"), ("abc", "^abc$", "3"), ("aaa", "a*", "3"), ("baaa", "a+", "3"),
            ("abcd", "ab|abcd", "4"), ("abab", "(ab)+", "ab"), ("color", "colou?r", "5"), ("a.c", "a\\.c", "3"), ("abc", "a\\.c", "0"),
            ("x12y", "[0-9]{2}", "2"), ("x1y", "[0-9]{2}", "0"), ("12345", "[0-9]{2,3}", "3"), ("1234567", "^[0-9]{7,}$", "7"),
            ("abc", "[^a]+", "2"), ("a-b", "[a-]+", "2"), ("a]b", "[]]", "1"), ("Hello", "[[:upper:]][[:lower:]]+", "5"),
            ("a b", "\\s", "1"), ("a_1!", "\\w+", "3"), ("ab", "a()b", ""), ("", "", "0"), ("abc", "", "0"), ("aXb", "a.b", "3"),
            ("foo", "(foo|bar)", "foo"), ("abcabc", "(a|ab)(c|bcd)*", "ab"), ("abc", "x*", "0"), ("aaa", "(a*)*", "aaa"),
            ("b", "(a|b)*$", "b"),
            ("1234", "^(12)?34", "12"), ("1234", "^(12)?34$", "12"), ("34", "^(12)?34$", ""), ("^", "\\^", "1"),
        ])
    func matches(text: String, pattern: String, expected: String) {
        #expect(length(text, pattern) == expected)
    }

    @Test(
        "Malformed and oversized patterns are refused",
        arguments: [
            "(", ")", "[a", "*a", "a{", "a{2,1}", "a{999}", "a{x}", "+", "[[:nope:]]", "((a{255}){255}){255}", "((){255}){255}",
        ])
    func refuses(pattern: String) {
        var reports: [String] = []
        _ = DialplanExpression.evaluate(ExpandedText("\"aaa\" =~ \"\(pattern)\"")) { reports.append($0) }
        #expect(reports.count == 1)
    }

    @Test("Patterns that make backtracking matchers hang do not take longer than the text")
    func isBounded() {
        let text = String(repeating: "a", count: 3000)
        #expect(length(text + "b", "^(a|a)*(a|a)*(a|a)*c") == "")
        #expect(length(text, "(a?){20}a{20}$") == "a")
    }
}
