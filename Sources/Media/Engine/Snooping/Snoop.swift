/// What the end of a pipe that snoops on a leg keeps.
struct Snoop: ~Copyable {
    let target: Int32
    let directions: SnoopDirections
    /// The next who snoops on the same leg.
    var next = Leg.nobody
    private var spiedIn = RateFit()
    private var spiedOut = RateFit()
    private var whisperedIn = RateFit()
    private var whisperedOut = RateFit()

    init(target: Int32, directions: SnoopDirections) {
        self.target = target
        self.directions = directions
    }

    /// Gives what is spied, from what the target says and hears.
    mutating func spied(_ incoming: Frame?, _ outgoing: Frame?, _ arena: inout FrameArena) -> Frame? {
        let incoming = directions.spiesIn ? incoming : nil
        let outgoing = directions.spiesOut ? outgoing : nil
        let rate = max(incoming?.rate ?? 0, outgoing?.rate ?? 0)
        guard rate > 0 else { return nil }
        var sum = FrameSum(rate: rate)
        if let incoming { sum.add(spiedIn.fit(incoming, to: rate, &arena), &arena) }
        if let outgoing { sum.add(spiedOut.fit(outgoing, to: rate, &arena), &arena) }
        return sum.frame
    }

    /// Adds the whisper to what is said (`isIncoming`) or heard.
    mutating func add(_ whisper: Frame?, to frame: Frame?, isIncoming: Bool, _ arena: inout FrameArena) -> Frame? {
        guard let whisper else { return frame }
        guard let frame else { return whisper }
        var sum = FrameSum(rate: frame.rate)
        sum.add(frame, &arena)
        sum.add(isIncoming ? whisperedIn.fit(whisper, to: frame.rate, &arena) : whisperedOut.fit(whisper, to: frame.rate, &arena), &arena)
        return sum.frame
    }
}
