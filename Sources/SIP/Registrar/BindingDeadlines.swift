/// A binary heap of expiry times. Entries of refreshed or removed bindings stay until they surface or are pruned.
struct BindingDeadlines: Sendable {
    private struct Entry {
        var deadline: SIPInstant
        var key: String
    }

    /// Outdated entries are tolerated up to this many beyond the live ones, and as many again as there are live ones.
    private static let tolerated = 64

    private var heap: [Entry] = []

    var next: SIPInstant? { heap.first?.deadline }

    mutating func add(_ deadline: SIPInstant, _ key: String) {
        heap.append(Entry(deadline: deadline, key: key))
        siftUp(heap.count - 1)
    }

    /// Takes the key of the earliest deadline that is not after `now`; nil when there is none.
    mutating func pop(until now: SIPInstant) -> String? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            siftDown(0)
        }
        return first.key
    }

    /// Drops outdated entries: those at the top always, so that `next` is a real deadline, and the rest when they are many.
    mutating func prune(liveCount: Int, isLive: (_ key: String, _ deadline: SIPInstant) -> Bool) {
        while let first = heap.first, !isLive(first.key, first.deadline) { _ = pop(until: first.deadline) }
        guard heap.count > 2 * liveCount + Self.tolerated else { return }
        struct Identity: Hashable {
            var deadline: SIPInstant
            var key: String
        }
        var seen: Set<Identity> = []
        heap = heap.filter { isLive($0.key, $0.deadline) && seen.insert(Identity(deadline: $0.deadline, key: $0.key)).inserted }
        heap.sort { $0.deadline < $1.deadline }
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].deadline < heap[least].deadline {
                least = child
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
