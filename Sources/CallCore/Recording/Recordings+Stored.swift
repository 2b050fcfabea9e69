public import Media

/// What is kept of recordings that have ended. Each waits until the recording of that name, if it has just ended, is whole.
extension Recordings {
    /// Bytes read from a file at a time.
    static let pieceBytes = 65_536

    /// All recordings, by name.
    public func stored() async -> [RecordingEntry] {
        await withCheckedContinuation { continuation in store.list { continuation.resume(returning: $0) } }
    }

    /// All recordings, by name, with what their files tell.
    public func storedDetails() async -> [RecordingDetails] {
        await withCheckedContinuation { continuation in store.listDetails { continuation.resume(returning: $0) } }
    }

    /// Looks for a recording.
    public func find(_ name: RecordingName) async -> Result<RecordingEntry, RecordingError> {
        await settled(name)
        return await withCheckedContinuation { continuation in store.find(name) { continuation.resume(returning: $0) } }
    }

    /// Removes a recording.
    public func delete(_ name: RecordingName) async -> Result<Void, RecordingError> {
        await settled(name)
        let result = await withCheckedContinuation { continuation in store.delete(name) { continuation.resume(returning: $0) } }
        if case .success = result, self[name] == nil { owners[name] = [] }
        return result
    }

    /// Copies a recording under another name.
    public func copy(_ name: RecordingName, to other: RecordingName) async -> Result<RecordingEntry, RecordingError> {
        await settled(name)
        let result = await withCheckedContinuation { continuation in store.copy(name, to: other) { continuation.resume(returning: $0) } }
        if case .success = result { owners[other] = owners[name] }
        return result
    }

    /// Opens the file of a recording.
    public func open(_ name: RecordingName) async -> Result<RecordingContent, RecordingError> {
        await settled(name)
        return await withCheckedContinuation { continuation in store.open(name) { continuation.resume(returning: $0) } }
    }

    /// Reads what is left of a file that was opened; as far as it can be read.
    public func readAll(_ content: RecordingContent) async -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(content.byteCount)
        while case let piece = await read(content), !piece.isEmpty { bytes += piece }
        return bytes
    }

    /// Reads on in a file that was opened; no bytes at its end or when it can't be read.
    public func read(_ content: RecordingContent) async -> [UInt8] {
        await withCheckedContinuation { continuation in
            store.read(content, upTo: Self.pieceBytes) { continuation.resume(returning: (try? $0.get()) ?? []) }
        }
    }
}
