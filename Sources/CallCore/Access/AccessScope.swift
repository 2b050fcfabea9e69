/// What somebody may see and control: everything, or only what belongs to some applications.
///
/// A channel belongs to the applications that it was made for or has been in, and while it is offered by StasisBroadcast() to those it
/// is offered to. A bridge belongs to those of whoever made it and to those of the channels inside.
@CallActor
public struct AccessScope: Sendable, Equatable {
    /// The names of the applications; nil for everything.
    public nonisolated let applications: Set<String>?

    public nonisolated init(applications: Set<String>?) {
        self.applications = applications
    }

    public nonisolated static let everything = AccessScope(applications: nil)

    public nonisolated var isEverything: Bool { applications == nil }

    public func includes(_ channel: Channel) -> Bool {
        guard let applications else { return true }
        if !channel.applications.isDisjoint(with: applications) { return true }
        return channel.broadcast?.applications.contains { applications.contains($0.name) } ?? false
    }

    public func includes(_ bridge: Bridge) -> Bool {
        guard let applications else { return true }
        return !bridge.applications.isDisjoint(with: applications) || bridge.channels.contains { includes($0) }
    }

    public func includes(_ playback: Playback) -> Bool { isEverything || includes(playback.target) }

    public func includes(_ recording: Recording) -> Bool { isEverything || includes(recording.target) }

    private func includes(_ target: any MediaTarget) -> Bool {
        applications.map { !target.applications.isDisjoint(with: $0) } ?? true
    }

    /// Whether it hears of events about a subject. A bridge in which one of its channels was is still heard of.
    func hears(of subject: EventSubject) -> Bool {
        guard let applications else { return true }
        switch subject {
        case .nothing: return true
        case .server: return false
        case .channel(let channel): return includes(channel)
        case .channels(let channels): return channels.contains { includes($0) }
        case .bridge(let bridge): return includes(bridge) || !bridge.formerApplications.isDisjoint(with: applications)
        }
    }
}
