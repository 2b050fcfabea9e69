import Dialplan
import Media

extension DialplanFunction {
    /// TALK_DETECT(set)=silence in ms,threshold and TALK_DETECT(remove)
    static let talkDetect = DialplanFunction(write: { call, value in
        guard let channel = call.channel else { return false }
        switch call[0].lowercased() {
        case "set":
            guard let detection = TalkDetection(arguments: value.splitArguments().map(\.trimmed.string)) else { return false }
            channel.detectTalk(detection)
        case "remove":
            channel.detectTalk(nil)
        default:
            return false
        }
        return true
    })

    /// TONE_DETECT(frequency[,duration in ms[,options]]) and, to read, TONE_DETECT(rx|tx)
    static let toneDetect = DialplanFunction(
        read: { call in
            guard let hits = call.channel?.detection.toneHits else { return nil }
            switch call[0].lowercased() {
            case "rx": return ExpandedText(String(hits.received))
            case "tx": return ExpandedText(String(hits.transmitted))
            default: return nil
            }
        },
        write: { call, _ in
            guard let channel = call.channel else { return false }
            guard let options = ToneOptions(call[2]) else {
                channel.core.log.warning(
                    "TONE_DETECT has an option that is not supported, of d(dB) e n(hits) r t x", channel: channel, detail: call[2])
                return false
            }
            if options.removes {
                channel.detectTone(nil)
                return true
            }
            guard let detection = ToneDetection(frequency: call[0], durationMs: call[1], options) else { return false }
            channel.detectTone(detection, maxHits: options.ends ? options.hits : nil)
            return true
        })
}

/// Reads a whole number from 1 to 2^31 - 1; the default when nothing is given, nil when something else is.
private func positive(_ text: String, default standard: Int) -> Int? {
    guard !text.isEmpty else { return standard }
    return Int32(text).flatMap { $0 > 0 ? Int($0) : nil }
}

extension TalkDetection {
    /// Reads `silence in ms,threshold`; either may be left out.
    fileprivate init?(arguments: [String]) {
        let standard = TalkDetection()
        guard let silenceMs = positive(arguments.first ?? "", default: standard.silenceMs),
            let threshold = positive(arguments.count > 1 ? arguments[1] : "", default: standard.threshold)
        else { return nil }
        self.init(silenceMs: silenceMs, threshold: threshold)
    }
}

extension ToneDetection {
    fileprivate init?(frequency: String, durationMs: String, _ options: ToneOptions) {
        guard let hertz = Int32(frequency), hertz > 0, let ms = positive(durationMs, default: 500) else { return nil }
        // Neither direction named means both.
        let isEither = options.received == options.transmitted
        self.init(
            frequency: Int(hertz), durationMs: ms, thresholdDB: options.thresholdDB,
            incoming: isEither || options.received, outgoing: isEither || options.transmitted)
    }
}

/// The options of TONE_DETECT.
struct ToneOptions: Equatable {
    /// `r`: listen to what the far end says.
    var received = false
    /// `t`: listen to what the far end hears.
    var transmitted = false
    /// `x`: stop listening.
    var removes = false
    /// `e`: stop listening after `hits`.
    var ends = false
    /// `n(…)`
    var hits = 1
    /// `d(…)`
    var thresholdDB = 16.0

    /// Highest threshold in dB; no tone is cleaner than sixteen bits can tell.
    static let maxThresholdDB = 96.0

    init() {}

    /// Reads letters, each with its argument in parentheses if it has one; nil for one that is unknown or wrong.
    init?(_ text: String) {
        var rest = text[...]
        while let letter = rest.popFirst() {
            guard take(letter, Self.takeArgument(&rest)) else { return nil }
        }
    }

    private static func takeArgument(_ rest: inout Substring) -> Substring? {
        guard rest.first == "(", let end = rest.firstIndex(of: ")") else { return nil }
        defer { rest = rest[rest.index(after: end)...] }
        return rest[rest.index(after: rest.startIndex)..<end]
    }

    private mutating func take(_ letter: Character, _ argument: Substring?) -> Bool {
        switch letter {
        case "r": received = true
        case "t": transmitted = true
        case "x": removes = true
        case "e": ends = true
        case "n":
            guard let count = argument.flatMap({ Int32($0) }), count > 0 else { return false }
            hits = Int(count)
        case "d":
            guard let level = argument.flatMap({ Double($0) }), (1...Self.maxThresholdDB).contains(level) else { return false }
            thresholdDB = level
        default: return false
        }
        return true
    }
}
