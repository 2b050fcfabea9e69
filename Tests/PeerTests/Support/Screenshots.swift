import Foundation

extension ServerProcess {
    /// Leaves the pictures that a browser made in `.build/screenshots`, where a person finds them.
    func keepScreenshots() throws {
        let kept = Peer.packageRoot.appendingPathComponent(".build/screenshots")
        try FileManager.default.createDirectory(at: kept, withIntermediateDirectories: true)
        let made = folder.appendingPathComponent("screenshots")
        for name in (try? FileManager.default.contentsOfDirectory(atPath: made.path)) ?? [] {
            let place = kept.appendingPathComponent(name)
            try? FileManager.default.removeItem(at: place)
            try FileManager.default.copyItem(at: made.appendingPathComponent(name), to: place)
        }
    }
}
