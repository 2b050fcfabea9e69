import CallCore
import Testing

@testable import ARIServer

@Suite("Parameter texts")
struct ParameterTests {
    @Test(
        "Lists are split at bare commas",
        arguments: [
            ("a,b", ["a", "b"]), ("", [""]), (",", ["", ""]), ("\"a,b\",c", ["a,b", "c"]), ("f(a,b),c", ["f(a,b)", "c"]),
            ("a\\,b", ["a,b"]),
            ("[a,b],c", ["[a,b]", "c"]), ("a b, c", ["a b", " c"]), (")a,b", [")a", "b"]), ("\"a,b", ["a,b"]), ("a\\", ["a"]),
        ])
    func lists(text: String, values: [String]) { #expect(splitList(text) == values) }

    @Test(
        "Numbers are read as far as they go",
        arguments: [
            ("12", 12), (" -5x", -5), ("+7", 7), ("", 0), ("x", 0), ("99999999999999999999", 2_147_483_647),
            ("-99999999999", -2_147_483_647), ("1.9", 1),
        ])
    func numbers(text: String, value: Int) { #expect(leadingInteger(text) == value) }

    @Test(
        "Base64 is decoded with and without padding",
        arguments: [
            ("", ""), ("Zg==", "f"), ("Zg", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy", "foobar"),
        ])
    func base64(text: String, value: String) { #expect(Base64.decode(text[...]) == Array(value.utf8)) }

    @Test("Base64 with other characters is refused", arguments: ["#", "Zg==Z", "Z g", "Zg-_"])
    func badBase64(text: String) { #expect(Base64.decode(text[...]) == nil) }

    @Test(
        "Secrets are compared whole",
        arguments: [
            ("abc", "abc", true), ("abc", "abd", false), ("abc", "abcabc", false), ("abc", "", false), ("abc", "ab", false),
            ("", "x", false),
        ])
    func secrets(secret: String, given: String, isEqual: Bool) { #expect(equalsInConstantTime(secret, given) == isEqual) }

    @Test("Credentials are limited to 255 bytes", arguments: [(254, true), (255, true), (256, false)])
    func longCredentials(size: Int, isTaken: Bool) {
        let text = "u:" + String(repeating: "x", count: size - 2)
        let base64 = [UInt8](text.utf8).base64
        #expect((Credentials.of(authorization: "Basic \(base64)", apiKey: nil) != nil) == isTaken)
    }

    @Test("Handlers with misspelt names are found")
    @CallActor func unknownHandlers() {
        var handlers = ARIHandlers()
        handlers.on("channels.answer") { _ in .noContent }
        handlers.on("channels.answr") { _ in .noContent }
        #expect(handlers.unknownIDs == ["channels.answr"])
        #expect(handlers.missingIDs.count == 107)
    }
}

extension [UInt8] {
    /// A plain encoder for the tests.
    fileprivate var base64: String {
        let alphabet: [Character] = Swift.Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bits = flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } }
        return stride(from: 0, to: bits.count, by: 6).reduce(into: "") { text, start in
            var group = 0
            for offset in 0..<6 { group = group << 1 | (start + offset < bits.count ? Int(bits[start + offset]) : 0) }
            text.append(alphabet[group])
        }
    }
}
