import ARIModel
import Audio
import CallCore
import HTTPTypes
import Media
import NIOCore

/// Recordings that have ended: looking for them, listening, removing.
struct RecordingOperations: Sendable {
    let core: CallCore
    let blocking: Blocking

    private static let listLimit = 1_000
    private static let peaks = 600

    var all: [AdminOperation] {
        var list = AdminOperation(.get, "/recordings", "Lists recordings, the latest first.", answer: "Recording", list: true) { call in
            .json(.array(try await entries(matching: call.query["text"] ?? "").map(Self.shown)))
        }
        list.query = [.init("text", "Part of the name.")]
        var file = AdminOperation(.get, "/recordings/{name}/file", "Gives the file of a recording.") { call in
            let content = try await open(call)
            var answer = AdminAnswer(body: .stream(stream(content), type: content.contentType))
            answer.fields.append((.contentDisposition, "attachment; filename=\"\(Self.fileName(call, content.format.fileExtension))\""))
            return answer
        }
        file.contentType = "audio/*"
        var audio = AdminOperation(.get, "/recordings/{name}/audio", "Gives a recording as WAV, which browsers play.") { call in
            let content = try await open(call)
            if content.format.isWAV { return AdminAnswer(body: .stream(stream(content), type: "audio/wav")) }
            let decoded = try await decode(content)
            return AdminAnswer(body: .bytes(SoundFile.encodeWAV(decoded), type: "audio/wav"))
        }
        audio.contentType = "audio/wav"
        return [
            list, file, audio,
            AdminOperation(
                .get, "/recordings/{name}/waveform", "Gives the loudness of a recording from its begin to its end.", answer: "Waveform"
            ) { call in
                let decoded = try await decode(try await open(call))
                let peaks = try await blocking.run { Waveform.peaks(of: decoded.samples, count: Self.peaks) }
                return .json(["durationMs": .int(decoded.durationMs), "peaks": .array(peaks.map { .int($0) })])
            },
            AdminOperation(.delete, "/recordings/{name}", "Removes a recording.", status: 204) { call in
                if case .failure(let error) = await core.recordings.delete(try name(call)) { throw Self.refusal(error) }
                return .noContent
            },
        ]
    }

    private func entries(matching text: String) async throws -> [RecordingDetails] {
        let word = text.lowercased()
        let found = await core.recordings.storedDetails().filter {
            word.isEmpty || $0.entry.name.lowercased().contains(word)
        }
        return Array(found.sorted { ($0.modifiedMs, $0.entry.name) > ($1.modifiedMs, $1.entry.name) }.prefix(Self.listLimit))
    }

    private static func shown(_ details: RecordingDetails) -> JSONValue {
        [
            "name": .string(details.entry.name), "format": .string(details.entry.formatName), "bytes": .int(details.bytes),
            "modifiedMs": .int(Int(details.modifiedMs)), "durationMs": .int(details.durationMs),
        ]
    }

    // MARK: One recording

    private func name(_ call: AdminCall) throws(AdminError) -> RecordingName {
        guard let name = RecordingName(call.parameter("name")) else { throw AdminError(404, "There is no such recording.") }
        return name
    }

    private func open(_ call: AdminCall) async throws -> RecordingContent {
        switch await core.recordings.open(try name(call)) {
        case .success(let content): return content
        case .failure(let error): throw Self.refusal(error)
        }
    }

    private static func refusal(_ error: RecordingError) -> AdminError {
        error == .notFound ? AdminError(404, "There is no such recording.") : AdminError(503, "The recording can't be used: \(error)")
    }

    private static func fileName(_ call: AdminCall, _ suffix: String) -> String {
        let last = call.parameter("name").split(separator: "/").last ?? "recording"
        return String(last.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "_" }) + ".\(suffix)"
    }

    /// Reads the file piece by piece, as fast as it is taken.
    private func stream(_ content: RecordingContent) -> AsyncStream<ByteBuffer> {
        AsyncStream { [core] in
            let bytes = await core.recordings.read(content)
            return bytes.isEmpty ? nil : ByteBuffer(bytes: bytes)
        }
    }

    private func decode(_ content: RecordingContent) async throws -> PCMAudio {
        guard content.byteCount <= SoundFile.maximumBytes else { throw AdminError(413, "The recording is too long for that. Download it.") }
        let bytes = await core.recordings.readAll(content)
        return try await blocking.run {
            do {
                return try SoundFile.decode(bytes: bytes, format: content.format)
            } catch {
                throw AdminError(503, "The recording can't be read: \(error)")
            }
        }
    }
}

/// The loudness of a sound as a few numbers, for a picture.
enum Waveform {
    /// The largest value of each of `count` equal parts, 0–100.
    static func peaks(of samples: [Int16], count: Int) -> [Int] {
        guard !samples.isEmpty else { return [] }
        return (0..<min(count, samples.count)).map { part in
            let parts = min(count, samples.count)
            let range = (samples.count * part / parts)..<(samples.count * (part + 1) / parts)
            return samples[range].reduce(0) { max($0, Int($1.magnitude)) } * 100 / 32_768
        }
    }
}
