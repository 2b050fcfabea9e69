import Media

/// The far end of a pipe that hears a channel, and speaks to it where it may. Ends with the channel it listens to.
@CallActor
final class Eavesdropper {
    private(set) weak var target: Channel?
    private let port: any MediaPort
    private(set) var directions: SnoopDirections
    /// Called once when the channel is gone.
    private let onTargetGone: @CallActor () -> Void

    init(on target: Channel, through port: any MediaPort, _ directions: SnoopDirections, onTargetGone: @escaping @CallActor () -> Void) {
        self.target = target
        self.port = port
        self.directions = directions
        self.onTargetGone = onTargetGone
        target.snoops.append(self)
        targetMediaChanged()
    }

    /// Hears and speaks in other directions from now on.
    func turn(to directions: SnoopDirections) {
        self.directions = directions
        targetMediaChanged()
    }

    /// The target has audio now, or other audio than before.
    func targetMediaChanged() { port.snoop(on: target?.leg?.port, directions) }

    func targetGone() { onTargetGone() }

    func end() {
        port.close()
        target?.snoops.removeAll { $0 === self }
    }
}
