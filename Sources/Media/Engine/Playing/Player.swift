internal import Audio

/// Plays one item, frame by frame.
struct Player {
    private enum Source {
        case audio
        case tone
        case silence
        case feed
    }

    let token: UInt64
    /// Rate of what it gives, in Hz.
    let rate: Int
    var isPaused = false
    private let source: Source
    /// Keeps the source alive; given back through `discard`.
    private let kept: Unmanaged<AnyObject>?
    private let feed: Unmanaged<AudioFeed>?
    private let samples: UnsafePointer<Int16>?
    private let count: Int
    private let start: Int
    private let loops: Bool
    private var position: Int
    private let program: ToneProgram?
    private var tone: TonePlayer?
    private var tonePosition = 0

    /// Takes hold of an item; `rate` is used for what has no rate of its own.
    init(_ item: PlayItem, token: UInt64, rate wantedRate: Int) {
        self.token = token
        switch item {
        case .audio(let audio, let fromMs, let loop):
            source = .audio
            kept = .passRetained(audio)
            samples = UnsafePointer(audio.samples)
            count = audio.count
            rate = min(audio.sampleRate, FrameArena.maxRate)
            start = Self.samples(inMs: fromMs, rate: audio.sampleRate, limit: audio.count)
            loops = loop
            (program, tone, feed) = (nil, nil, nil)
        case .tone(let given):
            source = .tone
            (kept, feed, samples, count, start, loops) = (nil, nil, nil, 0, 0, false)
            rate = wantedRate
            program = given
            tone = TonePlayer(given, sampleRate: wantedRate)
        case .feed(let given):
            source = .feed
            kept = .passRetained(given)
            feed = .passUnretained(given)
            (samples, count, start, loops) = (nil, 0, 0, true)
            rate = given.sampleRate
            (program, tone) = (nil, nil)
        case .silence:
            source = .silence
            (kept, feed, samples, count, start, loops) = (nil, nil, nil, 0, 0, true)
            rate = wantedRate
            (program, tone) = (nil, nil)
        }
        position = start
    }

    /// Gives what must be released, away from the media thread.
    func discard() -> Unmanaged<AnyObject>? { kept }

    /// Gives the position in milliseconds.
    var positionMs: Int {
        let samples = source == .audio ? position : tonePosition
        return samples / max(1, rate) * 1_000 + samples % max(1, rate) * 1_000 / max(1, rate)
    }

    /// Gives the next frame; nil when there is none left, or none yet of a feed.
    mutating func next(_ arena: inout FrameArena) -> Frame? {
        switch source {
        case .audio: nextAudio(&arena)
        case .tone: nextTone(&arena)
        case .silence: nextSilence(arena)
        case .feed: feed?._withUnsafeGuaranteedRef { $0.next(&arena) }
        }
    }

    /// Tells whether there can be ticks without a frame before the end.
    var maySkip: Bool { source == .feed }

    /// Tells whether the last frame has been given.
    var isFinished: Bool {
        switch source {
        case .audio: position >= count && (!loops || count == 0)
        case .tone: tone?.isFinished ?? true
        case .silence, .feed: false
        }
    }

    /// Moves audio; before the start is the start.
    mutating func seek(byMs: Int) {
        guard source == .audio else { return }
        let distance = Self.samples(inMs: Int(clamping: byMs.magnitude), rate: rate, limit: count)
        position = byMs < 0 ? max(0, position - distance) : min(count, position + distance)
    }

    /// Goes back to where the item began.
    mutating func restart() {
        position = start
        tonePosition = 0
        if let program { tone = TonePlayer(program, sampleRate: rate) }
    }

    private mutating func nextAudio(_ arena: inout FrameArena) -> Frame? {
        let wanted = Frame.count(atRate: rate)
        guard let samples, count > 0 else { return nil }
        if position >= count, loops { position = 0 }
        guard position < count else { return nil }
        if count - position >= wanted {
            defer { position += wanted }
            return Frame(samples: samples + position, count: wanted, rate: rate)
        }
        let copy = arena.take(wanted)
        var filled = 0
        while filled < wanted, position < count {
            let step = min(wanted - filled, count - position)
            (copy + filled).update(from: samples + position, count: step)
            filled += step
            position += step
            if position == count, loops { position = 0 }
        }
        (copy + filled).update(repeating: 0, count: wanted - filled)
        return Frame(samples: copy, count: wanted, rate: rate)
    }

    private mutating func nextTone(_ arena: inout FrameArena) -> Frame? {
        let wanted = Frame.count(atRate: rate)
        let samples = arena.take(wanted)
        let made = tone?.fill(samples, wanted) ?? 0
        guard made > 0 else { return nil }
        (samples + made).update(repeating: 0, count: wanted - made)
        tonePosition &+= made
        return Frame(samples: samples, count: wanted, rate: rate)
    }

    private mutating func nextSilence(_ arena: borrowing FrameArena) -> Frame? {
        tonePosition &+= Frame.count(atRate: rate)
        return arena.silentFrame(rate: rate)
    }

    private static func samples(inMs ms: Int, rate: Int, limit: Int) -> Int {
        let ms = min(max(ms, 0), 1_000_000_000)
        return min(limit, ms * rate / 1_000)
    }
}
