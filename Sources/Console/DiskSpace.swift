import Foundation

/// What is left on the disk of a folder.
struct DiskSpace: Sendable {
    var bytes: Int
    var totalBytes: Int

    /// Little enough to tell an administrator: less than a twentieth, and less than 2 GiB.
    var isLow: Bool { bytes < 2 << 30 && bytes < totalBytes / 20 }

    static func free(at path: String) -> DiskSpace? {
        guard let facts = try? FileManager.default.attributesOfFileSystem(forPath: path), let free = facts[.systemFreeSize] as? NSNumber,
            let total = facts[.systemSize] as? NSNumber
        else { return nil }
        return DiskSpace(bytes: free.intValue, totalBytes: total.intValue)
    }
}
