/// What a section says about the way to its media and how it is protected: ICE (RFC 8839), DTLS (RFC 8842) and SDES (RFC 4568).
public struct TransportDescription: Sendable, Hashable {
    /// User fragment and password of ICE; nil without ICE.
    public var iceUser: String?
    public var icePassword: String?
    /// Values of `a=candidate`.
    public var candidates: [String] = []
    /// Whether the far end only answers checks (RFC 8445 section 2.5).
    public var isICELite = false
    /// Values of `a=fingerprint`.
    public var fingerprints: [String] = []
    /// Value of `a=setup`: `active`, `passive`, `actpass` or `holdconn`.
    public var setup: String?
    /// Values of `a=crypto`.
    public var cryptos: [String] = []

    public init() {}

    public var hasICE: Bool { iceUser != nil && icePassword != nil }
}

extension SessionDescription {
    /// Gives what a section says about its transport: by itself, through the section whose transport it shares (RFC 9143 section 7.1.3),
    /// or through the session.
    public func transport(of section: MediaDescription) -> TransportDescription {
        let shared = section.attribute("mid").flatMap { bundle(with: $0)?.first }.flatMap { first in
            media.first { $0.attribute("mid") == first }
        }
        let places: [any SDPAttributed] = [section] + (shared.map { [$0] } ?? []) + [self]
        func first(_ name: String) -> String? { places.lazy.compactMap { $0.attribute(name) }.first }
        func all(_ name: String) -> [String] { places.lazy.map { $0.attributeValues(name) }.first { !$0.isEmpty } ?? [] }
        var transport = TransportDescription()
        (transport.iceUser, transport.icePassword) = (first("ice-ufrag"), first("ice-pwd"))
        transport.candidates = all("candidate")
        transport.isICELite = hasAttribute("ice-lite")
        transport.fingerprints = all("fingerprint")
        transport.setup = first("setup")?.lowercased()
        transport.cryptos = section.attributeValues("crypto")
        return transport
    }

    /// Gives the names of the sections that share one transport with the one called `mid`; nil when it stands alone.
    public func bundle(with mid: String) -> [String]? {
        for value in attributeValues("group") {
            let words = value.words
            if words.first == "BUNDLE", words.dropFirst().contains(mid) { return Array(words.dropFirst()) }
        }
        return nil
    }
}
