public import Media

/// The recordings that wait or run, and where recordings are kept.
@CallActor
public final class Recordings {
    /// The folder; recordings that run keep the one they began in.
    public var store: RecordingStore
    /// To which applications the stored ones belong.
    public let owners: RecordingOwners
    private var live: [RecordingName: Recording] = [:]
    /// Recordings that have ended, whose files are not whole yet, and who waits for them.
    private var settling: [RecordingName: [@CallActor () -> Void]] = [:]

    init(store: RecordingStore, owners: RecordingOwners) {
        self.store = store
        self.owners = owners
    }

    /// The recording of that name that waits or runs.
    public subscript(name: RecordingName) -> Recording? { live[name] }

    func insert(_ recording: Recording) {
        live[recording.request.name] = recording
        let before = recording.request.existing == .append ? owners[recording.request.name] : []
        owners[recording.request.name] = before.union(recording.target.applications)
    }

    func remove(_ recording: Recording) {
        if live[recording.request.name] === recording { live[recording.request.name] = nil }
    }

    func isSettling(_ recording: Recording) {
        if settling[recording.request.name] == nil { settling[recording.request.name] = [] }
    }

    func settled(_ recording: Recording) {
        for waiter in settling.removeValue(forKey: recording.request.name) ?? [] { waiter() }
    }

    /// Runs `action` once the file of a recording that has ended is whole: at once when there is none to wait for.
    func whenSettled(_ name: RecordingName, _ action: @escaping @CallActor () -> Void) {
        if settling[name] == nil { action() } else { settling[name]?.append(action) }
    }

    /// Waits until the file of a recording that has ended is whole.
    public func settled(_ name: RecordingName) async {
        guard settling[name] != nil else { return }
        await withCheckedContinuation { continuation in whenSettled(name) { continuation.resume() } }
    }
}
