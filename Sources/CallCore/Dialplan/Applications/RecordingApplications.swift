import Audio
import Dialplan
import Media

extension DialplanApplication {
    /// Applications that record.
    static let recording: [DialplanApplication] = [
        DialplanApplication("MixMonitor") { channel, arguments in
            let arguments = Arguments(arguments)
            if !arguments[2].isEmpty {
                channel.core.log.warning("MixMonitor: no command is run at the end", channel: channel, detail: arguments[2])
            }
            _ = channel.startMixMonitor(file: arguments[0], options: arguments[1])
            return .next
        },
        DialplanApplication("StopMixMonitor") { channel, arguments in
            let id = Arguments(arguments)[0]
            channel.stopMixMonitor(id: id.isEmpty ? nil : id)
            return .next
        },
    ]
}

extension Channel {
    /// Records the call from now on, as MixMonitor() does.
    ///
    /// - Parameter text: `a` appends, `b` only while bridged, `D` one side each, `r(file)` and `t(file)` for what is said and heard,
    ///   `i(variable)` gets the id.
    /// - Returns: the id with which it can be stopped; nil, told in the log, when nothing is recorded.
    public func startMixMonitor(file: String, options text: String) -> String? {
        let options = LetterOptions(text)
        let unknown = options.unknown(besides: "abDSirt")
        if !unknown.isEmpty { core.log.warning("MixMonitor: unknown options are ignored", channel: self, detail: unknown) }
        var started: CallMonitor?
        if !file.isEmpty {
            started = monitor(file: file, options, part: options.has("D") ? .sides : .both)
            setVariable("MIXMONITOR_FILENAME", file)
        }
        if let file = options["r"], !file.isEmpty { started = monitor(file: file, options, part: .said) ?? started }
        if let file = options["t"], !file.isEmpty { started = monitor(file: file, options, part: .heard) ?? started }
        if let variable = options["i"], !variable.isEmpty, let started { setVariable(variable, started.id) }
        return started?.id
    }

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
