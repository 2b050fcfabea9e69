import CallCore

extension ARIHandlers {
    /// There are no recordings in this version, so none is ever found.
    mutating func addRecordings() {
        for id in ["recordings.getLive", "recordings.getStored"] {
            on(id) { _ in throw ARIError(404, "Recording not found") }
        }
    }
}
