import ARIModel
import CallCore
import Media

extension ARIHandlers {
    mutating func addRecordings(_ core: CallCore) {
        addLiveRecordings(core)
        addStoredRecordings(core)
        onAsync("channels.record") { call in
            _ = try recordLimits(call)
            _ = try core.recordable(call)
            let request = try await core.admit(try recordRequest(call), call)
            guard let recording = try core.recordable(call).record(request) else { throw ARIError(500, "Internal Server Error") }
            return .created(recording.snapshot, at: "recordings", "live", request.name.description)
        }
        onAsync("bridges.record") { call in
            _ = try core.stasisBridge(call)
            if let format = call.nonEmpty("recorder_format"), !CallCore.isKnownFormat(format) {
                throw ARIError(422, "specified recorder_format is unknown on this system")
            }
            let request = try await core.admit(try recordRequest(call), call)
            guard let recording = try core.stasisBridge(call).record(request) else { throw ARIError(500, "Internal Server Error") }
            return .created(recording.snapshot, at: "recordings", "live", request.name.description)
        }
    }

    private mutating func addLiveRecordings(_ core: CallCore) {
        on("recordings.getLive") { call in .ok(try core.liveRecording(call).snapshot) }
        on("recordings.stop") { call in
            try core.liveRecording(call).stop()
            return .noContent
        }
        on("recordings.cancel") { call in
            try core.liveRecording(call).cancel()
            return .noContent
        }
        func control(_ id: String, _ action: @escaping @CallActor (Recording) throws(Recording.NotInSession) -> Void) {
            on("recordings.\(id)") { call in
                let recording = try core.liveRecording(call)
                do {
                    try action(recording)
                } catch {
                    throw ARIError(409, "Recording not in session")
                }
                return .noContent
            }
        }
        control("pause") { recording throws(Recording.NotInSession) in try recording.setPaused(true) }
        control("unpause") { recording throws(Recording.NotInSession) in try recording.setPaused(false) }
        control("mute") { recording throws(Recording.NotInSession) in try recording.setMuted(true) }
        control("unmute") { recording throws(Recording.NotInSession) in try recording.setMuted(false) }
    }

    private mutating func addStoredRecordings(_ core: CallCore) {
        onAsync("recordings.listStored") { call in
            let all = await core.recordings.stored()
            return .ok(
                (call.scope.isEverything ? all : all.filter { RecordingName($0.name).map { core.mayUse($0, call) } ?? false }).map(
                    StoredRecording.init))
        }
        onAsync("recordings.getStored") { call in
            .ok(StoredRecording(try await core.recordings.find(try core.storedName(call)).get(otherwise: 500, "Internal Server Error")))
        }
        onAsync("recordings.deleteStored") { call in
            try await core.recordings.delete(try core.storedName(call)).get(otherwise: 500, "Delete failed")
            return .noContent
        }
        onAsync("recordings.getStoredFile") { call in
            let content = try await core.recordings.open(try core.storedName(call)).get(otherwise: 403, "Recording could not be opened")
            return ARIResponse(200, body: .file(core.stream(content)))
        }
        onAsync("recordings.copyStored") { call in
            guard let text = call.nonEmpty("destinationRecordingName") else { throw ARIError(400, "Invalid destination recording name") }
            let name = try core.storedName(call)
            guard let destination = RecordingName(text) else { throw ARIError(403, "Destination file path is forbidden") }
            if core.recordings[destination] != nil { throw ARIError.recordingExists }
            let copy = try await core.recordings.copy(name, to: destination).get(otherwise: 500, "Copy failed")
            return .ok(StoredRecording(copy))
        }
    }
}

extension ARIError {
    fileprivate static let recordingNotFound = ARIError(404, "Recording not found")
    fileprivate static let recordingExists = ARIError(409, "A recording with the same name already exists on the system")
}

extension Result where Failure == RecordingError {
    /// Gives the value or throws what the client is told; `status` and `message` are for what went wrong on the disk.
    fileprivate func get(otherwise status: Int, _ message: String) throws(ARIError) -> Success {
        switch self {
        case .success(let value): return value
        case .failure(.notFound): throw .recordingNotFound
        case .failure(.exists): throw .recordingExists
        case .failure(.forbidden): throw ARIError(403, "Destination file path is forbidden")
        case .failure: throw ARIError(status, message)
        }
    }
}

extension StoredRecording {
    fileprivate init(_ entry: RecordingEntry) {
        self.init(name: entry.name, format: entry.formatName)
    }
}

private func recordingName(_ call: ARICall) throws(ARIError) -> RecordingName {
    guard let name = RecordingName(call.path("recordingName")) else { throw .recordingNotFound }
    return name
}

/// Reads the limits of a recording in seconds.
private func recordLimits(_ call: ARICall) throws(ARIError) -> (duration: Int, silence: Int) {
    let limits = (call.int("maxDurationSeconds"), call.int("maxSilenceSeconds"))
    if limits.0 < 0 { throw ARIError(400, "max_duration_seconds cannot be negative") }
    if limits.1 < 0 { throw ARIError(400, "max_silence_seconds cannot be negative") }
    return limits
}

/// Reads what is to be recorded, and how.
private func recordRequest(_ call: ARICall) throws(ARIError) -> RecordRequest {
    guard let terminator = RecordRequest.Terminator(rawValue: call.nonEmpty("terminateOn") ?? "none") else {
        throw ARIError(400, "terminateOn invalid")
    }
    guard let existing = ExistingRecording(rawValue: call.nonEmpty("ifExists") ?? "fail") else { throw ARIError(400, "ifExists invalid") }
    guard let text = call.nonEmpty("name"), let formatName = call.nonEmpty("format"), !text.hasPrefix("..") else {
        throw ARIError(400, "Error parsing request: name and format must be specified")
    }
    guard let name = RecordingName(text) else { throw ARIError(400, "Recording name invalid") }
    let limits = try recordLimits(call)
    do throws(RecordRequest.Problem) {
        return try RecordRequest(
            name: name, formatName: formatName, maxDurationSeconds: limits.duration, maxSilenceSeconds: limits.silence,
            existing: existing, beeps: call.bool("beep"), terminator: terminator, isStereo: call.bool("stereo"))
    } catch {
        throw ARIError(
            422,
            error == .unknownFormat
                ? "specified format is unknown on this system" : "stereo needs one of the formats wav, wav16 and wav48")
    }
}

extension CallCore {
    /// The name of a stored recording, as far as the caller may see it.
    fileprivate func storedName(_ call: ARICall) throws(ARIError) -> RecordingName {
        let name = try recordingName(call)
        guard mayUse(name, call) else { throw .recordingNotFound }
        return name
    }

    fileprivate func liveRecording(_ call: ARICall) throws(ARIError) -> Recording {
        guard let recording = liveRecording(try recordingName(call), for: call) else { throw .recordingNotFound }
        return recording
    }

    /// The channel that is to be recorded; one that has not been answered yet can be.
    fileprivate func recordable(_ call: ARICall) throws(ARIError) -> CallCoreChannel {
        try controlled(call, checksState: false)
    }

    /// Looks whether nothing stands in the way of a recording's name, and waits for the one before to be whole.
    fileprivate func admit(_ request: RecordRequest, _ call: ARICall) async throws(ARIError) -> RecordRequest {
        let taken = ARIError(409, "Recording '\(request.name)' already exists and can not be overwritten")
        if recordings[request.name] != nil { throw taken }
        if request.existing != .overwrite || !call.scope.isEverything, case .success(let entry) = await recordings.find(request.name) {
            if request.existing == .refuse || !mayUse(request.name, call) { throw taken }
            if request.existing == .append, !request.continues(entry) {
                throw ARIError(409, "Recording '\(request.name)' has the format \(entry.formatName) and can only be continued in it")
            }
        }
        if recordings[request.name] != nil { throw taken }
        return request
    }

    fileprivate func stream(_ content: RecordingContent) -> ByteStream {
        ByteStream(contentType: content.contentType, byteCount: content.byteCount) { [recordings] in
            await recordings.read(content)
        }
    }
}
