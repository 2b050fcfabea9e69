import SDP
import Testing

struct SessionDescriptionTests {
    static let phone = """
        v=0\r
        o=alice 2890844526 2890844527 IN IP4 198.51.100.7\r
        s=Call\r
        i=A call\r
        c=IN IP4 198.51.100.7\r
        b=AS:84\r
        t=0 0\r
        a=sendrecv\r
        m=audio 49170 RTP/AVP 9 0 8 111 101\r
        a=rtpmap:111 opus/48000/2\r
        a=fmtp:111 minptime=10;useinbandfec=1\r
        a=rtpmap:101 telephone-event/8000\r
        a=fmtp:101 0-16\r
        a=ptime:30\r
        a=maxptime:60\r
        a=rtcp:49999 IN IP4 198.51.100.8\r
        a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\r
        a=candidate:1 1 UDP 1 198.51.100.7 49170 typ host\r
        a=candidate:2 1 UDP 2 203.0.113.1 49170 typ srflx\r
        m=video 51372 RTP/AVPF 96\r
        c=IN IP6 2001:db8::7\r
        a=rtpmap:96 VP8/90000\r
        a=recvonly\r
        a=rtcp-mux\r

        """

    @Test("All parts of a description are read")
    func parts() throws {
        let sdp = try SessionDescription(parsing: Self.phone)
        #expect(sdp.origin == SDPOrigin(username: "alice", sessionID: 2_890_844_526, version: 2_890_844_527, address: "198.51.100.7"))
        #expect(sdp.sessionName == "Call" && sdp.timing == "0 0")
        #expect(sdp.otherLines == [SDPLine("i", "A call"), SDPLine("b", "AS:84")])
        #expect(sdp.media.count == 2)
        let audio = sdp.media[0], video = sdp.media[1]
        #expect(audio.port == 49_170 && audio.transport == "RTP/AVP" && audio.payloadTypes == [9, 0, 8, 111, 101])
        #expect(audio.rtpMaps.map(\.text) == ["9 G722/8000", "0 PCMU/8000", "8 PCMA/8000", "111 opus/48000/2", "101 telephone-event/8000"])
        #expect(audio.formatParameters(111) == "minptime=10;useinbandfec=1" && audio.formatParameters(9) == nil)
        #expect(audio.telephoneEvents.map(\.payloadType) == [101])
        #expect(audio.ptimeMs == 30 && audio.maxptimeMs == 60)
        #expect(audio.rtcp?.port == 49_999 && audio.rtcp?.connection?.address == "198.51.100.8")
        #expect(audio.attribute("crypto") == "1 AES_CM_128_HMAC_SHA1_80 inline:abc")
        #expect(audio.attributeValues("candidate").count == 2)
        #expect(!audio.rtcpMux && video.rtcpMux)
        #expect(sdp.connection(of: audio)?.address == "198.51.100.7")
        #expect(sdp.connection(of: video) == SDPConnection(type: .ip6, address: "2001:db8::7"))
        #expect(sdp.direction(of: audio) == .sendrecv && sdp.direction(of: video) == .recvonly)
    }

    @Test("Encoding gives the same text back, with CRLF")
    func sameText() throws {
        #expect(try SessionDescription(parsing: Self.phone).text == Self.phone)
    }

    @Test(
        "Line ends, blank lines and unknown lines are no trouble",
        arguments: [
            "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\nm=audio 4000 RTP/AVP 0",
            "o=- 1 1 IN IP4 192.0.2.1\r\nt=0 0\r\nv=0\r\nc=IN IP4 192.0.2.1\r\ns=-\r\nm=audio 4000 RTP/AVP 0\r\n",
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0\r\n\r\n \r\n",
            "v=0\no=-  1  1 IN IP4  192.0.2.1\ns=\nc=IN IP4 192.0.2.1\nm=audio\t4000  RTP/AVP 0 \0\n\0",
        ])
    func tolerance(text: String) throws {
        let expected = SessionDescription(
            origin: SDPOrigin(sessionID: 1, version: 1, address: "192.0.2.1"), connection: SDPConnection(address: "192.0.2.1"),
            media: [MediaDescription(media: "audio", port: 4000, formats: ["0"])])
        #expect(try SessionDescription(parsing: text) == expected)
    }

    @Test("Lines of unknown kind and further c= and t= lines are kept")
    func unknownLines() throws {
        let text = "v=0\no=- 1 1 IN IP4 a\ns=-\nX=y\nt=0 0\nt=5 9\nm=audio 1 RTP/AVP 0\nc=IN IP4 b\nc=IN IP4 c\nq=1\nk=clear:x\n"
        let sdp = try SessionDescription(parsing: text)
        #expect(sdp.otherLines == [SDPLine("t", "5 9"), SDPLine("X", "y")])
        #expect(sdp.media[0].connection?.address == "b")
        #expect(sdp.media[0].otherLines == [SDPLine("c", "IN IP4 c"), SDPLine("k", "clear:x"), SDPLine("q", "1")])
    }

    @Test("Origins with numbers beyond 64 bits are read by their last digits")
    func hugeOrigin() throws {
        let sdp = try SessionDescription(parsing: "v=0\no=- 123456789012345678901234 18446744073709551615 IN IP4 a\ns=-\n")
        #expect(sdp.origin.sessionID == 789_012_345_678_901_234)
        #expect(sdp.origin.version == UInt64.max)
    }

    @Test(
        "What is wrong is told with its line",
        arguments: [
            ("", SDPError.missingVersion), ("v=0\r\ns=-\r\n", .missingOrigin), ("o=- 1 1 IN IP4 a\n", .missingVersion),
            ("v=1\n", .badVersion(line: 1)), ("v=0\nhello\n", .badLine(line: 2)), ("v=0\n=x\n", .badLine(line: 2)),
            ("v=0\no\n", .badLine(line: 2)),
            ("v=0\n1=x\n", .badLine(line: 2)), ("v=0\no=- 1 IN IP4 a\n", .badOrigin(line: 2)),
            ("v=0\no=- x 1 IN IP4 a\n", .badOrigin(line: 2)),
            ("v=0\no=- -1 1 IN IP4 a\n", .badOrigin(line: 2)), ("v=0\no=- 1 1 IN IP5 a\n", .badOrigin(line: 2)),
            ("v=0\n\nc=IN IP4\n", .badConnection(line: 3)),
            ("v=0\nc=IN IP4 /3\n", .badConnection(line: 2)), ("v=0\nm=audio 5 RTP/AVP\n", .badMedia(line: 2)),
            ("v=0\nm=audio 65536 RTP/AVP 0\n", .badMedia(line: 2)), ("v=0\nm=audio -1 RTP/AVP 0\n", .badMedia(line: 2)),
            ("v=0\nm=audio x RTP/AVP 0\n", .badMedia(line: 2)), ("v=0\nm=audio 5/x RTP/AVP 0\n", .badMedia(line: 2)),
            ("v=0\nm=audio 5/2/2 RTP/AVP 0\n", .badMedia(line: 2)),
        ])
    func errors(text: String, error: SDPError) {
        #expect(throws: error) { try SessionDescription(parsing: text) }
    }

    private static let head = "v=0\no=- 1 1 IN IP4 a\ns=-\nt=0 0\n"

    @Test(
        "Each limit holds at its value and not one past it",
        arguments: [
            (SDPLimits.mediaSections, "m=audio 0 RTP/AVP 0\n", SDPError.tooManyMediaSections(line: 5 + SDPLimits.mediaSections)),
            (SDPLimits.attributes, "a=x\n", .tooManyAttributes(line: 5 + SDPLimits.attributes)),
            (SDPLimits.lines - 4, "\n", .tooManyLines),
        ])
    func lineLimits(most: Int, line: String, error: SDPError) throws {
        let largest = Self.head + String(repeating: line, count: most)
        _ = try SessionDescription(parsing: largest)
        #expect(throws: error) { try SessionDescription(parsing: largest + line) }
    }

    @Test("Lines, formats and the whole have their limits")
    func sizeLimits() throws {
        let longest = Self.head + "a=" + String(repeating: "x", count: SDPLimits.lineBytes - 2)
        #expect(try SessionDescription(parsing: longest).attributes.count == 1)
        #expect(throws: SDPError.lineTooLong(line: 5)) { try SessionDescription(parsing: longest + "x") }
        let formats = Self.head + "m=audio 1 RTP/AVP" + String(repeating: " 0", count: SDPLimits.formats)
        #expect(try SessionDescription(parsing: formats).media[0].formats.count == SDPLimits.formats)
        #expect(throws: SDPError.tooManyFormats(line: 5)) { try SessionDescription(parsing: formats + " 0") }
        var bytes = Array(Self.head.utf8)
        while bytes.count < SDPLimits.bytes {
            bytes += ("a=" + String(repeating: "y", count: 900) + "\n").utf8.prefix(SDPLimits.bytes - bytes.count)
        }
        if bytes[bytes.count - 2] == UInt8(ascii: "\n") { bytes[bytes.count - 2] = UInt8(ascii: "z") }
        #expect(bytes.count == SDPLimits.bytes)
        _ = try SessionDescription(parsing: bytes)
        #expect(throws: SDPError.tooLong(bytes: SDPLimits.bytes + 1)) { try SessionDescription(parsing: bytes + [10]) }
    }

    @Test("Values can't smuggle lines in")
    func injection() throws {
        var sdp = try SessionDescription(parsing: Self.phone)
        sdp.sessionName = "a\r\nm=audio 1 RTP/AVP 0"
        sdp.media[0].attributes.append(SDPAttribute("x", "y\nm=audio 2 RTP/AVP 0\0"))
        let again = try SessionDescription(parsing: sdp.encode())
        #expect(again.media.count == 2)
        #expect(again.sessionName == "am=audio 1 RTP/AVP 0")
    }

    @Test(
        "Malformed attributes are as if they were not there",
        arguments: [
            "rtpmap:", "rtpmap:x PCMU/8000", "rtpmap:200 PCMU/8000", "rtpmap:96", "rtpmap:96 PCMU", "rtpmap:96 PCMU/", "rtpmap:96 PCMU/0",
            "rtpmap:96 PCMU/99999999999", "rtpmap:96 a/1/2/3", "rtpmap:96 a/1/0", "fmtp:", "fmtp:96", "ptime:", "ptime:x", "ptime:0",
            "ptime:99999999",
            "rtcp:", "rtcp:0", "rtcp:70000", "sendrecv:x",
        ])
    func malformedAttributes(line: String) throws {
        let sdp = try SessionDescription(parsing: Self.head + "m=audio 5 RTP/AVP 96\na=\(line)\n")
        let audio = sdp.media[0]
        #expect(audio.rtpMaps.isEmpty)
        #expect(audio.formatParameters(96) == nil && audio.ptimeMs == nil && audio.rtcp == nil && audio.direction == nil)
    }

    @Test("Fractions of packet times and rtcp without address are read", arguments: [("ptime:20.5", 20), ("ptime: 30", 30)])
    func packetTimes(line: String, ptimeMs: Int) throws {
        let audio = try SessionDescription(parsing: Self.head + "m=audio 5 RTP/AVP 96\na=\(line)\na=rtcp:6001\n").media[0]
        #expect(audio.ptimeMs == ptimeMs)
        #expect(audio.rtcp?.port == 6001 && audio.rtcp?.connection == nil)
    }

    @Test(
        "Unspecified addresses are told from others",
        arguments: [
            ("IN IP4 0.0.0.0", true), ("IN IP6 ::", true), ("IN IP6 0:0:0:0:0:0:0:0", true), ("IN IP4 10.0.0.0", false),
            ("IN IP6 ::1", false),
        ])
    func unspecified(connection: String, isUnspecified: Bool) throws {
        let sdp = try SessionDescription(parsing: Self.head + "c=\(connection)\nm=audio 5 RTP/AVP 0\n")
        #expect(sdp.connection?.isUnspecified == isUnspecified)
        #expect(sdp.effectiveDirection(of: sdp.media[0]) == (isUnspecified ? .sendonly : .sendrecv))
    }

    @Test("Whatever parses is written and read back unchanged", arguments: 0..<20)
    func identity(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let source = Array(Self.phone.utf8)
        var parsed = 0
        for _ in 0..<100 {
            var bytes = source
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
                default: bytes.swapAt(at, Int.random(in: 0..<bytes.count, using: &random))
                }
            }
            guard let sdp = try? SessionDescription(parsing: bytes) else { continue }
            parsed += 1
            #expect(try SessionDescription(parsing: sdp.encode()) == sdp)
            for section in sdp.media { _ = (section.rtpMaps, section.ptimeMs, section.rtcp?.port, sdp.effectiveDirection(of: section)) }
        }
        #expect(parsed > 10)
    }

    @Test("Random bytes never trap", arguments: 0..<10)
    func randomBytes(seed: UInt64) {
        var random = SeededGenerator(seed)
        let alphabet = Array("voscbtamx=:/ \r\n019INP4.".utf8)
        var refused = 0
        for _ in 0..<2000 {
            let bytes = random.bytes(upTo: 200).map { $0 < 200 ? alphabet[Int($0) % alphabet.count] : $0 }
            if (try? SessionDescription(parsing: bytes)) == nil { refused += 1 }
        }
        #expect(refused > 1900)
    }

    @Test("Directions reverse and intersect", arguments: MediaDirection.allCases, MediaDirection.allCases)
    func directions(first: MediaDirection, second: MediaDirection) {
        #expect(first.reversed.reversed == first)
        #expect(first.reversed.sends == first.receives)
        let both = first.intersection(second)
        #expect(both.sends == (first.sends && second.sends) && both.receives == (first.receives && second.receives))
    }
}
