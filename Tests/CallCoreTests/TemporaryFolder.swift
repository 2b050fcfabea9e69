import Foundation

/// The name of a folder that is removed when the test lets go of it.
final class TemporaryFolder: Sendable {
    let path = FileManager.default.temporaryDirectory.appending(path: "arioso-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
