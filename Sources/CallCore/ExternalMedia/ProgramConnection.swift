/// A connection of a channel's audio to a program, while an application of the dialplan runs.
@CallActor
public protocol ProgramConnection: AnyObject {
    var audio: StreamedAudio { get }
    /// Ends the connection; nothing is called any more.
    func end()
}
