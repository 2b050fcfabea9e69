import Audio
import Testing

@testable import Media

@Suite("Graph under random use")
struct GraphFuzzTests {
    /// Checks that all links lead somewhere and back.
    private func expectSound(_ graph: borrowing MediaGraph) {
        var listeners = 0, heard = 0, forwards = 0, forwarded = 0, snoops = 0, snooping = 0
        for index in 0..<graph.highWater where graph.legs[index].kind != .free {
            let leg = graph.legs[index]
            if leg.peer != Leg.nobody {
                heard += 1
                #expect(graph.legs[Int(leg.peer)].kind != .free)
            }
            if leg.forwardSource != Leg.nobody {
                forwarded += 1
                #expect(leg.route == .forward && graph.legs[Int(leg.forwardSource)].kind == .rtp)
            }
            if leg.partner != Leg.nobody { #expect(graph.legs[Int(leg.partner)].partner == Int32(index)) }
            var at = leg.firstListener
            while at != Leg.nobody, listeners < 10_000 {
                listeners += 1
                #expect(graph.legs[Int(at)].peer == Int32(index))
                at = graph.legs[Int(at)].nextListener
            }
            at = leg.firstForward
            while at != Leg.nobody, forwards < 10_000 {
                forwards += 1
                #expect(graph.legs[Int(at)].forwardSource == Int32(index))
                at = graph.legs[Int(at)].nextForward
            }
            at = leg.firstSnoop
            while at != Leg.nobody, snoops < 10_000 {
                snoops += 1
                #expect(graph.legs[Int(at)].snoop?.pointee.target == Int32(index))
                at = graph.legs[Int(at)].snoop?.pointee.next ?? Leg.nobody
            }
            if leg.snoop != nil { snooping += 1 }
            let isParty = leg.peer != Leg.nobody && graph.legs[Int(leg.peer)].kind == .mixer
            #expect((leg.party != nil) == (isParty || leg.kind == .mixer) && (leg.mix != nil) == (leg.kind == .mixer))
            let passes = isParty && leg.kind == .pipe
            let wanted =
                leg.player != nil || leg.digits != nil || leg.talk != nil || leg.tones != nil || leg.taps != nil || leg.route == .tick
                || passes
            #expect((leg.activePosition >= 0) == wanted)
            if leg.activePosition >= 0 { #expect(graph.active[Int(leg.activePosition)] == Int32(index)) }
            if leg.kind == .rtp {
                let (route, source) = graph.findRoute(Int32(index))
                #expect(route == leg.route && source == leg.forwardSource)
            }
        }
        #expect(listeners == heard && forwards == forwarded && snoops == snooping)
    }

    @Test("Links and routes stay right whatever is done in whatever order, and closing leaves nothing", arguments: 0..<30)
    func anything(seed: UInt64) throws {
        let bench = Bench(seed: seed)
        var random = SplitMix64(seed: seed)
        var phones = (0..<6).map { bench.openPhone($0 % 3 == 2 ? .pcma : .pcmu, ptimeMs: $0 == 5 ? 30 : 20) }
        var open = phones.map(\.id)
        for _ in 0..<4 { open += { [$0.0, $0.1] }(bench.openPipe()) }
        for _ in 0..<3 { open.append(bench.openMixer()) }
        let tone = try ToneProgram(parsing: "!440/100")
        let audio = constant(700, ms: 130)
        var taps: [AudioTap] = []
        for _ in 0..<1_500 {
            guard let id = open.randomElement(using: &random), let other = open.randomElement(using: &random) else { break }
            let flag = Bool.random(using: &random)
            switch Int.random(in: 0..<28, using: &random) {
            case 0...4: bench.apply(.connect(flag ? other : nil), id)
            case 5, 6: bench.connect(id, other)
            case 7: bench.apply(.echo(flag), id)
            case 8: bench.apply(.mute(incoming: flag, outgoing: .random(using: &random)), id)
            case 9: bench.apply(.play(flag ? .audio(audio) : .tone(tone), token: 1), id)
            case 10: bench.apply(.background(flag ? .audio(audio, loop: .random(using: &random)) : nil), id)
            case 11: bench.apply(flag ? .stop : .seek(byMs: .random(in: -500...500, using: &random)), id)
            case 12: bench.apply(.sendDigits([DigitToSend("4", durationMs: 40, gapAfterMs: 20)], token: 2), id)
            case 13: bench.apply(.talkDetection(flag ? TalkDetection() : nil), id)
            case 14:
                guard let phone = phones.first(where: { $0.id == id }) else { continue }
                var stream = bench.stream(phone, [.pcmu, .pcma, .g722].randomElement(using: &random) ?? .pcmu)
                (stream.sends, stream.receives) = (.random(using: &random), .random(using: &random))
                bench.configure(phone, stream)
            case 15...18:
                guard let at = phones.indices.randomElement(using: &random), open.contains(phones[at].id) else { continue }
                bench.speak(&phones[at], payloadType: flag ? 0 : 8)
            case 19:
                guard let phone = phones.randomElement(using: &random), open.contains(phone.id) else { continue }
                bench.pressKey(
                    phone, event: 2, durationMs: 40, sequence: phone.sequence, timestamp: .random(in: 0 ... .max, using: &random))
            case 20 where open.count > 3 && Int.random(in: 0..<12, using: &random) == 0:
                _ = bench.graph.close(id)
                open.removeAll { $0 == id }
            case 21 where Int.random(in: 0..<6, using: &random) == 0:
                guard let leg = bench.graph.takeOut(id) else { continue }
                bench.graph.adopt(PortID(index: id.index, generation: id.generation), leg)
            case 22: bench.apply(.toneDetection(flag ? ToneDetection(frequency: 440, durationMs: 60) : nil), id)
            case 23:
                let directions = SnoopDirections(
                    spiesIn: flag, spiesOut: .random(using: &random), whispersIn: .random(using: &random), whispersOut: !flag)
                bench.apply(.snoop(Bool.random(using: &random) ? other : nil, directions), id)
            case 24:
                let tap = AudioTap([.said, .both, .sides].randomElement(using: &random) ?? .said, sampleRate: 16_000) { _ in }
                taps.append(tap)
                bench.apply(.addTap(tap), id)
            case 25: if let tap = taps.randomElement(using: &random) { bench.apply(.removeTap(tap), id) }
            default: bench.tick()
            }
            expectSound(bench.graph)
        }
        for id in open.shuffled(using: &random) {
            _ = bench.graph.close(id)
            expectSound(bench.graph)
        }
        bench.tick()
        #expect(bench.graph.openCount == 0 && bench.graph.active.isEmpty)
    }

    @Test("A table that was large can be given back when it is empty, and is used again")
    func emptyTable() {
        let bench = Bench()
        let ids = (0..<120).map { _ in bench.openPhone().id }
        bench.graph.releaseEmptyTable()
        #expect(bench.graph.highWater == 120)
        for id in ids { _ = bench.graph.close(id) }
        bench.graph.releaseEmptyTable()
        #expect(bench.graph.highWater == 0 && ids.allSatisfy { bench.graph.leg($0) == nil })
        let mixer = bench.openMixer()
        bench.tick()
        #expect(bench.graph.openCount == 1 && bench.graph.leg(mixer) != nil)
    }

    @Test("What is meant for a port that is gone reaches nobody")
    func stale() {
        let bench = Bench(), phone = bench.openPhone()
        #expect(bench.graph.close(phone.id) != nil)
        #expect(bench.graph.close(phone.id) == nil)
        bench.apply(.play(.silence, token: 1), phone.id)
        bench.apply(.play(.silence, token: 1), PortID(index: -1, generation: 1))
        bench.apply(.play(.silence, token: 1), PortID(index: .max, generation: 1))
        bench.tick(3)
        #expect(bench.recorder.sent.isEmpty)
    }
}
