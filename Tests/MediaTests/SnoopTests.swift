import Audio
import Testing

@testable import Media

@Suite("Snooping")
struct SnoopTests {
    /// Two phones that talk, and a third one that is connected with a snoop on the first.
    private struct Scene {
        let bench = Bench()
        var phones: [Bench.Phone]
        let pipe: (PortID, PortID)

        init(_ codecs: [AudioCodec] = [.pcmu, .pcmu, .pcmu]) {
            phones = codecs.map { [bench] in bench.openPhone($0) }
            pipe = bench.openPipe()
            bench.connect(phones[0].id, phones[1].id)
            bench.connect(phones[2].id, pipe.0)
        }

        mutating func snoop(_ directions: SnoopDirections) { bench.apply(.snoop(phones[0].id, directions), pipe.1) }

        mutating func converse(_ levels: [Int16?]) -> [Int?] { bench.converse(&phones, saying: levels) }
    }

    @Test(
        "The spy hears what the target says, what it hears, or both; nobody hears the spy",
        arguments: [
            (SnoopDirections(spiesIn: true), 1_000), (SnoopDirections(spiesOut: true), 4_000),
            (SnoopDirections(spiesIn: true, spiesOut: true), 5_000),
        ])
    func spying(directions: SnoopDirections, heard: Int) {
        var scene = Scene()
        scene.snoop(directions)
        let levels = scene.converse([1_000, 4_000, 8_000])
        #expect(isNear(levels[0], 4_000) && isNear(levels[1], 1_000) && isNear(levels[2], heard), "\(levels)")
        #expect(scene.bench.route(scene.phones[0]) == .forward && scene.bench.route(scene.phones[1]) == .forward)
    }

    @Test("A whisper is heard by the target, by those who hear it, or by both, besides what they heard before")
    func whispering() {
        var scene = Scene()
        for (directions, target, other) in [
            (SnoopDirections(whispersOut: true), 12_000, 1_000), (SnoopDirections(whispersIn: true), 4_000, 9_000),
            (SnoopDirections(whispersIn: true, whispersOut: true), 12_000, 9_000),
        ] {
            scene.snoop(directions)
            let levels = scene.converse([1_000, 4_000, 8_000])
            #expect(isNear(levels[0], target) && isNear(levels[1], other), "\(levels) for \(directions)")
        }
    }

    @Test("A whisper is not spied")
    func whisperUnspied() {
        var scene = Scene()
        scene.snoop(SnoopDirections(spiesIn: true, spiesOut: true, whispersIn: true, whispersOut: true))
        let levels = scene.converse([1_000, 4_000, 8_000])
        #expect(isNear(levels[0], 12_000) && isNear(levels[1], 9_000) && isNear(levels[2], 5_000), "\(levels)")
    }

    @Test("When a snoop ends, packets are forwarded again, and the one who listened hears nothing")
    func ending() {
        for ending in 0..<3 {
            var scene = Scene()
            scene.snoop(SnoopDirections(spiesIn: true, whispersIn: true, whispersOut: true))
            _ = scene.converse([1_000, 4_000, 8_000])
            #expect(scene.bench.route(scene.phones[0]) == .tick && scene.bench.route(scene.phones[1]) == .tick)
            switch ending {
            case 0: scene.bench.apply(.snoop(nil, SnoopDirections()), scene.pipe.1)
            case 1: _ = scene.bench.graph.close(scene.pipe.1)
            default: _ = scene.bench.graph.close(scene.pipe.0)
            }
            // Without its other end a snoop goes on, silently, until it is closed as well.
            if ending == 2 { _ = scene.bench.graph.close(scene.pipe.1) }
            let levels = scene.converse([1_000, 4_000, 8_000])
            #expect(isNear(levels[0], 4_000) && isNear(levels[1], 1_000) && levels[2] == nil)
            #expect(scene.bench.route(scene.phones[0]) == .forward && scene.bench.route(scene.phones[1]) == .forward)
        }
    }

    @Test("Target and spy may use different codecs and rates")
    func rates() {
        var scene = Scene([.g722, .pcmu, .pcmu])
        scene.snoop(SnoopDirections(spiesOut: true, whispersOut: true))
        let levels = scene.converse([nil, 4_000, 8_000])
        #expect(isNear(levels[2], 4_000))
    }

    @Test("Several may snoop on one port, and a snoop on who listens harms nobody")
    func several() {
        var scene = Scene()
        let second = scene.bench.openPipe()
        var listener = [scene.bench.openPhone()]
        scene.bench.connect(listener[0].id, second.0)
        scene.snoop(SnoopDirections(spiesIn: true, whispersOut: true))
        scene.bench.apply(.snoop(scene.phones[2].id, SnoopDirections(spiesIn: true, spiesOut: true, whispersIn: true)), second.1)
        for _ in 0..<40 {
            scene.bench.speak(&listener[0], muLaw(500))
            scene.bench.speak(&scene.phones[0], muLaw(1_000))
            scene.bench.speak(&scene.phones[1], muLaw(4_000))
            scene.bench.speak(&scene.phones[2], muLaw(8_000))
            scene.bench.tick()
        }
        #expect(isNear(scene.bench.heard(listener[0]).last.map { level($0.payload) }, 9_000))
        #expect(isNear(scene.bench.heard(scene.phones[0]).last.map { level($0.payload) }, 12_500))
    }
}
