import ARIModel

/// How a connection's numbered stream of events begins and goes on after a break.
extension StasisApplication {
    /// Channels and bridges that ResumeFailed lists at most.
    private static let snapshotLimit = 1_000

    /// Lets a client go on where it was cut off. The connection that it had, if it still stands, gets ApplicationReplaced.
    /// - Returns: false when that can't be: the stream is unknown, or what the client wants of it is gone.
    func resume(at point: ResumePoint, delivery: EventDelivery, sink: any EventSink) -> Bool {
        guard let consumer = consumers.first(where: { $0.backlog?.token == point.token }), let backlog = consumer.backlog,
            let missed = backlog.events(after: point.sequence)
        else { return false }
        if consumer.isConnected { consumer.tell(core.events.encode(.applicationReplaced), application: name) }
        consumer.reconnect(sink, delivery: delivery)
        consumer.tell(
            core.events.encode(.eventStreamResumed(resume: backlog.token, seq: point.sequence, missed: missed.count)), application: name)
        for (sequence, event) in missed { sink.deliver(event, application: name, sequence: sequence) }
        return true
    }

    /// Tells a new connection that asked for numbers how to go on later, or why it can't get what it missed.
    ///
    /// - Parameter isKnown: whether the stream that it wanted to go on with is there, only not as far back.
    func greet(_ consumer: EventConsumer, isKnown: Bool) {
        guard let backlog = consumer.backlog else { return }
        guard consumer.delivery.resumePoint != nil else {
            return consumer.tell(core.events.encode(.eventStreamStarted(resume: backlog.token, seq: 0)), application: name)
        }
        let now = snapshot(limit: Self.snapshotLimit, for: consumer.delivery.scope)
        let failed = FailedResume(
            reason: isKnown ? .tooOld : .unknownToken, resume: backlog.token, channels: now.channels, bridges: now.bridges,
            isComplete: now.isComplete)
        consumer.tell(core.events.encode(.resumeFailed(failed)), application: name)
    }
}
