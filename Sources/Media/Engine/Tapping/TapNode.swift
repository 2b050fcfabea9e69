/// One of the taps of a leg: a list through `next`.
struct TapNode {
    /// Kept until the tap's end is told to the control side.
    let tap: Unmanaged<AudioTap>
    var next: UnsafeMutablePointer<TapNode>?
}

/// A tap that has got its last frame.
struct EndedTap {
    let tap: Unmanaged<AudioTap>
    let end: AudioTap.End

    /// Tells the tap's owner, on the control loop; once.
    func tell() {
        let tap = tap.takeRetainedValue()
        tap.onEnd(end)
    }
}
