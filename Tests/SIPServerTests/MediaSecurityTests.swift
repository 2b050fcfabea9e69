import Audio
import CallCore
import Foundation
import Media
import RTP
import SDP
import SecureMedia
import Testing

@testable import SIPServer

/// How audio is carried: what is offered to whom, and what is accepted.
@Suite("Media security", .serialized)
struct MediaSecurityTests {
    static let fingerprint = "sha-256 " + (0..<32).map { String(format: "%02X", $0 * 7 % 256) }.joined(separator: ":")
    static let ice = ["a=ice-ufrag:abcd", "a=ice-pwd:0123456789012345678901", "a=fingerprint:\(fingerprint)", "a=setup:actpass"]
    static let key = Data((0..<30).map { UInt8($0) }).base64EncodedString()

    private func text(_ lines: [String]) -> String { (lines + [""]).joined(separator: "\r\n") }

    private var head: [String] { ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"] }

    private func audio(_ transport: String, port: Int = 9, mid: String? = "0", _ more: [String] = []) -> [String] {
        ["m=audio \(port) \(transport) 111 0", "c=IN IP4 0.0.0.0", "a=rtpmap:111 opus/48000/2", "a=rtpmap:0 PCMU/8000"]
            + (mid.map { ["a=mid:\($0)"] } ?? []) + more
    }

    /// Calls with an offer and gives the final response.
    private func call(_ offer: String, _ change: @escaping (inout SIPEndpointSettings) -> Void = { _ in }) async throws -> (
        response: RawMessage, port: FakePort?
    ) {
        var result: (RawMessage, FakePort?)?
        try await withRig(
            testSettings {
                $0.codecs = [.pcmu, .opus]; change(&$0)
            }
        ) { rig in
            let phone = try RawPhone(serverPort: try await rig.port(.udp))
            let call = try phone.invite("answer", body: offer)
            let response = try phone.waitFinal("INVITE")
            try call.acknowledge(response)
            result = (response, rig.media.ports.first)
        }
        return try #require(result)
    }

    // MARK: - Offers of browsers

    @Test("Of audio, video and data the audio is taken, and the rest declined in its place")
    func mixedOffer() async throws {
        let offer = text(
            head + ["a=group:BUNDLE 0 1 2"] + audio("UDP/TLS/RTP/SAVPF", ["a=rtcp-mux"] + Self.ice)
                + ["m=video 9 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", "a=rtpmap:96 VP8/90000", "a=mid:1"] + Self.ice
                + ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=mid:2", "a=sctp-port:5000"] + Self.ice)
        let (response, port) = try await call(offer)
        #expect(response.status == 200)
        let answer = try SessionDescription(parsing: response.body)
        #expect(answer.media.map(\.media) == ["audio", "video", "application"])
        #expect(answer.media.map(\.port) == [20_000, 0, 0])
        #expect(answer.media.map { $0.attribute("mid") } == ["0", "1", "2"])
        #expect(answer.attribute("group") == "BUNDLE 0")
        let section = answer.media[0]
        #expect(section.transport == "UDP/TLS/RTP/SAVPF")
        #expect(section.rtpMaps.first?.encodingName == "opus")
        #expect(section.rtcpMux && section.direction == .sendrecv)
        #expect(section.attribute("setup") == "active")
        #expect(section.attribute("fingerprint")?.hasPrefix("sha-256 ") == true)
        #expect(section.attributeValues("candidate").contains { $0.contains(" 127.0.0.1 20000 typ host") })
        #expect((section.attribute("ice-ufrag")?.utf8.count ?? 0) >= 4)
        #expect((section.attribute("ice-pwd")?.utf8.count ?? 0) >= 22)
        let stream = try #require(port?.streams.last)
        // Neither sent nor taken before ICE has found the way and DTLS agreed on keys.
        #expect(stream.isProtected && stream.usesICE && stream.rtcpMux && stream.remote == nil)
        #expect(port?.filters.last != nil)
    }

    @Test("Audio that shares the transport of another section is taken with what is said there")
    func bundleOnly() async throws {
        let offer = text(
            head + ["a=group:BUNDLE v a"]
                + ["m=video 9 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", "a=rtpmap:96 VP8/90000", "a=mid:v", "a=rtcp-mux"] + Self.ice
                + audio("UDP/TLS/RTP/SAVPF", port: 0, mid: "a", ["a=bundle-only", "a=rtcp-mux"]))
        let (response, _) = try await call(offer)
        let answer = try SessionDescription(parsing: response.body)
        #expect(answer.media.map(\.port) == [0, 20_000])
        #expect(answer.attribute("group") == "BUNDLE a")
    }

    @Test("Extensions of packets' headers are agreed on under the offer's numbers")
    func headerExtensions() async throws {
        let lines = [
            "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level vad=on",
            "a=extmap:2/sendonly http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
            "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
            "a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid", "a=extmap:200 urn:ietf:params:rtp-hdrext:toffset",
        ]
        let (response, port) = try await call(text(head + audio("UDP/TLS/RTP/SAVPF", ["a=rtcp-mux"] + Self.ice + lines)))
        let answer = try SessionDescription(parsing: response.body)
        #expect(
            answer.media[0].attributeValues("extmap") == [
                "1 urn:ietf:params:rtp-hdrext:ssrc-audio-level", "9 urn:ietf:params:rtp-hdrext:sdes:mid",
            ])
        let agreed = try #require(port?.streams.last?.headerExtensions)
        #expect((agreed.audioLevel, agreed.absoluteSendTime, agreed.mid) == (1, 0, 9))
    }

    @Test("Of several sections of audio the first with a codec of ours is taken, however it is carried")
    func firstUsable() async throws {
        let unknown = ["m=audio 9 UDP/TLS/RTP/SAVPF 97", "c=IN IP4 0.0.0.0", "a=rtpmap:97 EVS/16000"] + Self.ice
        let plain = ["m=audio 40000 RTP/AVP 0", "c=IN IP4 127.0.0.1"]
        let (response, port) = try await call(text(head + unknown + plain + audio("UDP/TLS/RTP/SAVPF", mid: nil, Self.ice)))
        let answer = try SessionDescription(parsing: response.body)
        #expect(answer.media.map(\.port) == [0, 20_000, 0])
        #expect(answer.media.map(\.transport) == ["UDP/TLS/RTP/SAVPF", "RTP/AVP", "UDP/TLS/RTP/SAVPF"])
        #expect(port?.streams.last?.isProtected == false)
    }

    @Test(
        "Whose turn it is to begin DTLS follows from the offer",
        arguments: [("actpass", "active"), ("active", "passive"), ("passive", "active")])
    func setup(offered: String, answered: String) async throws {
        let attributes = Self.ice.map { $0.replacingOccurrences(of: "actpass", with: offered) }
        let (response, _) = try await call(text(head + audio("UDP/TLS/RTP/SAVPF", ["a=rtcp-mux"] + attributes)))
        #expect(try SessionDescription(parsing: response.body).media.first?.attribute("setup") == answered)
    }

    @Test("A name instead of an address among the candidates is no hold, and no fault")
    func namesAsCandidates() async throws {
        let candidate = ["a=candidate:1 1 udp 2113937151 0e5dd7fa-3e44-41b2-9b8a-b6a3c7b2f8e1.local 54321 typ host"]
        let (response, port) = try await call(text(head + audio("UDP/TLS/RTP/SAVPF", ["a=rtcp-mux"] + Self.ice + candidate)))
        #expect(response.status == 200)
        #expect(port?.streams.last?.sends == true)
    }

    @Test(
        "What can't be secure is refused",
        arguments: [
            ["a=fingerprint:\(fingerprint)", "a=setup:actpass"],
            ["a=ice-ufrag:abcd", "a=ice-pwd:0123456789012345678901", "a=fingerprint:sha-1 00:01", "a=setup:actpass"],
            ["a=ice-ufrag:ab", "a=ice-pwd:short", "a=fingerprint:\(fingerprint)"], [],
            ice, ["a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:tooshort"], ["a=crypto:1 F8_128_HMAC_SHA1_80 inline:\(key)"],
        ])
    func refused(attributes: [String]) async throws {
        let (response, port) = try await call(text(head + audio("RTP/SAVPF", attributes)))
        #expect(response.status == 488)
        #expect(response["reason"]?.hasPrefix("Q.850;cause=58;text=\"") == true)
        #expect(port?.isClosed == true)
    }

    // MARK: - Keys in the description

    @Test("Keys in the description are answered with one of ours under the same tag")
    func sdes() async throws {
        let offer = text(
            head
                + audio(
                    "RTP/SAVP", port: 40_000,
                    ["c=IN IP4 127.0.0.1", "a=crypto:1 UNKNOWN inline:x", "a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:\(Self.key)|2^20"]))
        let (response, port) = try await call(offer)
        let answer = try SessionDescription(parsing: response.body)
        #expect(answer.media[0].transport == "RTP/SAVP")
        let crypto = try #require(answer.media[0].attribute("crypto").flatMap(SDESCrypto.init(attribute:)))
        #expect(crypto.tag == "7" && crypto.profile == .aes128CMSHA1With80)
        #expect(Data(crypto.key.key + crypto.key.salt).base64EncodedString() != Self.key)
        let stream = try #require(port?.streams.last)
        #expect(stream.isProtected && !stream.usesICE)
        #expect(port?.protections == 1)
    }

    @Test(
        "Lines with keys are read as RFC 4568 has them",
        arguments: [
            ("1 AES_CM_128_HMAC_SHA1_80 inline:\(key)", true), ("1 aes_cm_128_hmac_sha1_32 inline:\(key)|2^31", true),
            ("1 AES_CM_128_HMAC_SHA1_80 inline:\(key)|2^20|1:4", false),
            ("1 AES_CM_128_HMAC_SHA1_80 inline:\(key) UNENCRYPTED_SRTP", false),
            ("1 AES_CM_128_HMAC_SHA1_80 inline:\(key) WSH=64", true), ("x AES_CM_128_HMAC_SHA1_80 inline:\(key)", false),
            ("1 AEAD_AES_128_GCM inline:\(key)", false), ("1 AES_CM_128_HMAC_SHA1_80 inline:\(key);inline:\(key)", false), ("", false),
        ])
    func cryptoLines(line: String, isKnown: Bool) {
        #expect((SDESCrypto(attribute: line) != nil) == isKnown)
    }

    @Test("A line that is made is read back the same", arguments: SRTPProfile.allCases)
    func cryptoRoundTrip(profile: SRTPProfile) throws {
        let made = try #require(SDESCrypto(tag: "3", profile))
        #expect(SDESCrypto(attribute: made.attribute) == made)
    }

    @Test(
        "An account that must encrypt refuses what does not, and takes what does",
        arguments: [
            (MediaEncryption.sdes, "RTP/AVP", 488), (.dtls, "RTP/AVP", 488), (.automatic, "RTP/AVP", 200),
            (.sdes, "UDP/TLS/RTP/SAVPF", 200),
            (.dtls, "UDP/TLS/RTP/SAVPF", 200), (.dtls, "RTP/SAVP", 488), (.sdes, "RTP/SAVP", 200),
        ])
    func policy(encryption: MediaEncryption, transport: String, status: Int) async throws {
        let attributes =
            transport == "RTP/SAVP" ? ["a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:\(Self.key)"] : transport == "RTP/AVP" ? [] : Self.ice
        let offer = text(head + audio(transport, port: 40_000, ["a=rtcp-mux"] + attributes))
        let (response, _) = try await call(offer) { $0.encryption = encryption }
        #expect(response.status == status)
    }

    // MARK: - Offers of ours

    @Test("A desk phone and a browser of one extension are each offered what they can do, and the one that answers decides")
    func fork() async throws {
        try await withRig(testSettings { ($0.codecs, $0.authenticates) = ([.pcmu, .opus], false) }) { rig in
            let phone = try RawPhone(user: "6002", secret: "", serverPort: try await rig.port(.udp))
            try phone.register()
            let browser = try await WebSocketPhone(rig, user: "6002")
            try await browser.register()
            try await rig.originate("PJSIP/6002")
            let plain = try phone.waitRequest("INVITE")
            #expect(plain.body.contains("m=audio 20000 RTP/AVP 0 "))
            #expect(!plain.body.contains("a=fingerprint") && !plain.body.contains("a=ice-ufrag"))
            try phone.send(phone.response("180 Ringing", to: plain, tag: "desk", headers: ["Contact: \(phone.contact)"]))
            let secure = try await browser.request("INVITE")
            let offer = try SessionDescription(parsing: secure.body)
            #expect(offer.media.map(\.transport) == ["UDP/TLS/RTP/SAVPF"])
            #expect(offer.media[0].attribute("setup") == "actpass" && offer.media[0].rtcpMux)
            #expect(offer.media[0].rtpMaps.first?.encodingName == "opus")
            #expect(offer.attribute("group") == "BUNDLE 0" && offer.media[0].attribute("mid") == "0")
            #expect(offer.media[0].extensionMaps.map(\.number) == [1, 2, 3])
            let attributes =
                Self.ice.map { $0.replacingOccurrences(of: "actpass", with: "active") } + [
                    "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
                    "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid",
                ]
            let answer = text(head + ["a=group:BUNDLE 0"] + audio("UDP/TLS/RTP/SAVPF", ["a=rtcp-mux"] + attributes))
            await browser.respond(200, to: secure, body: answer)
            let cancel = try phone.waitRequest("CANCEL")
            #expect(cancel["reason"]?.contains("200") == true)
            _ = try await browser.request("ACK")
            #expect(try await eventually { rig.media.ports.first?.streams.isEmpty == false })
            let stream = try #require(rig.media.ports.first?.streams.last)
            #expect(stream.isProtected && stream.usesICE && stream.codec == .opus)
            let agreed = stream.headerExtensions
            #expect((agreed.audioLevel, agreed.absoluteSendTime, agreed.mid) == (0, 2, 0))
        }
    }

    @Test("A phone whose account asks for keys in the description is offered several ways to protect")
    func offersSDES() async throws {
        try await withRig(testSettings { ($0.encryption, $0.authenticates) = (.sdes, false) }) { rig in
            let phone = try RawPhone(user: "6002", secret: "", serverPort: try await rig.port(.udp))
            try phone.register()
            try await rig.originate("PJSIP/6002")
            let invite = try phone.waitRequest("INVITE")
            let offer = try SessionDescription(parsing: invite.body)
            let lines = offer.media[0].attributeValues("crypto").compactMap(SDESCrypto.init(attribute:))
            #expect(offer.media[0].transport == "RTP/SAVP")
            #expect(lines.map(\.profile) == SDESCrypto.offered)
            #expect(Set(lines.map(\.tag)).count == lines.count)
            let answer = text(
                head
                    + audio(
                        "RTP/SAVP", port: 40_000,
                        [
                            "c=IN IP4 127.0.0.1",
                            "a=crypto:3 AEAD_AES_128_GCM inline:\(Data((0..<28).map { UInt8($0) }).base64EncodedString())",
                        ]))
            try phone.send(
                phone.response(
                    "200 OK", to: invite, tag: "callee", headers: ["Contact: \(phone.contact)", "Content-Type: application/sdp"],
                    body: answer))
            _ = try phone.waitRequest("ACK")
            #expect(try await eventually { rig.media.ports.first?.protections == 1 })
        }
    }
}
