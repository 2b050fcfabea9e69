/// The checked name of a recording: a path without extension below the folder of recordings, such as `meetings/2026-11-23`.
public struct RecordingName: Sendable, Hashable, CustomStringConvertible {
    /// Longest name in bytes.
    public static let maxBytes = 1_024
    /// Longest part between two slashes in bytes; an extension fits behind it.
    static let maxPartBytes = 240
    static let maxParts = 8

    /// The name as it was given.
    public let description: String

    /// Checks a name; nil when it is empty, too long, holds control characters, or has a part that is empty, `.` or `..`: none leads out of
    /// the folder.
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= Self.maxBytes, !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count <= Self.maxParts else { return nil }
        for part in parts {
            guard !part.isEmpty, part.count <= Self.maxPartBytes, !part.elementsEqual(".".utf8), !part.elementsEqual("..".utf8) else {
                return nil
            }
        }
        description = text
    }

    /// The folders on the way, outermost first, each with those before it.
    var folders: [Substring] {
        description.indices.filter { description[$0] == "/" }.map { description[..<$0] }
    }
}
