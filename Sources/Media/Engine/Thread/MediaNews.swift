/// What a media thread tells the control side at once.
///
/// `@unchecked Sendable`: the audio and the taps in it have one owner, who takes them once.
struct MediaNews: @unchecked Sendable {
    let events: [PortEvent]
    let discarded: [Unmanaged<AnyObject>]
    let endedTaps: [EndedTap]

    /// Lets go of audio and tells the owners of taps, on the control loop.
    func settle() {
        for audio in discarded { audio.release() }
        for tap in endedTaps { tap.tell() }
    }
}
