import FuzzTarget
import SecureMedia

/// Lets sessions take the input as datagrams, and lets two sessions find each other while the input drops, repeats and changes what they say.
@main
enum DTLSRecords: FuzzTarget {
    // One identity for all: making keys is not what is tried here.
    private static let identity = try? DTLSIdentity()

    static func test(_ input: UnsafeRawBufferPointer) {
        guard let identity else { preconditionFailure("OpenSSL makes no identity") }
        var reader = InputReader(input)
        let choice = reader.byte()
        if choice & 1 == 0 { alone(identity, choice & 2 == 0 ? .active : .passive, &reader) } else { together(identity, &reader) }
    }

    private static func alone(_ identity: DTLSIdentity, _ role: DTLSRole, _ reader: inout InputReader) {
        guard let session = try? DTLSSession(identity, role: role, fingerprint: identity.fingerprint) else { return }
        var actions = session.start()
        while !reader.isAtEnd { actions += session.receive(reader.piece(Int(reader.byte()) * 4)) }
        actions += session.close()
        precondition(!actions.contains { if case .secured = $0 { true } else { false } }, "nobody guesses a handshake")
    }

    private static func together(_ identity: DTLSIdentity, _ reader: inout InputReader) {
        guard let one = try? DTLSSession(identity, role: .active, fingerprint: identity.fingerprint),
            let two = try? DTLSSession(identity, role: .passive, fingerprint: identity.fingerprint)
        else { return }
        var (toTwo, toOne) = (datagrams(one.start()), datagrams(two.start()))
        for _ in 0..<12 where !(toOne.isEmpty && toTwo.isEmpty) {
            let (forTwo, forOne) = (toTwo, toOne)
            (toTwo, toOne) = ([], [])
            for datagram in forTwo { toOne += datagrams(two.receive(changed(datagram, &reader))) }
            for datagram in forOne { toTwo += datagrams(one.receive(changed(datagram, &reader))) }
        }
        _ = (one.close(), two.close())
    }

    private static func datagrams(_ actions: [DTLSAction]) -> [[UInt8]] {
        actions.compactMap { if case .send(let bytes) = $0 { bytes } else { nil } }
    }

    private static func changed(_ datagram: [UInt8], _ reader: inout InputReader) -> [UInt8] {
        guard !reader.isAtEnd, !datagram.isEmpty else { return datagram }
        var datagram = datagram
        switch reader.byte() % 6 {
        case 0: return datagram
        case 1: return []
        case 2: return Array(datagram.prefix(reader.number() % datagram.count))
        case 3: return reader.piece(Int(reader.byte()))
        case 4:
            for _ in 0..<4 { datagram[reader.number() % datagram.count] = reader.byte() }
            return datagram
        default: return datagram + reader.piece(Int(reader.byte()))
        }
    }
}
