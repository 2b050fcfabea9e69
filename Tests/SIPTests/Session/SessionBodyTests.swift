import Testing

@testable import SIP

@Suite("Bodies of a session")
struct SessionBodyTests {
    private func body(_ type: String?, _ text: String, _ more: [(name: String, value: String)] = []) -> SessionBody {
        SessionBody(headers: SIPHeaders((type.map { [("Content-Type", $0)] } ?? []) + more), body: Array(text.utf8))
    }

    private let multipart = """
        preamble\r\n--x1\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x1\r\ncontent-type: Application/SDP\r
        Content-Disposition: session\r\n\r\nv=0\r\no=-\r\n\r\n--x1--\r\n
        """

    @Test("A description is found alone or among other parts")
    func found() {
        #expect(body("application/sdp", "v=0") == .description(Array("v=0".utf8)))
        #expect(body("Application/SDP ;charset=utf-8", "v=0") == .description(Array("v=0".utf8)))
        #expect(body(nil, "v=0") == .description(Array("v=0".utf8)))
        #expect(body("multipart/mixed;boundary=x1", multipart) == .description(Array("v=0\r\no=-\r\n".utf8)))
        #expect(body("multipart/mixed; boundary=\"x1\"", multipart).description != nil)
    }

    @Test(
        "Other bodies are none or unsupported",
        arguments: [
            ("multipart/mixed;boundary=zz", SessionBody.none), ("multipart/mixed", .unsupported), ("text/plain", .unsupported),
        ])
    func notFound(type: String, expected: SessionBody) {
        #expect(body(type, multipart) == expected)
    }

    @Test("An optional body of another type is ignored, a compressed one is not")
    func dispositions() {
        #expect(body("text/plain", "x", [("Content-Disposition", "render; handling=optional")]) == .none)
        #expect(body("application/sdp", "x", [("Content-Encoding", "gzip")]) == .unsupported)
        #expect(body("application/sdp", "") == .none)
    }

    @Test("Cut off anywhere, a multipart body does no harm")
    func truncated() {
        let bytes = Array(multipart.utf8)
        for count in bytes.indices {
            let part = SessionBody(
                headers: SIPHeaders([("Content-Type", "multipart/mixed;boundary=x1")]), body: Array(bytes[..<count]))
            #expect(part != .unsupported)
        }
    }
}
