internal import Glibc

/// What the file system tells of a path.
enum SystemPath {
    /// Gives a path without links, nil when there is nothing there.
    static func real(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    /// Gives the names in a folder but the hidden ones; none when it can't be read.
    static func names(in folder: String, limit: Int) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var result: [String] = []
        while result.count < limit, let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if !name.hasPrefix(".") { result.append(name) }
        }
        return result
    }
}
