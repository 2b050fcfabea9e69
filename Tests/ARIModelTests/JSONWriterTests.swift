import ARIModel
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(
        "Strings are escaped only where JSON asks for it",
        arguments: [
            ("plain", #""plain""#), ("", #""""#), ("a\"b\\c", #""a\"b\\c""#), ("/slash", #""/slash""#),
            ("\n\r\t\u{08}\u{0C}", #""\n\r\t\b\f""#), ("\u{0}\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""), ("ünï😀", #""ünï😀""#),
        ])
    func strings(input: String, expected: String) {
        #expect(text { $0.value(input) } == expected)
    }

    @Test("Invalid UTF-8 becomes the replacement character")
    func invalidUTF8() {
        #expect(text { $0.value(utf8: [0x61, 0xFF, 0x62]) } == "\"a\u{FFFD}b\"")
    }

    @Test(
        "Integers are written in full",
        arguments: [
            (0, "0"), (7, "7"), (10, "10"), (-1, "-1"), (1_234_567, "1234567"), (Int.max, "9223372036854775807"),
            (Int.min, "-9223372036854775808"),
        ])
    func integers(number: Int, expected: String) {
        #expect(text { $0.value(number) } == expected)
    }

    @Test(
        "Doubles keep a fraction, and what JSON lacks is null",
        arguments: [
            (1.0, "1.0"), (0.1, "0.1"), (-2.5, "-2.5"), (Double.nan, "null"), (Double.infinity, "null"),
        ])
    func doubles(number: Double, expected: String) {
        #expect(text { $0.value(number) } == expected)
    }

    @Test("Commas stand between members and elements and nowhere else")
    func separators() {
        let json = text { writer in
            writer.beginObject()
            writer.member("a", 1)
            writer.member("b", [String]())
            writer.key("c")
            writer.beginArray()
            writer.null()
            writer.value(true)
            writer.beginObject()
            writer.endObject()
            writer.value("")
            writer.endArray()
            writer.member("d", ifPresent: String?.none)
            writer.member("e", raw: Array("{}".utf8))
            writer.key("f\"")
            writer.value(false)
            writer.member("g", [NamedValue("x", "1"), NamedValue("y", "2")])
            writer.endObject()
        }
        #expect(json == #"{"a":1,"b":[],"c":[null,true,{},""],"e":{},"f\"":false,"g":{"x":"1","y":"2"}}"#)
    }
}

@Suite("JSON indenter")
struct JSONIndenterTests {
    @Test(
        "Levels are indented by two blanks and empty containers stay closed",
        arguments: [
            ("{}", "{}"), ("[[],{}]", "[\n  [],\n  {}\n]"), (#"{"a":1,"b":"{\",\\"}"#, "{\n  \"a\": 1,\n  \"b\": \"{\\\",\\\\\"\n}"),
            ("", ""),
        ])
    func indent(compact: String, expected: String) {
        #expect(String(decoding: JSONIndenter.indent(Array(compact.utf8)), as: UTF8.self) == expected)
    }
}
