internal import Foundation

/// Makes the data folder and an empty database file that only their owner may read.
enum DataFolder {
    /// - Returns: whether the database file was made now.
    static func prepare(_ folder: String, database: String) throws(StoreError) -> Bool {
        let files = FileManager.default
        var isFolder: ObjCBool = false
        if files.fileExists(atPath: folder, isDirectory: &isFolder) {
            guard isFolder.boolValue else { throw .folder(path: folder, reason: "it is a file") }
        } else {
            do {
                try files.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw .folder(path: folder, reason: error.localizedDescription)
            }
        }
        if files.fileExists(atPath: database) {
            // It holds passwords. A failure shows when the file is opened.
            try? files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: database)
            return false
        }
        // SQLite gives its side files the mode of this one.
        guard files.createFile(atPath: database, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw .folder(path: folder, reason: "no file can be made in it")
        }
        return true
    }
}
