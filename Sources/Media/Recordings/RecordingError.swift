/// Tells why a recording could not be made, found or changed.
public enum RecordingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no recording of that name.
    case notFound
    /// There is one already.
    case exists
    /// The file that was to be continued holds another kind of audio.
    case otherFormat(String)
    /// The name leads out of the folder through a link.
    case forbidden
    /// The system refused; `reason` is its text.
    case system(path: String, reason: String)
    /// Too much is being asked of the store.
    case overloaded

    public var description: String {
        switch self {
        case .notFound: "there is no such recording"
        case .exists: "there is a recording of that name already"
        case .otherFormat(let found): "the recording of that name is of another format: \(found)"
        case .forbidden: "the name leads out of the folder of recordings"
        case .system(let path, let reason): "\(path): \(reason)"
        case .overloaded: "too many recordings are waiting for the disk"
        }
    }
}
