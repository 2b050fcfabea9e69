import SDP
import Testing

/// Codecs and sides that the tests use.
enum Side {
    static let pcmu = CodecOffer(name: "PCMU", clockRate: 8000)
    static let pcma = CodecOffer(name: "PCMA", clockRate: 8000)
    static let g722 = CodecOffer(name: "G722", clockRate: 8000)
    static let slin16 = CodecOffer(name: "L16", clockRate: 16_000)
    static let opus = CodecOffer(name: "opus", clockRate: 48_000, channels: 2, fmtp: "useinbandfec=1")

    static func local(_ codecs: [CodecOffer] = [pcmu, pcma], change: (inout LocalMedia) -> Void = { _ in }) -> LocalMedia {
        var local = LocalMedia(address: "192.0.2.10", port: 10_000, codecs: codecs, sessionID: 42)
        change(&local)
        return local
    }

    static func remote(_ audio: String, session: String = "c=IN IP4 198.51.100.7\n") throws -> SessionDescription {
        try SessionDescription(parsing: "v=0\no=bob 7 1 IN IP4 198.51.100.7\ns=-\n\(session)t=0 0\n\(audio)")
    }
}

struct AnswerTests {
    @Test("The usual offer of a phone gets the usual answer")
    func usual() throws {
        let offer = try Side.remote(
            "m=audio 49170 RTP/AVP 0 101\na=rtpmap:0 PCMU/8000\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\na=ptime:20\na=sendrecv\n"
        )
        let answer = try OfferAnswer.answer(offer: offer, local: Side.local())
        #expect(
            answer.description.text == """
                v=0\r
                o=- 42 1 IN IP4 192.0.2.10\r
                s=-\r
                c=IN IP4 192.0.2.10\r
                t=0 0\r
                m=audio 10000 RTP/AVP 0 101\r
                a=rtpmap:0 PCMU/8000\r
                a=rtpmap:101 telephone-event/8000\r
                a=fmtp:101 0-16\r
                a=ptime:20\r
                a=sendrecv\r

                """)
        let media = answer.media
        #expect(media.remoteAddress == "198.51.100.7" && media.remotePort == 49_170 && media.remoteRTCPPort == 49_171)
        #expect(media.codec == NegotiatedCodec(name: "PCMU", clockRate: 8000, sendPayloadType: 0, receivePayloadType: 0))
        #expect(media.telephoneEvent?.sendPayloadType == 101 && media.telephoneEvent?.remoteParameters == "0-15")
        #expect(media.ptimeMs == 20 && media.direction == .sendrecv && !media.isHeldByRemote && !media.rtcpMux)
    }

    @Test("The order of the offer or of the local side decides", arguments: [(CodecOrder.remote, "PCMA"), (.local, "PCMU")])
    func order(order: CodecOrder, codec: String) throws {
        let offer = try Side.remote("m=audio 49170 RTP/AVP 18 8 0\n")
        let answer = try OfferAnswer.answer(offer: offer, local: Side.local { $0.codecOrder = order })
        #expect(answer.media.codec.name == codec)
        #expect(answer.media.codecs.count == 1)
        let all = try OfferAnswer.answer(offer: offer, local: Side.local { ($0.codecOrder, $0.answeredCodecs) = (order, .all) })
        #expect(Set(all.description.media[0].formats) == ["0", "8"])
        #expect(all.media.codecs.first?.name == codec && all.media.codecs.count == 2)
    }

    @Test("Dynamic payload types are those of the offer")
    func dynamicTypes() throws {
        let offer = try Side.remote(
            "m=audio 49170 RTP/AVP 120 121 122\na=rtpmap:120 OPUS/48000/2\na=fmtp:120 maxaveragebitrate=20000\na=rtpmap:121 telephone-event/48000\na=rtpmap:122 telephone-event/8000\n"
        )
        let answer = try OfferAnswer.answer(offer: offer, local: Side.local([Side.pcmu, Side.opus]))
        #expect(
            answer.media.codec
                == NegotiatedCodec(
                    name: "opus", clockRate: 48_000, channels: 2, sendPayloadType: 120,
                    receivePayloadType: 120, remoteParameters: "maxaveragebitrate=20000"))
        #expect(answer.media.telephoneEvent?.sendPayloadType == 121 && answer.media.telephoneEvent?.clockRate == 48_000)
        #expect(answer.description.media[0].formats == ["120", "121"])
        #expect(answer.description.media[0].formatParameters(120) == "useinbandfec=1")
        #expect(answer.description.media[0].formatParameters(121) == "0-16")
    }

    @Test("Telephone events at 8000 Hz do for a wideband codec when there are no others; none are answered when none are wanted or offered")
    func telephoneEvents() throws {
        let offer = try Side.remote("m=audio 49170 RTP/AVP 96 101\na=rtpmap:96 L16/16000\na=rtpmap:101 telephone-event/8000\n")
        #expect(try OfferAnswer.answer(offer: offer, local: Side.local([Side.slin16])).media.telephoneEvent?.clockRate == 8000)
        let unwanted = try OfferAnswer.answer(offer: offer, local: Side.local([Side.slin16]) { $0.telephoneEvents = false })
        #expect(unwanted.media.telephoneEvent == nil && unwanted.description.media[0].formats == ["96"])
        let without = try Side.remote("m=audio 49170 RTP/AVP 0\n")
        #expect(try OfferAnswer.answer(offer: without, local: Side.local()).description.media[0].formats == ["0"])
    }

    @Test(
        "The packet time is the offer's, in whole 10 ms from 10 to 60 and within maxptime",
        arguments: [
            ("", 20), ("a=ptime:30\n", 30), ("a=ptime:10\n", 10), ("a=ptime:5\n", 10), ("a=ptime:25\n", 20), ("a=ptime:100\n", 60),
            ("a=ptime:40\na=maxptime:30\n", 30), ("a=maxptime:10\n", 10), ("a=maxptime:15\n", 10), ("a=maxptime:150\n", 20),
        ])
    func packetTime(lines: String, ptimeMs: Int) throws {
        let answer = try OfferAnswer.answer(offer: Side.remote("m=audio 49170 RTP/AVP 0\n\(lines)"), local: Side.local())
        #expect(answer.media.ptimeMs == ptimeMs)
        #expect(answer.description.media[0].ptimeMs == ptimeMs)
    }

    @Test(
        "Directions answer each other",
        arguments: [
            ("a=sendrecv", MediaDirection.sendrecv, MediaDirection.sendrecv, false), ("a=sendonly", .sendrecv, .recvonly, true),
            ("a=recvonly", .sendrecv, .sendonly, false), ("a=inactive", .sendrecv, .inactive, true),
            ("a=sendrecv", .sendonly, .sendonly, false),
            ("a=sendonly", .sendonly, .inactive, true), ("a=recvonly", .recvonly, .inactive, false),
            ("c=IN IP4 0.0.0.0", .sendrecv, .recvonly, true),
            ("c=IN IP4 0.0.0.0\na=inactive", .sendrecv, .inactive, true),
        ])
    func directions(line: String, local: MediaDirection, expected: MediaDirection, held: Bool) throws {
        let answer = try OfferAnswer.answer(
            offer: Side.remote("m=audio 49170 RTP/AVP 0\n\(line)\n"), local: Side.local { $0.direction = local })
        #expect(answer.media.direction == expected)
        #expect(answer.media.isHeldByRemote == held)
        #expect(answer.description.media[0].direction == expected)
    }

    @Test("A direction of the session holds for the audio without its own")
    func sessionDirection() throws {
        let offer = try Side.remote("m=audio 49170 RTP/AVP 0\n", session: "c=IN IP4 198.51.100.7\na=sendonly\n")
        #expect(try OfferAnswer.answer(offer: offer, local: Side.local()).media.direction == .recvonly)
    }

    @Test("Everything but the first usable audio is declined in its place")
    func declined() throws {
        let offer = try Side.remote(
            """
            m=video 5000 RTP/AVP 96
            a=rtpmap:96 VP8/90000
            a=mid:v
            m=audio 5002 RTP/SAVP 0
            m=audio 0 RTP/AVP 0
            m=audio 5004 RTP/AVP 18
            m=audio 5006 RTP/AVP 8
            a=mid:a
            m=audio 5008 RTP/AVP 0
            m=image 5010 udptl t38
            m=application 5012 UDP/DTLS/SCTP webrtc-datachannel

            """)
        let answer = try OfferAnswer.answer(offer: offer, local: Side.local())
        #expect(answer.media.mediaIndex == 4 && answer.media.remotePort == 5006)
        #expect(answer.description.media.map(\.media) == offer.media.map(\.media))
        #expect(answer.description.media.map(\.transport) == offer.media.map(\.transport))
        #expect(answer.description.media.map(\.port) == [0, 0, 0, 0, 10_000, 0, 0, 0])
        #expect(answer.description.media.allSatisfy { !$0.formats.isEmpty })
        #expect(answer.description.media[0].attribute("mid") == "v" && answer.description.media[4].attribute("mid") == "a")
    }

    @Test(
        "Secure transports are taken only when told so, and answered as they were offered",
        arguments: ["RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVPF", "RTP/AVPF"])
    func transports(transport: String) throws {
        let offer = try Side.remote("m=audio 5002 \(transport) 0\na=rtcp-mux\n")
        #expect(throws: NegotiationError.transportNotAccepted(transport)) { try OfferAnswer.answer(offer: offer, local: Side.local()) }
        let answer = try OfferAnswer.answer(
            offer: offer,
            local: Side.local {
                $0.acceptedTransports.insert(transport.lowercased())
                $0.rtcpMux = true
                $0.sessionAttributes = [SDPAttribute("ice-lite")]
                $0.mediaAttributes = [SDPAttribute("setup", "passive")]
            })
        let section = answer.description.media[0]
        #expect(section.transport == transport && section.rtcpMux && section.attribute("setup") == "passive")
        #expect(answer.description.hasAttribute("ice-lite"))
        #expect(answer.media.rtcpMux && answer.media.remoteRTCPPort == 5002)
    }

    @Test(
        "RTCP goes where the offer says",
        arguments: [
            ("", "198.51.100.7", 5003), ("a=rtcp:6000\n", "198.51.100.7", 6000), ("a=rtcp:6000 IN IP4 203.0.113.5\n", "203.0.113.5", 6000),
            ("a=rtcp-mux\n", "198.51.100.7", 5003),
        ])
    func rtcp(lines: String, address: String, port: Int) throws {
        let media = try OfferAnswer.answer(offer: Side.remote("m=audio 5002 RTP/AVP 0\n\(lines)"), local: Side.local()).media
        #expect(media.remoteRTCPAddress == address && media.remoteRTCPPort == port)
    }

    @Test("IPv6 is answered in kind of the local address")
    func ipv6() throws {
        let offer = try Side.remote("m=audio 5002 RTP/AVP 0\n", session: "c=IN IP6 2001:db8::9\n")
        let answer = try OfferAnswer.answer(offer: offer, local: Side.local { $0.address = "2001:db8::1" })
        #expect(answer.media.remoteAddress == "2001:db8::9")
        #expect(answer.description.text.contains("o=- 42 1 IN IP6 2001:db8::1\r\n"))
        #expect(answer.description.text.contains("c=IN IP6 2001:db8::1\r\n"))
    }

    @Test(
        "An offer without anything in common is rejected with the reason",
        arguments: [
            ("", NegotiationError.noAudio), ("m=video 5000 RTP/AVP 0\n", .noAudio), ("m=audio 0 RTP/AVP 0\n", .noAudio),
            ("m=audio 5000 RTP/AVP 18 3 101\na=rtpmap:101 telephone-event/8000\n", .noCommonCodec(["G729/8000", "GSM/8000"])),
            ("m=audio 5000 RTP/AVP 96\na=rtpmap:96 PCMU/16000\n", .noCommonCodec(["PCMU/16000"])),
            ("m=audio 5000 RTP/SAVP 0\n", .transportNotAccepted("RTP/SAVP")),
        ])
    func rejected(lines: String, error: NegotiationError) throws {
        let offer = try Side.remote(lines)
        #expect(throws: error) { try OfferAnswer.answer(offer: offer, local: Side.local()) }
        #expect(NegotiationError.statusCode == 488)
    }

    @Test("Audio without an address is rejected")
    func noAddress() throws {
        let offer = try Side.remote("m=audio 5000 RTP/AVP 0\n", session: "")
        #expect(throws: NegotiationError.noAddress) { try OfferAnswer.answer(offer: offer, local: Side.local()) }
    }

    @Test("A repeated offer gets the same version, a changed one the next")
    func versions() throws {
        let local = Side.local()
        let offer = try Side.remote("m=audio 5000 RTP/AVP 0\n"), hold = try Side.remote("m=audio 5000 RTP/AVP 0\na=sendonly\n")
        let first = try OfferAnswer.answer(offer: offer, local: local)
        let second = try OfferAnswer.answer(offer: offer, local: local, previous: first.description)
        let third = try OfferAnswer.answer(offer: hold, local: local, previous: second.description)
        let fourth = try OfferAnswer.answer(offer: offer, local: local, previous: third.description)
        #expect(second.description == first.description)
        #expect([first, second, third, fourth].map(\.description.origin.version) == [1, 1, 2, 3])
        #expect(Set([first, second, third, fourth].map(\.description.origin.sessionID)) == [42])
    }
}

struct OfferTests {
    @Test("An offer names every codec with its payload type, and telephone events for each clock rate")
    func offer() {
        let offer = OfferAnswer.makeOffer(local: Side.local([Side.opus, Side.g722, Side.pcmu, Side.slin16]) { $0.maxptimeMs = 60 })
        let audio = offer.media[0]
        #expect(
            audio.rtpMaps.map(\.text) == [
                "96 opus/48000/2", "9 G722/8000", "0 PCMU/8000", "97 L16/16000", "101 telephone-event/48000",
                "98 telephone-event/8000", "99 telephone-event/16000",
            ])
        #expect(audio.formatParameters(96) == "useinbandfec=1" && audio.formatParameters(98) == "0-16")
        #expect(audio.ptimeMs == 20 && audio.maxptimeMs == 60 && audio.direction == .sendrecv)
    }

    @Test("Wished payload types are kept and nothing else gets them")
    func wishedTypes() {
        var slin16 = Side.slin16
        slin16.payloadType = 101
        let audio = OfferAnswer.makeOffer(local: Side.local([Side.opus, slin16, Side.pcmu])).media[0]
        #expect(
            audio.rtpMaps.map(\.text) == [
                "96 opus/48000/2", "101 L16/16000", "0 PCMU/8000", "97 telephone-event/48000",
                "98 telephone-event/16000", "99 telephone-event/8000",
            ])
        #expect(Set(audio.formats).count == audio.formats.count)
    }

    @Test("Both sides of an offer and its answer agree")
    func bothSides() throws {
        let alice = Side.local([Side.g722, Side.pcma, Side.pcmu])
        let bob = Side.local([Side.pcmu, Side.pcma]) { ($0.address, $0.port, $0.direction) = ("192.0.2.20", 20_000, .recvonly) }
        let offer = OfferAnswer.makeOffer(local: alice)
        let parsed = try SessionDescription(parsing: offer.encode())
        #expect(parsed == offer)
        let answer = try OfferAnswer.answer(offer: parsed, local: bob)
        let media = try OfferAnswer.negotiated(from: SessionDescription(parsing: answer.description.encode()), to: offer, local: alice)
        #expect(media.codec.name == "PCMA" && answer.media.codec.name == "PCMA")
        #expect(media.remoteAddress == "192.0.2.20" && media.remotePort == 20_000)
        #expect(media.direction == .sendonly && answer.media.direction == .recvonly)
        #expect(media.telephoneEvent?.sendPayloadType == 101)
        #expect(!media.isHeldByRemote)
    }

    @Test("Payload types may differ by direction: the answer's are sent, the offer's are received")
    func asymmetric() throws {
        let local = Side.local([Side.opus, Side.pcmu])
        let offer = OfferAnswer.makeOffer(local: local)
        let answer = try Side.remote(
            "m=audio 4000 RTP/AVP 110 111 120\na=rtpmap:110 opus/48000/2\na=rtpmap:111 telephone-event/48000\na=rtpmap:120 PCMU/8000\na=ptime:40\n"
        )
        let media = try OfferAnswer.negotiated(from: answer, to: offer, local: local)
        #expect(media.codecs.map(\.sendPayloadType) == [110, 120] && media.codecs.map(\.receivePayloadType) == [96, 0])
        #expect(media.telephoneEvent?.sendPayloadType == 111 && media.telephoneEvent?.receivePayloadType == 101)
        #expect(media.ptimeMs == 40)
        let own = try OfferAnswer.negotiated(from: answer, to: offer, local: Side.local([Side.pcmu, Side.opus]) { $0.codecOrder = .local })
        #expect(own.codec.name == "PCMU")
    }

    @Test(
        "Directions of an answer narrow those of the offer",
        arguments: [
            (MediaDirection.sendrecv, "a=sendrecv", MediaDirection.sendrecv, false), (.sendrecv, "a=sendonly", .recvonly, true),
            (.sendonly, "a=recvonly", .sendonly, false), (.sendonly, "a=sendrecv", .sendonly, false),
            (.inactive, "a=inactive", .inactive, true),
            (.sendrecv, "c=IN IP4 0.0.0.0", .recvonly, true),
        ])
    func directions(offered: MediaDirection, line: String, expected: MediaDirection, held: Bool) throws {
        let local = Side.local { $0.direction = offered }
        let answer = try Side.remote("m=audio 4000 RTP/AVP 0\n\(line)\n")
        let media = try OfferAnswer.negotiated(from: answer, to: OfferAnswer.makeOffer(local: local), local: local)
        #expect(media.direction == expected && media.isHeldByRemote == held)
    }

    @Test(
        "An answer that doesn't fit the offer is told",
        arguments: [
            ("", NegotiationError.answerLacksSection), ("m=video 4000 RTP/AVP 0\n", .answerLacksSection),
            ("m=audio 0 RTP/AVP 0\n", .noAudio),
            ("m=audio 4000 RTP/AVP 18\n", .noCommonCodec(["G729/8000"])), ("m=audio 4000 RTP/AVP 9\n", .noCommonCodec(["G722/8000"])),
        ])
    func wrongAnswers(lines: String, error: NegotiationError) throws {
        let local = Side.local()
        let offer = OfferAnswer.makeOffer(local: local), answer = try Side.remote(lines)
        #expect(throws: error) { try OfferAnswer.negotiated(from: answer, to: offer, local: local) }
    }

    @Test("Hold and its end are offers that keep everything but the direction and the version")
    func hold() throws {
        let first = OfferAnswer.makeOffer(local: Side.local())
        let hold = OfferAnswer.makeOffer(local: Side.local { $0.direction = .sendonly }, previous: first)
        let again = OfferAnswer.makeOffer(local: Side.local { $0.direction = .sendonly }, previous: hold)
        let resume = OfferAnswer.makeOffer(local: Side.local(), previous: again)
        #expect([first, hold, again, resume].map(\.origin.version) == [1, 2, 2, 3])
        #expect(hold.media[0].direction == .sendonly && resume.media[0].direction == .sendrecv)
        #expect(resume.media == first.media)
    }

    @Test("An offer after an answer keeps the places of the sections and the payload types of the session")
    func offerAfterAnswer() throws {
        let offer = try Side.remote(
            "m=video 5000 RTP/AVP 97\nm=audio 5002 RTP/AVP 120 96\na=rtpmap:120 opus/48000/2\na=rtpmap:96 telephone-event/48000\n")
        let local = Side.local([Side.opus, Side.slin16])
        let answer = try OfferAnswer.answer(offer: offer, local: local)
        let next = OfferAnswer.makeOffer(local: local, previous: answer.description)
        #expect(next.media.map(\.media) == ["video", "audio"] && next.media.map(\.port) == [0, 10_000])
        #expect(
            next.media[1].rtpMaps.map(\.text) == [
                "120 opus/48000/2", "97 L16/16000", "96 telephone-event/48000", "98 telephone-event/16000",
            ])
        #expect(next.origin.version == 2)
    }

    @Test("A late offer is an offer whose answer comes with the ACK")
    func lateOffer() throws {
        let local = Side.local([Side.pcma, Side.pcmu])
        let offer = OfferAnswer.makeOffer(local: local)
        let answer = try Side.remote("m=audio 4000 RTP/AVP 8 101\na=rtpmap:101 telephone-event/8000\n")
        let media = try OfferAnswer.negotiated(from: answer, to: offer, local: local)
        #expect(media.codec.name == "PCMA" && media.telephoneEvent != nil && media.remotePort == 4000)
        // The next offer of the other side is answered with the version after the one offered.
        let next = try OfferAnswer.answer(offer: answer, local: local, previous: offer)
        #expect(next.description.origin.version == 2)
    }

    @Test("Offers, answers and what is agreed on never trap, whatever the other side says", arguments: 0..<10)
    func randomDescriptions(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let local = Side.local([Side.opus, Side.pcmu, Side.pcma]) { $0.rtcpMux = true }
        let own = OfferAnswer.makeOffer(local: local)
        let source = Array(SessionDescriptionTests.phone.utf8)
        var answered = 0
        for _ in 0..<300 {
            var bytes = source
            for _ in 0..<4 { bytes[Int.random(in: 200..<bytes.count, using: &random)] = UInt8.random(in: 32...126, using: &random) }
            guard let sdp = try? SessionDescription(parsing: bytes) else { continue }
            if let answer = try? OfferAnswer.answer(offer: sdp, local: local, previous: own) {
                answered += 1
                #expect(answer.description.media.count == sdp.media.count)
                #expect(OfferAnswer.packetTimesMs.contains(answer.media.ptimeMs))
                #expect(try SessionDescription(parsing: answer.description.encode()) == answer.description)
            }
            _ = try? OfferAnswer.negotiated(from: sdp, to: own, local: local)
        }
        #expect(answered > 50)
    }
}
