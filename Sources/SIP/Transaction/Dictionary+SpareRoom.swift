extension Dictionary {
    /// Moves into a smaller table when this one is nearly empty.
    package mutating func dropSpareRoom() {
        guard capacity > 1_024, count < capacity / 8 else { return }
        self = Dictionary(uniqueKeysWithValues: map { ($0.key, $0.value) })
    }
}
