internal import RTP

/// Decides whose packets belong to a leg, so that strangers neither reach nor redirect a call ("RTP bleed").
///
/// The first packet that fits what signalling said fixes the source; then only that source counts until signalling names another
/// remote. A packet from exactly the signalled address takes the place of a source that was only learnt.
struct SourceLatch {
    enum Verdict: Equatable {
        case rejected
        case accepted
        /// Accepted, and from now on this is the source.
        case latched
    }

    private(set) var source: NetworkAddress?
    private var signalled: NetworkAddress?
    private var signalling: NetworkAddress?
    private var strict = true
    private var windowEndsNs: UInt64 = 0

    /// Makes a latch that rejects everything; `signalling` is where the peer's signalling comes from.
    init(signalling: NetworkAddress?) { self.signalling = signalling }

    /// Tells where to send to: a peer behind NAT is reached only where its packets come from.
    var destination: NetworkAddress? { strict ? signalled : source ?? signalled }

    /// Applies what signalling said; another address than before forgets the source.
    mutating func configure(signalled: NetworkAddress?, strict: Bool, windowEndsNs: UInt64) {
        let moved = signalled != self.signalled
        if moved || (strict && !self.strict && source != signalled) { source = nil }
        if moved { self.windowEndsNs = windowEndsNs }
        self.signalled = signalled
        self.strict = strict
    }

    /// Decides about a packet that is valid in itself.
    mutating func admit(_ packetSource: NetworkAddress, nowNs: UInt64) -> Verdict {
        if packetSource == source { return .accepted }
        guard let signalled else { return .rejected }
        if packetSource == signalled || (source == nil && mayLearn(packetSource, signalled, nowNs)) {
            source = packetSource
            return .latched
        }
        return .rejected
    }

    /// Tells whether RTCP from an address may belong to the leg: it comes from the host of the source.
    func admitsControl(from packetSource: NetworkAddress) -> Bool {
        (source ?? signalled)?.sameHost(as: packetSource) ?? false
    }

    private func mayLearn(_ packetSource: NetworkAddress, _ signalled: NetworkAddress, _ nowNs: UInt64) -> Bool {
        if packetSource.sameHost(as: signalled) { return true }
        if strict { return false }
        if let signalling { return packetSource.sameHost(as: signalling) }
        return nowNs <= windowEndsNs
    }
}
