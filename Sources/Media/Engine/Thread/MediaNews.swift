/// What a media thread tells the control side at once.
///
/// `@unchecked Sendable`: the audio, the keys and the taps in it have one owner, who takes them once.
struct MediaNews: @unchecked Sendable {
    let events: [PortEvent]
    let datagrams: [PortDatagram]
    let discarded: [Unmanaged<AnyObject>]
    let endedTaps: [EndedTap]

    /// Lets go of audio and keys, and tells the owners of taps, on the control loop.
    func settle() {
        for audio in discarded { audio.release() }
        for tap in endedTaps { tap.tell() }
    }
}
