import Audio
import Media

/// What an ARI media URI or a dialplan sound argument asks to be heard, as a row of parts.
enum PlayPart: Sendable {
    case sound(String)
    case recording(RecordingName)
    case tone(ToneProgram)
    /// Something that can't be played; `reason` is for the log.
    case unplayable(reason: String)

    var isUnplayable: Bool { if case .unplayable = self { true } else { false } }
}

/// A parsed media URI.
struct MediaURI {
    let parts: [PlayPart]
    /// Whether the playback can be controlled while it runs; spoken numbers, digits and characters can't.
    let isControllable: Bool

    /// Parses `sound: recording: number: digits: characters: tone:`.
    init(_ text: String, indicationsCountry: String) {
        guard let colon = text.firstIndex(of: ":") else {
            self.init(.unplayable(reason: "'\(text)' has no scheme such as sound:"))
            return
        }
        let argument = String(text[text.index(after: colon)...])
        switch text[..<colon] {
        case "sound":
            self.init(argument.isEmpty ? .unplayable(reason: "sound: names no sound") : .sound(argument))
        case "tone":
            self.init(Self.tone(argument, country: indicationsCountry))
        case "digits":
            self.init(spoken: SpokenText.digits(argument))
        case "characters":
            self.init(spoken: SpokenText.characters(argument))
        case "number":
            self.init(spoken: Int(argument).flatMap(SpokenText.number) ?? [])
        case "recording":
            self.init(RecordingName(argument).map(PlayPart.recording) ?? .unplayable(reason: "'\(argument)' is no name of a recording"))
        default:
            self.init(.unplayable(reason: "unknown scheme '\(text[..<colon])'"))
        }
    }

    private init(_ part: PlayPart) {
        parts = [part]
        isControllable = true
    }

    private init(spoken sounds: [String]) {
        parts = sounds.isEmpty ? [.unplayable(reason: "nothing that can be spoken")] : sounds.map(PlayPart.sound)
        isControllable = false
    }

    /// `name[;tonezone=xx]`, or a tone written out as frequencies and times.
    static func tone(_ argument: String, country: String) -> PlayPart {
        var zone = country
        var name = Substring(argument)
        if let semicolon = argument.firstIndex(of: ";") {
            name = argument[..<semicolon]
            let option = argument[argument.index(after: semicolon)...]
            if option.hasPrefix("tonezone=") { zone = String(option.dropFirst("tonezone=".count)) }
        }
        if let program = Indications.tone(String(name), zone: zone) { return .tone(program) }
        if let program = try? ToneProgram(parsing: String(name)) { return .tone(program) }
        return .unplayable(reason: "'\(name)' is neither a tone of \(zone) nor a list of frequencies")
    }
}
