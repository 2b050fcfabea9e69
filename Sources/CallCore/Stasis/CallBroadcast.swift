import ARIModel
import Dialplan

/// A call that is offered to several applications at once; the first that claims it gets it.
@CallActor
final class CallBroadcast {
    static let standardLimitMs = 500
    static let longestLimitMs = 60_000

    /// Who was offered the call, in that order.
    let applications: [StasisApplication]
    let tellsLosers: Bool
    fileprivate(set) var winner: StasisApplication?

    init(to applications: [StasisApplication], tellsLosers: Bool) {
        self.applications = applications
        self.tellsLosers = tellsLosers
    }
}

/// Why a call can't be claimed.
public enum ClaimError: Error, Equatable {
    /// The channel is gone, or not offered (any more), or not to this application.
    case notOffered
    case alreadyClaimed
}

extension CallCore {
    /// Gives an offered call to an application (ARI operation `claimChannel`), which gets StasisStart.
    public func claim(channel id: String, for application: String) throws(ClaimError) {
        guard let channel = channels[id], let broadcast = channel.broadcast else { throw .notOffered }
        guard broadcast.winner == nil else { throw .alreadyClaimed }
        guard let winner = broadcast.applications.first(where: { $0.name == application && $0.isActive }) else { throw .notOffered }
        broadcast.winner = winner
        channel.inbox.put(.claimed)
        guard broadcast.tellsLosers else { return }
        for one in broadcast.applications {
            events.publish(to: one, about: .channel(channel), .callClaimed(channel: channel.snapshot, winnerApp: winner.name))
        }
    }
}

extension DialplanApplication {
    /// Offers the call to all applications whose name matches, and hands it to the one that claims it first.
    static let stasisBroadcast = DialplanApplication("StasisBroadcast") { channel, arguments in
        let list = Arguments(arguments)
        let limitMs = list.integer(0) ?? CallBroadcast.standardLimitMs
        guard let audience = channel.audience(filter: list.expanded(1)) else { return .next }
        let broadcast = CallBroadcast(to: audience, tellsLosers: isTrue(list[3]))
        channel.broadcast = broadcast
        defer { channel.broadcast = nil }
        for application in audience {
            channel.core.events.publish(
                to: application, about: .channel(channel),
                .callBroadcast(
                    channel: channel.snapshot, caller: channel.caller.number,
                    called: channel.dialledNumber.isEmpty ? channel.location.extension : channel.dialledNumber))
        }
        let isThere = await channel.waitForClaim(of: broadcast, limitMs: min(max(0, limitMs), CallBroadcast.longestLimitMs))
        guard isThere else { return .hangup }
        guard let winner = broadcast.winner else {
            channel.setVariable("STASISSTATUS", "TIMEOUT")
            return .next
        }
        let texts = list[2].isEmpty ? [] : list[2].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        return await channel.stayInStasis(winner.name, arguments: texts)
    }
}

extension Channel {
    /// The connected applications whose name a regular expression matches, in random order so that none is always first; nil, with
    /// STASISSTATUS set, for an expression that can't be read.
    fileprivate func audience(filter: ExpandedText) -> [StasisApplication]? {
        do {
            let pattern = try BoundedRegex(filter)
            var matching: [StasisApplication] = []
            for application in core.applications.all where application.isActive {
                if try pattern.matches(application.name) { matching.append(application) }
            }
            return core.shuffled(matching)
        } catch {
            core.log.warning("StasisBroadcast: the filter can't be read", channel: self, detail: error.sentence)
            setVariable("STASISSTATUS", "FAILED")
            return nil
        }
    }

    /// - Returns: false when the channel must end.
    fileprivate func waitForClaim(of broadcast: CallBroadcast, limitMs: Int) async -> Bool {
        let endMs = core.scheduler.nowMs + Int64(limitMs)
        while broadcast.winner == nil {
            let leftMs = Int(endMs - core.scheduler.nowMs)
            guard leftMs > 0, !broadcast.applications.isEmpty else { return true }
            if await nextSignal(withinMs: leftMs) == .hangup { return false }
        }
        return true
    }
}
