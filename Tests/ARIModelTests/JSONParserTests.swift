import ARIModel
import Testing

@Suite("JSON parser")
struct JSONParserTests {
    @Test(
        "Valid texts give their values",
        arguments: [
            ("null", JSONValue.null), (" true ", true), ("[]", []), ("{}", .object(JSONObject())), ("-0", 0), ("12", 12),
            ("1.5", .double(1.5)), ("1e2", .double(100)), ("9223372036854775808", .double(9_223_372_036_854_775_808)),
            (#""a\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00""#, "a\"\\/\u{08}\u{0C}\n\r\tä😀"), ("\"ä\"", "ä"),
            (#"{"a":[1,{"b":null}],"a":2}"#, ["a": 2]), ("\t[1 , 2]\r\n", [1, 2]), (#""\u0000""#, "\u{0}"),
        ] as [(String, JSONValue)])
    func valid(text: String, expected: JSONValue) throws {
        #expect(try JSONParser.parse(text) == expected)
    }

    @Test(
        "Faults are told with their place",
        arguments: [
            ("", JSONError.Reason.unexpectedEnd, 0), ("[1,", .unexpectedEnd, 3), ("[1,]", .unexpectedByte, 3),
            ("{\"a\"}", .unexpectedByte, 4),
            ("{a:1}", .unexpectedByte, 1), ("tru", .unexpectedEnd, 3), ("01", .trailingBytes, 1), ("1 2", .trailingBytes, 2),
            ("-", .unexpectedEnd, 1),
            ("1.", .unexpectedEnd, 2), ("1.x", .invalidNumber, 2), ("1e999", .invalidNumber, 0), ("\"\\x\"", .invalidEscape, 1),
            ("\"\\ud800\"", .invalidEscape, 1), ("\"\\udc00\"", .invalidEscape, 1), ("\"\\ud800\\u0041\"", .invalidEscape, 1),
            ("\"a\nb\"", .controlCharacterInString, 2), ("\"abc", .unexpectedEnd, 4), ("nan", .unexpectedByte, 1),
            ("{\"a\":1,}", .unexpectedByte, 7), ("\"\\u12", .unexpectedEnd, 5), ("\"\\u12g4\"", .invalidEscape, 5),
        ])
    func invalid(text: String, reason: JSONError.Reason, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse(text) }
        #expect(error?.reason == reason)
        #expect(error?.offset == offset)
    }

    @Test("Invalid UTF-8 in a string is refused")
    func invalidUTF8() {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse([0x22, 0xC3, 0x22] as [UInt8]) }
        #expect(error?.reason == .invalidUTF8)
    }

    @Test("Nesting ends at the limit")
    func depth() throws {
        let limit = JSONParser.depthLimit
        let deepest = String(repeating: "[", count: limit) + String(repeating: "]", count: limit)
        #expect(throws: Never.self) { try JSONParser.parse(deepest) }
        let error = #expect(throws: JSONError.self) { try JSONParser.parse("[" + deepest + "]") }
        #expect(error == nil || error?.reason == .tooDeep)
        #expect(error?.offset == limit)
    }

    @Test("Size ends at the limit")
    func size() {
        #expect(throws: Never.self) { try JSONParser.parse("[1]", sizeLimit: 3) }
        #expect(throws: JSONError.self) { try JSONParser.parse("[1] ", sizeLimit: 3) }
    }

    @Test("Objects keep order and stay quick with many members")
    func manyMembers() throws {
        let names = (0..<2000).map { "m\($0)" }
        let text = "{" + (names + names).map { "\"\($0)\":\"\($0)\"" }.joined(separator: ",") + "}"
        let object = try #require(try JSONParser.parse(text).object)
        #expect(object.members.map(\.name) == names)
        #expect(object["m1999"] == "m1999")
        #expect(object["m2000"] == nil)
    }

    @Test("Parsing what was written gives the same value", arguments: 0..<200)
    func roundTrip(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let value = randomValue(depth: 4, &generator)
        #expect(try JSONParser.parse(value.encodedJSON()) == value)
    }

    @Test("Random bytes never do harm", arguments: 0..<200)
    func randomBytes(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed) &+ 77)
        let alphabet = Array("{}[]\",:\\u0d8tfnul-+.eE1 \n".utf8) + [0xFF, 0xC3, 0x00]
        for _ in 0..<200 {
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            if let value = try? JSONParser.parse(bytes) {
                #expect((try? JSONParser.parse(value.encodedJSON())) == value)
            }
        }
    }

    private func randomValue(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .int(Int.random(in: .min ... .max, using: &generator))
        case 3: return .double(Double.random(in: -1e9...1e9, using: &generator) + 0.5)
        case 4: return .string(randomString(&generator))
        case 5:
            return .array((0..<Int.random(in: 0..<4, using: &generator)).map { _ in randomValue(depth: depth - 1, &generator) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0..<20, using: &generator) {
                object[randomString(&generator)] = randomValue(depth: depth - 1, &generator)
            }
            return .object(object)
        }
    }

    private func randomString(_ generator: inout SeededGenerator) -> String {
        String(
            String.UnicodeScalarView(
                (0..<Int.random(in: 0..<8, using: &generator)).compactMap { _ in
                    Unicode.Scalar(UInt32.random(in: 0..<0x11_0000, using: &generator))
                }))
    }
}

/// A small linear generator: the same numbers for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let mixed = (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        return mixed ^ (mixed >> 29)
    }
}
