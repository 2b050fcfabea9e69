import FuzzTarget
import SDP

/// Reads one or two descriptions, with a NUL between them, and negotiates with them as offer, answer and earlier description.
@main
enum SDPSessions: FuzzTarget {
    private static let local = LocalMedia(
        address: "192.0.2.1", port: 4000,
        codecs: [
            CodecOffer(name: "PCMU", clockRate: 8000), CodecOffer(name: "G722", clockRate: 8000),
            CodecOffer(name: "L16", clockRate: 16_000, fmtp: "emphasis=none"),
        ],
        rtcpMux: true, sessionID: 1)

    static func test(_ input: UnsafeRawBufferPointer) {
        let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = read(parts[0]) else { return }
        negotiate(with: first, previous: nil)
        if parts.count > 1, let second = read(parts[1]) {
            negotiate(with: second, previous: first)
            _ = try? OfferAnswer.negotiated(from: first, to: second, local: local)
        }
    }

    private static func read(_ bytes: Slice<UnsafeRawBufferPointer>) -> SessionDescription? {
        guard let description = try? SessionDescription(parsing: [UInt8](bytes)) else { return nil }
        let encoded = description.encode()
        // Repaired bytes and a session name put in may carry a description past the limits.
        if encoded.count <= SDPLimits.bytes, let again = try? SessionDescription(parsing: encoded) {
            precondition(again.encode() == encoded, "encoding must be stable")
        }
        for section in description.media { _ = (description.connection(of: section), description.effectiveDirection(of: section)) }
        return description
    }

    private static func negotiate(with remote: SessionDescription, previous: SessionDescription?) {
        var local = local
        for order in [CodecOrder.remote, .local] {
            local.codecOrder = order
            local.answeredCodecs = order == .remote ? .first : .all
            if let answer = try? OfferAnswer.answer(offer: remote, local: local, previous: previous) { check(answer.description) }
            let offer = OfferAnswer.makeOffer(local: local, previous: previous ?? remote)
            check(offer)
            _ = try? OfferAnswer.negotiated(from: remote, to: offer, local: local)
        }
    }

    private static func check(_ own: SessionDescription) {
        precondition(!own.encode().isEmpty)
    }
}
