/// Hands out the places of one media thread's table, the lowest first, so that the memory in use stays together.
///
/// Kept on the control side; a place comes back when the media thread has let go of it.
struct PortPlaces {
    let limit: Int
    private var generations: [UInt32] = []
    /// A binary heap of the free places below `generations.count`.
    private var free: [Int32] = []

    init(limit: Int) { self.limit = max(1, min(limit, Int(Int32.max))) }

    /// Counts the places in use.
    var used: Int { generations.count - free.count }

    /// Takes the lowest free place; nil when all are taken.
    mutating func take() -> PortID? {
        if let index = popLowest() { return PortID(index: index, generation: generations[Int(index)]) }
        guard generations.count < limit else { return nil }
        generations.append(1)
        return PortID(index: Int32(generations.count - 1), generation: 1)
    }

    /// Gives a place back; false when it was not taken by this user.
    @discardableResult
    mutating func giveBack(_ id: PortID) -> Bool {
        let index = Int(id.index)
        guard generations.indices.contains(index), generations[index] == id.generation else { return false }
        generations[index] = max(1, (id.generation &+ 1) & PortID.generationMask)
        push(id.index)
        return true
    }

    private mutating func push(_ index: Int32) {
        free.append(index)
        var child = free.count - 1
        while child > 0, free[(child - 1) / 2] > free[child] {
            free.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func popLowest() -> Int32? {
        guard let lowest = free.first, let last = free.popLast() else { return nil }
        guard !free.isEmpty else { return lowest }
        free[0] = last
        var parent = 0
        while true {
            var smallest = parent
            for child in [parent * 2 + 1, parent * 2 + 2] where child < free.count && free[child] < free[smallest] { smallest = child }
            if smallest == parent { return lowest }
            free.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
