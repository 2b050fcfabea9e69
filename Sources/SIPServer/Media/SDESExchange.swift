import SDP
import SecureMedia

/// Keys for SRTP in offers and answers (RFC 4568 sections 5 and 6).
struct SDESExchange {
    /// Ours, by profile; a key serves as long as the call, for packets already sent with it count.
    private var own: [SRTPProfile: SDESCrypto] = [:]
    /// The line of ours that the far end has chosen, or that answers its choice.
    private var chosen: SDESCrypto?
    private var agreed: SRTPKeys?

    /// What our offer or answer says.
    mutating func attributes(isOffer: Bool) -> [SDPAttribute] {
        guard isOffer else { return chosen.map { [SDPAttribute("crypto", $0.attribute)] } ?? [] }
        return SDESCrypto.offered.enumerated().compactMap { order, profile in
            ownKey(profile, tag: String(order + 1)).map { SDPAttribute("crypto", $0.attribute) }
        }
    }

    private mutating func ownKey(_ profile: SRTPProfile, tag: String) -> SDESCrypto? {
        guard var key = own[profile] ?? SDESCrypto(tag: tag, profile) else { return nil }
        key.tag = tag
        own[profile] = key
        return key
    }

    /// Takes the lines of the far end.
    ///
    /// - Returns: the keys from now on; nil when they are those that there are.
    /// - Throws: `MediaRefusal` when none of an offer is known here, or an answer has none of ours.
    mutating func take(_ lines: [String], isOffer: Bool) throws(MediaRefusal) -> SRTPKeys? {
        let known = lines.compactMap(SDESCrypto.init(attribute:))
        guard let theirs = known.first(where: { isOffer || own[$0.profile]?.tag == $0.tag }) else {
            throw MediaRefusal(description: "no a=crypto line that is known here, or that was offered")
        }
        chosen = ownKey(theirs.profile, tag: theirs.tag)
        guard let ours = chosen else { throw MediaRefusal(description: "no key could be made") }
        let keys = SRTPKeys(profile: theirs.profile, sending: ours.key, receiving: theirs.key)
        defer { agreed = keys }
        return keys == agreed ? nil : keys
    }
}
