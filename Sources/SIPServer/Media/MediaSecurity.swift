import SDP
import SIP
import SecureMedia

/// How the audio of a call is carried.
enum MediaSecurity: Sendable, CaseIterable {
    /// Plain RTP.
    case none
    /// SRTP with keys in the session description (RFC 4568).
    case sdes
    /// SRTP with keys that both ends agree on by DTLS, where ICE found the way (RFC 5763, RFC 8445): WebRTC.
    case dtls

    /// Tells how an offered section would be carried; nil when it can't be.
    init?(_ section: MediaDescription, of offer: SessionDescription) {
        let transport = offer.transport(of: section)
        switch section.transport.uppercased() {
        case "RTP/AVP", "RTP/AVPF": self = .none
        case "RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF":
            if !transport.fingerprints.isEmpty {
                // One port and one way serve for RTP and RTCP (RFC 8834 section 4.5).
                guard transport.hasICE, section.rtcpMux else { return nil }
                self = .dtls
            } else if transport.cryptos.contains(where: { SDESCrypto(attribute: $0) != nil }) {
                self = .sdes
            } else {
                return nil
            }
        default: return nil
        }
    }

    /// The transport of offers.
    var offeredTransport: String {
        switch self {
        case .none: "RTP/AVP"
        case .sdes: "RTP/SAVP"
        case .dtls: "UDP/TLS/RTP/SAVPF"
        }
    }
}

/// Which ways to carry audio an account's phones may use.
public enum MediaEncryption: String, Sendable, CaseIterable {
    /// Whatever the phone offers; it is called with DTLS where it is a browser, else with plain RTP.
    case automatic
    /// SRTP only: with keys in the session description, and with DTLS for browsers.
    case sdes
    /// SRTP with DTLS and ICE only, over whatever transport the phone registered.
    case dtls

    /// How a phone is called whose signalling comes over a transport.
    func security(over transport: SIPTransportKind) -> MediaSecurity {
        if transport == .ws || transport == .wss { return .dtls }
        return switch self {
        case .automatic: .none
        case .sdes: .sdes
        case .dtls: .dtls
        }
    }

    func allows(_ security: MediaSecurity) -> Bool {
        switch self {
        case .automatic: true
        case .sdes: security != .none
        case .dtls: security == .dtls
        }
    }
}
