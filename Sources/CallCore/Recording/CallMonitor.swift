import Audio
import Media

/// A recording that the dialplan makes of a call while it goes on (`MixMonitor()`): what the channel says and hears, until the call ends
/// or `StopMixMonitor()`. Applications are told nothing of it.
@CallActor
final class CallMonitor {
    /// What is to be recorded, and how.
    struct Request {
        var name: RecordingName
        var format: SoundFormat
        var part = AudioTap.Part.both
        var appends = false
        /// Only what is said while the channel is in a bridge.
        var onlyBridged = false
    }

    /// Tells the monitor from others of the channel; `StopMixMonitor()` takes it.
    let id: String
    let request: Request
    private weak var channel: Channel?
    private let store: RecordingStore
    private var tap: AudioTap?
    private var isOver = false

    init(_ request: Request, of channel: Channel, id: String) {
        self.request = request
        self.channel = channel
        self.id = id
        store = channel.core.recordings.store
    }

    /// Opens the file and begins; what goes wrong is told in the log.
    func start() {
        if !request.appends { channel?.core.recordings.owners[request.name] = [] }
        let tap = AudioTap(request.part, sampleRate: request.format.sampleRate) { [self] _ in CallActor.assumeIsolated { tapEnded() } }
        store.begin(
            request.name, format: request.format, existing: request.appends ? .append : .overwrite, from: tap,
            onFailure: { [weak self] failure in CallActor.assumeIsolated { self?.complain(failure.description) } },
            completion: { [self] result in CallActor.assumeIsolated { opened(result, tap) } })
    }

    private func opened(_ result: Result<Void, RecordingError>, _ tap: AudioTap) {
        if case .failure(let failure) = result {
            complain(failure.description)
            return forget()
        }
        guard !isOver, let channel, let port = channel.mediaPort else {
            store.finish(request.name) { _ in }
            return forget()
        }
        self.tap = tap
        channel.call?.note(.records, channel, .text(request.name.description))
        bridgeChanged()
        port.addTap(tap)
    }

    /// The channel entered or left a bridge.
    func bridgeChanged() {
        if request.onlyBridged { tap?.setPaused(channel?.bridge == nil) }
    }

    /// Ends the recording; its file is complete a moment later.
    func stop() {
        guard !isOver else { return }
        isOver = true
        if let tap { channel?.mediaPort?.removeTap(tap) }
    }

    private func tapEnded() {
        isOver = true
        tap = nil
        store.finish(request.name) { [self] result in
            CallActor.assumeIsolated { if case .failure(let failure) = result { complain(failure.description) } }
        }
        forget()
    }

    private func complain(_ text: String) {
        channel?.core.log.warning("MixMonitor: \(text)", channel: channel, detail: request.name.description)
    }

    private func forget() { channel?.monitors.removeAll { $0 === self } }
}

extension Channel {
    /// Records the call from now on beside whatever it does.
    @discardableResult
    func monitor(_ request: CallMonitor.Request) -> CallMonitor {
        let monitor = CallMonitor(request, of: self, id: "0x\(core.nextNameSerial())")
        monitors.append(monitor)
        monitor.start()
        return monitor
    }

    /// Ends the recording with that id, or all of them for nil.
    public func stopMixMonitor(id: String?) {
        for monitor in monitors where id == nil || monitor.id == id { monitor.stop() }
    }
}
