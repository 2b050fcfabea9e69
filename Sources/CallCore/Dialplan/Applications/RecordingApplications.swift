import Audio
import Dialplan
import Media

extension DialplanApplication {
    /// Applications that record.
    static let recording: [DialplanApplication] = [
        DialplanApplication("MixMonitor") { channel, arguments in
            let arguments = Arguments(arguments)
            let options = LetterOptions(arguments[1])
            let unknown = options.unknown(besides: "abDSirt")
            if !unknown.isEmpty {
                channel.core.log.warning("MixMonitor: unknown options are ignored", channel: channel, detail: unknown)
            }
            if !arguments[2].isEmpty {
                channel.core.log.warning("MixMonitor: no command is run at the end", channel: channel, detail: arguments[2])
            }
            var started: CallMonitor?
            if !arguments[0].isEmpty {
                started = channel.monitor(file: arguments[0], options, part: options.has("D") ? .sides : .both)
                channel.setVariable("MIXMONITOR_FILENAME", arguments[0])
            }
            if let file = options["r"], !file.isEmpty { started = channel.monitor(file: file, options, part: .said) ?? started }
            if let file = options["t"], !file.isEmpty { started = channel.monitor(file: file, options, part: .heard) ?? started }
            if let variable = options["i"], !variable.isEmpty, let started { channel.setVariable(variable, started.id) }
            return .next
        },
        DialplanApplication("StopMixMonitor") { channel, arguments in
            let id = Arguments(arguments)[0]
            channel.stopMonitors(id: id.isEmpty ? nil : id)
            return .next
        },
    ]
}

extension Channel {
    /// Begins to record into `name.format`; nil, told in the log, for a name or a format that can't be.
    fileprivate func monitor(file: String, _ options: LetterOptions, part: AudioTap.Part) -> CallMonitor? {
        let dot = file.lastIndex(of: ".") ?? file.endIndex
        let (stem, ending) = (String(file[..<dot]), String(file[dot...].dropFirst()))
        guard let name = RecordingName(stem), let format = SoundFormat(fileExtension: ending), part != .sides || format.isWAV else {
            core.log.warning("MixMonitor: can't record into such a file", channel: self, detail: file)
            return nil
        }
        return monitor(
            CallMonitor.Request(name: name, format: format, part: part, appends: options.has("a"), onlyBridged: options.has("b")))
    }
}
