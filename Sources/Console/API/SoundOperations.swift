import ARIModel
import Audio
import CallCore
import Foundation
import HTTPTypes
import Media

/// Sounds: own ones that are sent or recorded by phone, and those that are there already.
struct SoundOperations: Sendable {
    let core: CallCore
    let own: OwnSounds
    /// Calls a number and records what is said there into the recording of that name; gives the id of the channel.
    let recordByPhone: @CallActor @Sendable (_ number: String, _ recording: String) throws -> String
    let blocking: Blocking

    /// Others that are listed at a time.
    private static let listLimit = 300
    /// How long somebody may speak.
    private static let recordingSeconds = 330

    var all: [AdminOperation] {
        var list = AdminOperation(.get, "/sounds", "Lists own sounds, and with `text` the others whose name has it.", answer: "Sounds") {
            call in
            .json(try await sounds(call.query["text"] ?? ""))
        }
        list.query = [.init("text", "Part of the name.")]
        var upload = AdminOperation(
            .put, "/sounds/{language}/{name}", "Takes a sound file of any usual kind and converts it; the body is the file.",
            answer: "Sound",
            status: 201
        ) { call in
            try await take(call)
        }
        upload.query = [.init("kind", "The kind of file: its name's extension, such as wav or mp3.")]
        upload.takesFile = true
        var audio = AdminOperation(.get, "/sounds/{language}/{name}/audio", "Gives a sound as WAV, which browsers play.") { call in
            AdminAnswer(body: .bytes(try await wav(call), type: "audio/wav"))
        }
        audio.contentType = "audio/wav"
        return [
            list, upload, audio,
            AdminOperation(.delete, "/sounds/{language}/{name}", "Removes an own sound.", status: 204) { call in
                let (name, language) = try known(call)
                guard try await blocking.run({ try own.remove(name, language) }) else { throw Self.missing }
                return .noContent
            },
            AdminOperation(
                .post, "/sounds/{language}/{name}/recording", "Calls a number and makes a sound of what is said there.",
                body: "SoundRecording", answer: "Started", status: 202
            ) { call in
                let (name, language) = try place(call)
                return .json(["channel": .string(try await record(name, language, number: try call.text("number")))], status: 202)
            },
        ]
    }

    private static let missing = AdminError(404, "There is no such sound.")

    private func place(_ call: AdminCall) throws(AdminError) -> (name: RecordingName, language: String) {
        let language = call.parameter("language")
        guard OwnSounds.isLanguage(language) else {
            throw .wrong([.init(path: "language", message: "is no language", advice: "Write it like en or pt_BR.")])
        }
        guard let name = RecordingName(call.parameter("name")) else {
            throw .wrong([
                .init(path: "name", message: "is no name of a sound", advice: "Use letters, digits, - and _, with / for folders.")
            ])
        }
        return (name, language)
    }

    /// The same for a sound that should be there: what is no name is none of a sound.
    private func known(_ call: AdminCall) throws(AdminError) -> (name: RecordingName, language: String) {
        do throws(AdminError) { return try place(call) } catch { throw Self.missing }
    }

    // MARK: Listing and listening

    private func sounds(_ text: String) async throws -> JSONValue {
        let word = text.lowercased()
        let mine = try await blocking.run { [own] in own.all() }
        let names = Set(mine.map(\.name.description))
        var others: [JSONValue] = []
        if !word.isEmpty {
            let all = await entries()
            others = all.filter { $0.id.lowercased().contains(word) && !names.contains($0.id) }.prefix(Self.listLimit).map { sound in
                ["name": .string(sound.id), "languages": .array(Set(sound.variants.map(\.language)).sorted().map { .string($0) })]
            }
        }
        return [
            "own": .array(mine.filter { word.isEmpty || $0.name.description.lowercased().contains(word) }.map(Self.shown)),
            "others": .array(others),
        ]
    }

    private func entries() async -> [SoundEntry] {
        await withCheckedContinuation { continuation in
            Task { @CallActor in core.sounds.list { continuation.resume(returning: $0) } }
        }
    }

    private static func shown(_ entry: OwnSounds.Entry) -> JSONValue {
        [
            "name": .string(entry.name.description), "language": .string(entry.language), "bytes": .int(entry.bytes),
            "modifiedMs": .int(Int(entry.modifiedMs)), "durationMs": .int(entry.durationMs),
        ]
    }

    /// Any sound, as the server would play it.
    private func wav(_ call: AdminCall) async throws -> [UInt8] {
        let (name, language) = try known(call)
        let rate = 16_000
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<PCMBuffer, SoundError>, Never>) in
            Task { @CallActor in
                core.sounds.load(name.description, language: language, sampleRate: rate) { continuation.resume(returning: $0) }
            }
        }
        guard case .success(let audio) = result else { throw Self.missing }
        return SoundFile.encodeWAV(audio.audio)
    }

    // MARK: Making

    private func take(_ call: AdminCall) async throws -> AdminAnswer {
        let (name, language) = try place(call)
        let kind = (call.query["kind"] ?? "wav").lowercased()
        guard SoundConverter.kinds.contains(kind) else {
            throw AdminError.wrong([
                .init(
                    path: "kind", message: "is \"\(kind)\", which is no sound file",
                    advice: "Send one of \(SoundConverter.kinds.sorted().joined(separator: ", ")).")
            ])
        }
        guard !call.file.isEmpty else {
            throw AdminError.wrong([.init(path: "", message: "has no file in it", advice: "Send the file as the body.")])
        }
        let entry = try await store(call.file, kind: kind, as: name, language)
        return .json(["value": Self.shown(entry)], status: 201)
    }

    private func store(_ bytes: [UInt8], kind: String, as name: RecordingName, _ language: String) async throws -> OwnSounds.Entry {
        try await blocking.run { [own] in
            do {
                let made = try SoundConverter.convert(bytes, kind: kind)
                try own.write(made.bytes, made.format, as: name, language)
            } catch let failure as SoundConverter.Failure {
                throw AdminError(422, failure.description, problems: [.init(path: "", message: failure.description)])
            } catch {
                throw AdminError(503, "The sound can't be stored: \(error.localizedDescription)")
            }
            guard let entry = own.find(name, language) else { throw AdminError(503, "The sound can't be stored.") }
            return entry
        }
    }

    /// Starts the call and waits for its end in the background.
    private func record(_ name: RecordingName, _ language: String, number: String) async throws -> String {
        let recording = "sounds-by-phone/\(UUID().uuidString)"
        let channel: String
        do {
            channel = try await recordByPhone(number, recording)
        } catch {
            throw AdminError.wrong([
                .init(path: "number", message: "can't be called: \(error)", advice: "Give an extension whose phone is there.")
            ])
        }
        Task {
            for _ in 0..<Self.recordingSeconds * 4 where await core.channels[channel] != nil {
                try await Task.sleep(for: .milliseconds(250))
            }
            guard let made = RecordingName(recording), case .success(let content) = await core.recordings.open(made) else { return }
            let bytes = await core.recordings.readAll(content)
            // A hang-up before the beep leaves nothing to keep.
            if bytes.count > SoundFile.wavHeaderBytes { _ = try? await store(bytes, kind: "wav", as: name, language) }
            _ = await core.recordings.delete(made)
        }
        return channel
    }
}
