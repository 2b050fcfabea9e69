import ARIModel
public import Dialplan

/// A channel's stay in an application.
@CallActor
public final class StasisSession {
    public let application: StasisApplication
    let arguments: [String]
    /// Where the dialplan goes on when the application lets the channel go; nil for the next priority.
    var continuation: DialplanLocation?
    /// Set while `continue` waits for playbacks that were queued before it.
    var isLeaving = false

    init(application: StasisApplication, arguments: [String]) {
        self.application = application
        self.arguments = arguments
    }
}

extension Channel {
    /// Puts the channel into an application and tells it so.
    /// - Returns: false when no such application is connected; STASISSTATUS is then FAILED.
    func enterStasis(_ name: String, arguments: [String]) -> Bool {
        setVariable("STASISSTATUS", "")
        guard let application = core.applications[name], application.isActive else {
            setVariable("STASISSTATUS", "FAILED")
            return false
        }
        stasis = StasisSession(application: application, arguments: arguments)
        applications.insert(name)
        application.subscribe(self)
        call?.enters(name, self)
        core.events.publish(to: application, about: .channel(self), .stasisStart(channel: snapshot, args: arguments))
        return true
    }

    /// Takes the channel out of its application, tells it, and takes the subscription back that entering gave.
    func endStasis() {
        guard let session = stasis else { return }
        stasis = nil
        call?.note(.leavesApplication, self, .text(session.application.name))
        core.events.publish(to: session.application, about: .channel(self), .stasisEnd(channel: snapshot))
        session.application.unsubscribe(self)
        setVariable("STASISSTATUS", "SUCCESS")
        core.applications.collect(session.application)
    }

    /// Hands the channel to another application (ARI operation `move`); one that is not connected is told to the present one.
    public func move(to name: String, arguments: [String]) {
        guard let session = stasis else { return }
        guard let next = core.applications[name], next.isActive else {
            core.events.publish(
                to: session.application, about: .channel(self),
                .applicationMoveFailed(channel: snapshot, destination: name, args: arguments))
            return
        }
        core.events.publish(to: session.application, about: .channel(self), .stasisEnd(channel: snapshot))
        session.application.unsubscribe(self)
        stasis = StasisSession(application: next, arguments: arguments)
        applications.insert(name)
        next.subscribe(self)
        call?.enters(name, self)
        core.events.publish(to: next, about: .channel(self), .stasisStart(channel: snapshot, args: arguments))
        core.applications.collect(session.application)
    }

    /// Lets the channel go on in the dialplan, at `location` or behind the Stasis() that it is in, once the playbacks that are
    /// queued have ended (ARI operation `continueInDialplan`).
    public func continueInDialplan(at location: DialplanLocation?) {
        guard let session = stasis, !session.isLeaving else { return }
        session.continuation = location
        session.isLeaving = true
        if hasPlayer, player.isBusy { player.whenIdle { [weak self] in self?.leaveStasisForDialplan() } } else { leaveStasisForDialplan() }
    }

    private func leaveStasisForDialplan() {
        guard let session = stasis, session.isLeaving, !hangupRequested else { return }
        bridge?.remove(self, because: .removed)
        let target = session.continuation
        endStasis()
        if let pbx {
            pbx.stasisContinuation = target
            inbox.put(.leftStasis)
        } else if let target, core.dialplan.exists(target, callerNumber: caller.number) {
            startPBX(at: target)
        } else {
            requestHangup(cause: .normalClearing, by: .silent)
        }
    }
}
