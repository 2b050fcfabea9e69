internal import Foundation

/// Reads text files from disk.
enum TextFile {
    struct ReadError: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads a regular file of UTF-8 text.
    static func read(_ path: String, maxBytes: Int) throws(ReadError) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ReadError(description: "there is no \(path)")
        }
        if isFolder.boolValue { throw ReadError(description: "\(path) is a folder") }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw ReadError(description: "\(path) may not be read by this user")
        }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: maxBytes + 1) ?? Data() else {
            throw ReadError(description: "\(path) could not be read to its end")
        }
        guard data.count <= maxBytes else { throw ReadError(description: "\(path) is larger than \(maxBytes) bytes") }
        guard let text = String(data: data, encoding: .utf8) else { throw ReadError(description: "\(path) is not UTF-8 text") }
        return text
    }

    /// Gives a function that reads files by their path as it is seen from a folder.
    static func reader(in folder: String) -> @Sendable (String) throws -> String {
        { try read($0.hasPrefix("/") ? $0 : "\(folder)/\($0)", maxBytes: ConfigurationLimits.fileBytes) }
    }

    /// Gives the folder of a file.
    static func folder(of path: String) -> String {
        URL(fileURLWithPath: path).deletingLastPathComponent().path
    }
}
