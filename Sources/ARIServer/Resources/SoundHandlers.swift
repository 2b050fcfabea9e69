import ARIModel
import CallCore
import Media

extension ARIHandlers {
    mutating func addSounds(_ core: CallCore) {
        onAsync("sounds.list") { call in
            let language = call.nonEmpty("lang")
            let format = call.nonEmpty("format")
            let matching = await core.allSounds().map { sound in
                var sound = sound
                sound.variants.removeAll {
                    (language != nil && $0.language != language) || (format != nil && $0.format != format)
                }
                return sound
            }.filter { !$0.variants.isEmpty }
            guard !matching.isEmpty else { throw ARIError(404, "No sounds found that matched the query") }
            return .ok(matching.map(Sound.init))
        }
        onAsync("sounds.get") { call in
            guard let sound = await core.allSounds().first(where: { $0.id == call.path("soundId") }) else {
                throw ARIError(404, "Sound not found")
            }
            return .ok(Sound(sound))
        }
    }
}

extension CallCore {
    fileprivate func allSounds() async -> [SoundEntry] {
        await withCheckedContinuation { continuation in
            sounds.list { continuation.resume(returning: $0) }
        }
    }
}

extension Sound {
    fileprivate init(_ entry: SoundEntry) {
        self.init(id: entry.id, formats: entry.variants.map { FormatLangPair(language: $0.language, format: $0.format) })
    }
}
