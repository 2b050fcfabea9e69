import SIP

/// What a dial string asks for: `6002`, `user@6002`, `6002/sip:user@host` or `sip:user@host`.
struct DialTarget: Equatable {
    /// The endpoint whose settings and contacts are used.
    var endpoint: String?
    /// Where to call instead of the registered contacts.
    var uri: SIPURI?
    /// The user to ask for at the registered contacts.
    var user: String?

    /// Reads the part of a dial string after the technology; nil when malformed.
    init?(_ text: String) {
        if text.hasPrefix("sip:") || text.hasPrefix("sips:") {
            guard let uri = SIPURI(text) else { return nil }
            self.uri = uri
        } else if let slash = text.firstIndex(of: "/") {
            let rest = String(text[text.index(after: slash)...])
            guard let uri = SIPURI(rest.hasPrefix("sip:") || rest.hasPrefix("sips:") ? rest : "sip:\(rest)") else { return nil }
            endpoint = String(text[..<slash])
            self.uri = uri
        } else if let at = text.lastIndex(of: "@") {
            user = String(text[..<at])
            endpoint = String(text[text.index(after: at)...])
        } else {
            endpoint = text
        }
        if endpoint?.isEmpty == true || user?.isEmpty == true { return nil }
    }
}
