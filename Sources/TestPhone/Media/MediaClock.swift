import NIOCore

/// Tells streams every 20 ms that their next packet is due; runs only while there are streams.
///
/// The streams are spread over slots of 5 ms, so that hundreds of calls do not send in one burst.
final class MediaClock {
    static let packetMs = 20
    private static let slots = 4
    private static let slotMs: Int64 = 5
    /// Time lost beyond so much, as when the machine slept, is not made up for.
    private static let maximumLagMs: Int64 = 200

    private let loop: any EventLoop
    private var streams = [[ObjectIdentifier: RTPStream]](repeating: [:], count: slots)
    private var count = 0
    private var slot = 0
    private var task: Scheduled<Void>?
    private var due = NIODeadline.uptimeNanoseconds(0)

    init(on loop: any EventLoop) {
        self.loop = loop
    }

    func add(_ stream: RTPStream) {
        let key = ObjectIdentifier(stream)
        guard !streams.contains(where: { $0[key] != nil }) else { return }
        let emptiest = streams.indices.min { streams[$0].count < streams[$1].count } ?? 0
        streams[emptiest][key] = stream
        count += 1
        guard task == nil else { return }
        due = .now()
        schedule()
    }

    func remove(_ stream: RTPStream) {
        for index in streams.indices where streams[index].removeValue(forKey: ObjectIdentifier(stream)) != nil { count -= 1 }
        if count == 0 { stop() }
    }

    func stop() {
        task?.cancel()
        task = nil
    }

    private func schedule() {
        due = due + .milliseconds(Self.slotMs)
        let now = NIODeadline.now()
        if due + .milliseconds(Self.maximumLagMs) < now { due = now }
        task = loop.assumeIsolated().scheduleTask(deadline: due) { self.tick() }
    }

    private func tick() {
        slot = (slot + 1) % Self.slots
        for stream in streams[slot].values { stream.tick() }
        if task != nil { schedule() }
    }
}
