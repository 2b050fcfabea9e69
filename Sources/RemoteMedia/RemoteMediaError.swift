/// Why a file on another host can't be played.
public enum RemoteMediaError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not `http://host/path` or `https://host/path`.
    case badAddress(String)
    case hostNotAllowed(String)
    case unknownFormat(String)
    case tooLarge(bytes: Int)
    case refused(status: Int)
    case tooManyRedirects
    case overloaded
    case failed(String)

    public var description: String {
        switch self {
        case .badAddress(let text): "'\(text)' is no address such as https://host/file.wav"
        case .hostNotAllowed(let host): "nothing is fetched from \(host): add it to remoteMedia.hosts"
        case .unknownFormat(let text): "\(text) is no sound file that is known: wav, ulaw, alaw, g722, gsm, sln…"
        case .tooLarge(let bytes): "the file is larger than \(bytes) bytes, which remoteMedia.maxFileMegabytes allows"
        case .refused(let status): "the other host answered with \(status)"
        case .tooManyRedirects: "the other host sends from one address to the next"
        case .overloaded: "too much is being fetched"
        case .failed(let reason): reason
        }
    }
}
