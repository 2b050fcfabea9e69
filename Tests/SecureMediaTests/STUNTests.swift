import RTP
import Testing

@testable import SecureMedia

@Suite("STUN messages")
struct STUNTests {
    private static let request = hex(
        """
        00010058 2112a442 b7e7a701bc34d686fa87dfae
        80220010 5354554e207465737420636c69656e74
        00240004 6e0001ff
        80290008 932ff9b151263b36
        00060009 6576746a3a68367659202020
        00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2
        80280004 e57a3bcf
        """)
    private static let response = hex(
        """
        0101003c 2112a442 b7e7a701bc34d686fa87dfae
        8022000b 7465737420766563746f7220
        00200008 0001a147e112a643
        00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7
        80280004 c07d4c96
        """)
    private static let password = Array("VOkJxbRl1RmTxUk/WvJxBt".utf8)

    @Test("The request of RFC 5769 section 2.1 is read, and its proof is right for its password only")
    func sampleRequest() throws {
        let received = try ReceivedSTUN(parsing: Self.request)
        #expect(received.message.messageClass == .request && received.message.method == STUNMessage.binding)
        let attributes = received.message.attributes
        #expect(attributes.username == "evtj:h6vY" && attributes.priority == 0x6e00_01ff && attributes.controlled == 0x932f_f9b1_5126_3b36)
        #expect(attributes.software == "STUN test client" && attributes.unknown.isEmpty)
        #expect(received.isSigned(with: Self.password) && !received.isSigned(with: Array("VOkJxbRl1RmTxUk/WvJxBu".utf8)))
    }

    @Test("The answer of RFC 5769 section 2.2 is read")
    func sampleResponse() throws {
        let received = try ReceivedSTUN(parsing: Self.response)
        #expect(received.message.messageClass == .success && received.isSigned(with: Self.password))
        #expect(received.message.attributes.mappedAddress == NetworkAddress(host: "192.0.2.1", port: 32_853))
    }

    @Test("What is written is read again", arguments: ["192.0.2.77", "2001:db8::5"])
    func roundTrip(host: String) throws {
        var attributes = STUNAttributes()
        (attributes.username, attributes.priority, attributes.useCandidate) = ("abcd:efgh", 77, true)
        (attributes.controlling, attributes.mappedAddress) = (.max, NetworkAddress(host: host, port: 4_711))
        let message = STUNMessage(.success, id: .init(tag: 0xfeed_beef, rest: 0x0123_4567_89ab_cdef), attributes: attributes)
        let received = try ReceivedSTUN(parsing: message.encoded(password: Self.password))
        #expect(received.message == message && received.isSigned(with: Self.password))
        for messageClass in [STUNMessage.Class.request, .indication, .success, .failure] {
            let plain = STUNMessage(messageClass, method: 0xabc, id: message.id)
            let read = try ReceivedSTUN(parsing: plain.encoded())
            #expect(read.message == plain && !read.isSigned && !read.isSigned(with: Self.password))
        }
    }

    @Test("A changed or cut message is refused, or is not signed any more; what it says can't change")
    func changed() throws {
        let whole = try ReceivedSTUN(parsing: Self.request).message
        for bit in 0..<Self.request.count * 8 {
            var bytes = Self.request
            bytes[bit / 8] ^= 1 << (bit % 8)
            if let received = try? ReceivedSTUN(parsing: bytes), received.isSigned(with: Self.password), received.message != whole {
                Issue.record("bit \(bit) may change")
            }
        }
        for count in 0..<Self.request.count {
            if let received = try? ReceivedSTUN(parsing: Array(Self.request[..<count])), received.isSigned(with: Self.password) {
                Issue.record("\(count) bytes are enough")
            }
        }
        #expect(throws: STUNError.tooLong) { try ReceivedSTUN(parsing: [UInt8](repeating: 0, count: STUN.maximumBytes + 4)) }
    }

    @Test("Random bytes and random changes never stop the reader")
    func random() {
        var random = SplitMix64(state: 9)
        for _ in 0..<20_000 {
            var bytes = Bool.random(using: &random) ? Self.request : Self.response
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &random)) }
            _ = try? ReceivedSTUN(parsing: bytes)
            bytes.withUnsafeBytes { _ = STUN.mayConcern($0, user: 1, userBytes: 4, tag: 2) }
        }
    }

    @Test("Whom a message concerns is seen from its user, or from the tag of the request that it answers")
    func concerns() throws {
        let credentials = try #require(ICECredentials(user: "evtj", password: "VOkJxbRl1RmTxUk/WvJxBt"))
        let (word, count) = credentials.userWord
        func concerns(_ bytes: [UInt8], _ word: UInt64, _ tag: UInt32) -> Bool {
            bytes.withUnsafeBytes { STUN.mayConcern($0, user: word, userBytes: count, tag: tag) }
        }
        #expect(concerns(Self.request, word, 0) && !concerns(Self.request, word ^ 1, 0))
        #expect(concerns(Self.response, 0, 0xb7e7_a701) && !concerns(Self.response, word, 1))
    }
}
