/// Names one scheduled timer of a `TimerWheel`; stays harmless after the timer has fired or was cancelled.
public struct TimerID: Sendable, Hashable {
    @usableFromInline let index: Int32
    @usableFromInline let generation: UInt32

    @inlinable
    init(index: Int32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }
}

/// Holds any number of timers with O(1) scheduling and cancelling, at a resolution of 10 ms.
///
/// A hierarchical wheel: seven levels of 64 slots, each slot a doubly linked list through one array of nodes that are
/// reused, so that the steady state allocates nothing. A timer never fires early and at most one resolution late.
/// The wheel knows no clock: `advance(to:into:)` tells it the time.
public struct TimerWheel<Token: Sendable>: Sendable {
    /// The width of the finest slot, in nanoseconds.
    @inlinable public static var resolutionNs: UInt64 { 10_000_000 }

    // Seven levels of six bits span 2^42 ticks of 10 ms, more than the 2^64 ns that an instant can express.
    @usableFromInline static var levelCount: Int { 7 }
    @usableFromInline static var slotBits: Int { 6 }
    @usableFromInline static var slotsPerLevel: Int { 64 }
    @usableFromInline static var none: Int32 { -1 }

    @usableFromInline
    struct Node: Sendable {
        @usableFromInline var token: Token?
        @usableFromInline var tick: UInt64
        @usableFromInline var generation: UInt32
        @usableFromInline var slot: Int32
        @usableFromInline var previous: Int32
        @usableFromInline var next: Int32

        @inlinable
        init(token: Token?, tick: UInt64, generation: UInt32, slot: Int32, previous: Int32, next: Int32) {
            self.token = token
            self.tick = tick
            self.generation = generation
            self.slot = slot
            self.previous = previous
            self.next = next
        }
    }

    @usableFromInline var nodes: [Node] = []
    @usableFromInline var firstFree: Int32 = -1
    /// What new nodes start with, so that no name of a timer long gone is given again.
    @usableFromInline var firstGeneration: UInt32 = 0
    @usableFromInline var heads: [Int32]
    @usableFromInline var tails: [Int32]
    @usableFromInline var occupied: [UInt64]
    /// Everything before this tick has fired.
    @usableFromInline var elapsed: UInt64

    @usableFromInline var pending = 0

    /// The number of timers pending.
    @inlinable public var count: Int { pending }

    /// Makes an empty wheel whose time starts at `now`.
    @inlinable
    public init(now: SIPInstant = SIPInstant(nanoseconds: 0)) {
        heads = [Int32](repeating: Self.none, count: Self.levelCount * Self.slotsPerLevel)
        tails = heads
        occupied = [UInt64](repeating: 0, count: Self.levelCount)
        elapsed = now.nanoseconds / Self.resolutionNs
    }

    @inlinable public var isEmpty: Bool { pending == 0 }

    /// Schedules a timer; a deadline that has passed fires at the next advance.
    @inlinable
    public mutating func schedule(_ token: Token, at deadline: SIPInstant) -> TimerID {
        let index = takeNode(token, tick: max(elapsed, Self.tickNotBefore(deadline)))
        link(index)
        pending &+= 1
        return TimerID(index: index, generation: nodes[Int(index)].generation)
    }

    /// Cancels a timer; returns its token, or nil when it has fired or was cancelled before.
    @inlinable
    @discardableResult
    public mutating func cancel(_ id: TimerID) -> Token? {
        let index = Int(id.index)
        guard nodes.indices.contains(index), nodes[index].generation == id.generation, nodes[index].token != nil else {
            return nil
        }
        unlink(id.index)
        return release(id.index)
    }

    /// Moves the time on and appends the tokens of the timers that are due, in the order of their ticks.
    @inlinable
    public mutating func advance(to now: SIPInstant, into fired: inout [Token]) {
        let target = now.nanoseconds / Self.resolutionNs
        while let (level, slot, start) = nextOccupied(), start <= target {
            elapsed = max(elapsed, start)
            empty(level: level, slot: slot, into: &fired)
        }
        elapsed = max(elapsed, target)
    }

    /// Moves the time on and returns the tokens of the timers that are due.
    @inlinable
    public mutating func advance(to now: SIPInstant) -> [Token] {
        var fired: [Token] = []
        advance(to: now, into: &fired)
        return fired
    }

    /// When to call `advance` next: never later than the earliest deadline (rounded up to the resolution), sometimes
    /// earlier, for the wheel to sort far timers into finer slots. Nil when nothing is pending.
    @inlinable
    public var nextDeadline: SIPInstant? {
        guard let (_, _, start) = nextOccupied() else { return nil }
        let (nanoseconds, overflow) = max(start, elapsed).multipliedReportingOverflow(by: Self.resolutionNs)
        return SIPInstant(nanoseconds: overflow ? .max : nanoseconds)
    }

    @inlinable
    static func tickNotBefore(_ deadline: SIPInstant) -> UInt64 {
        let (tick, remainder) = deadline.nanoseconds.quotientAndRemainder(dividingBy: resolutionNs)
        return remainder == 0 ? tick : tick &+ 1
    }

    // MARK: - Slots

    // What follows is inlinable, hence not private, so that other modules get it specialised for their tokens.

    /// The level at which two ticks part: the finest one whose slot still tells `tick` from now.
    @inlinable
    func level(of tick: UInt64) -> Int {
        let differing = (elapsed ^ tick) | 63
        return min((63 &- differing.leadingZeroBitCount) / Self.slotBits, Self.levelCount &- 1)
    }

    /// The finest occupied slot in the future and the tick at which it starts.
    @inlinable
    func nextOccupied() -> (level: Int, slot: Int, start: UInt64)? {
        for level in 0..<Self.levelCount where occupied[level] != 0 {
            // Slots of a level lie in the current block of that level and never behind now, so the lowest bit is next.
            let slot = occupied[level].trailingZeroBitCount
            let shift = UInt64(level &* Self.slotBits)
            let block = (elapsed >> (shift &+ 6)) << (shift &+ 6)
            return (level, slot, block | (UInt64(slot) << shift))
        }
        return nil
    }

    @inlinable
    mutating func empty(level: Int, slot: Int, into fired: inout [Token]) {
        let position = level &* Self.slotsPerLevel &+ slot
        var index = heads[position]
        heads[position] = Self.none
        tails[position] = Self.none
        occupied[level] &= ~(1 << UInt64(slot))
        while index != Self.none {
            let next = nodes[Int(index)].next
            if level == 0 {
                if let token = release(index) { fired.append(token) }
            } else {
                link(index)
            }
            index = next
        }
    }

    @inlinable
    mutating func link(_ index: Int32) {
        let tick = nodes[Int(index)].tick
        let level = level(of: tick)
        let slot = Int((tick >> UInt64(level &* Self.slotBits)) & 63)
        let position = level &* Self.slotsPerLevel &+ slot
        let last = tails[position]
        nodes[Int(index)].slot = Int32(truncatingIfNeeded: position)
        nodes[Int(index)].previous = last
        nodes[Int(index)].next = Self.none
        if last == Self.none { heads[position] = index } else { nodes[Int(last)].next = index }
        tails[position] = index
        occupied[level] |= 1 << UInt64(slot)
    }

    @inlinable
    mutating func unlink(_ index: Int32) {
        let node = (previous: nodes[Int(index)].previous, next: nodes[Int(index)].next)
        let position = Int(nodes[Int(index)].slot)
        if node.previous == Self.none { heads[position] = node.next } else { nodes[Int(node.previous)].next = node.next }
        if node.next == Self.none { tails[position] = node.previous } else { nodes[Int(node.next)].previous = node.previous }
        if heads[position] == Self.none {
            occupied[position / Self.slotsPerLevel] &= ~(1 << UInt64(position % Self.slotsPerLevel))
        }
    }

    // MARK: - Nodes

    @inlinable
    mutating func takeNode(_ token: Token, tick: UInt64) -> Int32 {
        guard firstFree != Self.none else {
            // A wheel of 2^31 timers would need 100 GB first; the cast cannot lose bits before memory ends.
            let index = Int32(truncatingIfNeeded: nodes.count)
            nodes.append(
                Node(
                    token: token, tick: tick, generation: firstGeneration, slot: Self.none, previous: Self.none, next: Self.none))
            return index
        }
        let index = firstFree
        firstFree = nodes[Int(index)].next
        nodes[Int(index)].token = token
        nodes[Int(index)].tick = tick
        return index
    }

    /// Gives back the memory behind the last timer pending, after a busy time.
    public mutating func dropSpareNodes() {
        let kept = (nodes.lastIndex { $0.token != nil } ?? -1) + 1
        guard nodes.count - kept > 1_024 else { return }
        firstGeneration = nodes[kept...].reduce(firstGeneration) { max($0, $1.generation) } &+ 1
        nodes = Array(nodes[..<kept])
        firstFree = Self.none
        for index in nodes.indices.reversed() where nodes[index].token == nil {
            nodes[index].next = firstFree
            firstFree = Int32(truncatingIfNeeded: index)
        }
    }

    @inlinable
    mutating func release(_ index: Int32) -> Token? {
        let token = nodes[Int(index)].token.take()
        nodes[Int(index)].generation &+= 1
        nodes[Int(index)].next = firstFree
        firstFree = index
        pending &-= 1
        return token
    }
}
