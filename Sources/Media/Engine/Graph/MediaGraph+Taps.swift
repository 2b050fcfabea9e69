internal import Audio

/// Copies of what is heard at a port.
extension MediaGraph {
    mutating func addTap(_ tap: AudioTap, to index: Int32) {
        let node = UnsafeMutablePointer<TapNode>.allocate(capacity: 1)
        node.initialize(to: TapNode(tap: .passRetained(tap), next: legs[Int(index)].taps))
        legs[Int(index)].taps = node
        updateActive(index)
    }

    mutating func removeTap(_ tap: AudioTap, from index: Int32) {
        dropTaps(of: index, as: .removed) { $0.toOpaque() == Unmanaged.passUnretained(tap).toOpaque() }
        updateActive(index)
    }

    /// Ends all taps of a port that closes.
    mutating func dropTaps(_ index: Int32) {
        dropTaps(of: index, as: .portClosed) { _ in true }
    }

    private mutating func dropTaps(of index: Int32, as end: AudioTap.End, where isWanted: (Unmanaged<AudioTap>) -> Bool) {
        var before: UnsafeMutablePointer<TapNode>?
        var node = legs[Int(index)].taps
        while let at = node {
            node = at.pointee.next
            guard isWanted(at.pointee.tap) else {
                before = at
                continue
            }
            endedTaps.append(EndedTap(tap: at.pointee.tap, end: end))
            if let before { before.pointee.next = node } else { legs[Int(index)].taps = node }
            at.deallocate()
        }
    }

    /// Gives every tap of a port its frame of this tick.
    mutating func feedTaps(_ index: Int32) {
        var node = legs[Int(index)].taps
        while let at = node {
            node = at.pointee.next
            let end = at.pointee.tap._withUnsafeGuaranteedRef { feed($0, at: index) }
            if let end {
                let ended = at.pointee.tap.toOpaque()
                dropTaps(of: index, as: end) { $0.toOpaque() == ended }
                if legs[Int(index)].taps == nil { return change(index) }
            }
        }
    }

    private mutating func feed(_ tap: AudioTap, at index: Int32) -> AudioTap.End? {
        guard legs[Int(index)].kind != .mixer else {
            let frames = tap.part == .sides ? sides(of: index) : (mixed(index), nil)
            return tap.take(frames.0, frames.1, &arena)
        }
        if tap.part == .heard { return tap.take(outgoing(index), nil, &arena) }
        let said = incoming(index)
        let heard = tap.part == .said ? nil : outgoing(index)
        if tap.isLive {
            guard said != nil || heard != nil else { return nil }
            emit(.audioTapped, from: index)
        }
        return tap.take(said, heard, &arena)
    }
}
