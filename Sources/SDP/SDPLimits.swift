/// Bounds of what is parsed; a description beyond one of them is refused.
public enum SDPLimits {
    /// Bytes of a whole description.
    public static let bytes = 65_536
    /// Lines of a whole description, empty ones included.
    public static let lines = 2_000
    /// Bytes of one line.
    public static let lineBytes = 4_096
    /// Media sections.
    public static let mediaSections = 32
    /// Attributes of the session, and of each media section.
    public static let attributes = 500
    /// Formats in one m= line.
    public static let formats = 64
}
