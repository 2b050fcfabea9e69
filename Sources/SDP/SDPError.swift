/// Says why bytes are no session description; line numbers begin at 1.
public enum SDPError: Error, Equatable, CustomStringConvertible {
    case tooLong(bytes: Int)
    case tooManyLines
    case lineTooLong(line: Int)
    case tooManyMediaSections(line: Int)
    case tooManyAttributes(line: Int)
    case tooManyFormats(line: Int)
    /// A line that is not a letter, "=" and a value.
    case badLine(line: Int)
    case badVersion(line: Int)
    case badOrigin(line: Int)
    case badConnection(line: Int)
    case badMedia(line: Int)
    case missingVersion
    case missingOrigin

    public var description: String {
        switch self {
        case .tooLong(let bytes): "SDP has \(bytes) bytes; at most \(SDPLimits.bytes) are read"
        case .tooManyLines: "SDP has more than \(SDPLimits.lines) lines"
        case .lineTooLong(let line): "SDP line \(line) is longer than \(SDPLimits.lineBytes) bytes"
        case .tooManyMediaSections(let line): "SDP line \(line) begins more than \(SDPLimits.mediaSections) media sections"
        case .tooManyAttributes(let line): "SDP line \(line) is beyond \(SDPLimits.attributes) attributes of one section"
        case .tooManyFormats(let line): "SDP line \(line) has more than \(SDPLimits.formats) formats"
        case .badLine(let line): "SDP line \(line) is not a letter followed by \"=\""
        case .badVersion(let line): "SDP line \(line) is not \"v=0\""
        case .badOrigin(let line): "SDP line \(line) is not \"o=<user> <id> <version> IN <IP4|IP6> <address>\""
        case .badConnection(let line): "SDP line \(line) is not \"c=IN <IP4|IP6> <address>\""
        case .badMedia(let line): "SDP line \(line) is not \"m=<media> <port> <transport> <format> …\""
        case .missingVersion: "SDP has no v= line"
        case .missingOrigin: "SDP has no o= line"
        }
    }
}
