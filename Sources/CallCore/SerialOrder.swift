/// Keeps elements in the order of their serial numbers, the oldest first, so that lists need no sorting.
struct SerialOrder<Element> {
    private var serials: [UInt64] = []
    private(set) var elements: [Element] = []

    /// Adds an element; cheap for a serial that is the highest so far.
    mutating func insert(_ element: Element, serial: UInt64) {
        let place = serials.last.map { $0 < serial } ?? true ? serials.count : place(of: serial)
        serials.insert(serial, at: place)
        elements.insert(element, at: place)
    }

    /// Removes the element with that serial, if there is one.
    mutating func remove(serial: UInt64) {
        let place = place(of: serial)
        guard place < serials.count, serials[place] == serial else { return }
        serials.remove(at: place)
        elements.remove(at: place)
    }

    /// Finds the first place whose serial is not lower.
    private func place(of serial: UInt64) -> Int {
        var (low, high) = (0, serials.count)
        while low < high {
            let middle = (low + high) / 2
            if serials[middle] < serial { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
