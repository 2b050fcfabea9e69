import FuzzTarget
import RTP
import SecureMedia

/// Reads each input as one STUN message and as text of a session description, and lets an ICE agent live through a series of datagrams.
@main
enum STUNChecks: FuzzTarget {
    static func test(_ input: UnsafeRawBufferPointer) {
        read(Array(input))
        _ = STUN.mayConcern(input, user: 0x6162_6364_6566_6768, userBytes: 8, tag: 7)
        let text = String(decoding: input.prefix(512), as: UTF8.self)
        if let candidate = ICECandidate(attribute: text) {
            precondition(ICECandidate(attribute: candidate.attribute)?.address == candidate.address)
        }
        if let fingerprint = DTLSFingerprint(attribute: text) {
            precondition(DTLSFingerprint(attribute: fingerprint.description) == fingerprint)
        }
        live(input)
    }

    private static func read(_ bytes: [UInt8]) {
        guard let received = try? ReceivedSTUN(parsing: bytes) else { return }
        _ = received.isSigned(with: [1, 2, 3])
        let again = try? ReceivedSTUN(parsing: received.message.encoded(password: [1, 2, 3]))
        precondition(again?.isSigned(with: [1, 2, 3]) == true, "what is written can be read")
    }

    private static func live(_ input: UnsafeRawBufferPointer) {
        var reader = InputReader(input)
        var seed = UInt64(reader.number())
        let numbers = Numbers(seed)
        var agent = ICEAgent(isControlling: reader.byte() & 1 == 0) { numbers.next() }
        var nowMs: Int64 = 0
        while !reader.isAtEnd {
            let action = reader.byte()
            nowMs += Int64(reader.byte()) * 40
            seed &+= 1
            let source = NetworkAddress(high: UInt64(action % 8) + 1, low: 0, port: UInt16(action) + 1, isIPv6: false)
            switch action % 8 {
            case 0: agent.restart(at: nowMs)
            case 1: describe(&agent, source, nowMs)
            case 2: _ = agent.advance(to: nowMs)
            case 3, 4: _ = agent.receive(request(agent, &reader), from: source, at: nowMs)
            default: _ = agent.receive(reader.piece(Int(reader.byte())), from: source, at: nowMs)
            }
            precondition(agent.validated.count <= ICEAgent.maxChecks + 1)
            if let deadline = agent.nextDeadlineMs, deadline <= nowMs { _ = agent.advance(to: nowMs) }
        }
    }

    private static func describe(_ agent: inout ICEAgent, _ source: NetworkAddress, _ nowMs: Int64) {
        guard let credentials = ICECredentials(user: "user\(source.port)", password: String(repeating: "p", count: 22)) else { return }
        _ = agent.setRemote(credentials, [ICECandidate(.host, source, priority: 1, foundation: "1")], at: nowMs)
    }

    /// A request that is rightly signed, with attributes of the input's choice.
    private static func request(_ agent: ICEAgent, _ reader: inout InputReader) -> [UInt8] {
        var attributes = STUNAttributes()
        attributes.username = "\(agent.local.user):far"
        attributes.priority = UInt32(reader.number())
        let flags = reader.byte()
        attributes.useCandidate = flags & 1 != 0
        if flags & 2 != 0 { attributes.controlling = UInt64(reader.number()) }
        if flags & 4 != 0 { attributes.controlled = UInt64(reader.number()) }
        let kind = STUNMessage.Class(rawValue: flags >> 4 & 3) ?? .request
        let id = STUNMessage.TransactionID(tag: flags & 8 != 0 ? agent.tag : 1, rest: UInt64(reader.byte()))
        return STUNMessage(kind, id: id, attributes: attributes).encoded(password: Array(agent.local.password.utf8))
    }
}

/// Numbers that follow from the input.
private final class Numbers: @unchecked Sendable {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state
    }
}
