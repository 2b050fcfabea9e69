import SDP
import SecureMedia

/// What protects the audio of one call: SRTP with keys in the session descriptions (RFC 4568).
final class StreamProtection {
    private var own: SDESCrypto
    private var sender: SRTPSender?
    private var receiver: SRTPReceiver?
    private var room = [UInt8](repeating: 0, count: 2_048)

    init(_ profile: SRTPProfile) throws {
        guard let own = SDESCrypto(tag: "1", profile) else { throw CipherUnavailable() }
        self.own = own
    }

    /// Makes one that is its own other side.
    static func rehearsal(_ profile: SRTPProfile) throws -> StreamProtection {
        let made = try StreamProtection(profile)
        made.sender = try SRTPSender(profile, made.own.key)
        made.receiver = try SRTPReceiver(profile, made.own.key)
        return made
    }

    /// The line of our offer, or of our answer to an offer that was taken.
    var attributes: [SDPAttribute] { [SDPAttribute("crypto", own.attribute)] }

    /// Takes the other side's description.
    func take(_ description: SessionDescription) throws {
        let lines = description.media.first { $0.media == "audio" }?.attributeValues("crypto") ?? []
        guard let theirs = lines.lazy.compactMap(SDESCrypto.init(attribute:)).first(where: { $0.profile == self.own.profile }) else {
            throw NegotiationError.transportNotAccepted("RTP/SAVP without a known a=crypto")
        }
        own.tag = theirs.tag
        if sender == nil { sender = try SRTPSender(own.profile, own.key) }
        receiver = try SRTPReceiver(theirs.profile, theirs.key)
    }

    /// Protects a copy of a packet and hands it to `send`.
    func protect(_ packet: UnsafeRawBufferPointer, _ send: (UnsafeRawBufferPointer) -> Bool) -> Bool {
        guard packet.count + SRTPProfile.longestTrailer <= room.count else { return false }
        return room.withUnsafeMutableBytes { room in
            room.copyMemory(from: packet)
            guard let base = room.baseAddress, let count = sender?.protect(base, count: packet.count, capacity: room.count) else {
                return false
            }
            return send(UnsafeRawBufferPointer(start: base, count: count))
        }
    }

    /// Opens a copy of a packet and hands it to `take`; what is not genuine is dropped.
    func open(_ packet: UnsafeRawBufferPointer, _ take: (UnsafeRawBufferPointer) -> Void) {
        guard packet.count <= room.count else { return }
        room.withUnsafeMutableBytes { room in
            room.copyMemory(from: packet)
            guard let base = room.baseAddress, case .genuine(let count)? = receiver?.unprotect(base, count: packet.count) else { return }
            take(UnsafeRawBufferPointer(start: base, count: count))
        }
    }
}
