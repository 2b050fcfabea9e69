import CallCore
import Media
import RTP
import SecureMedia

/// Asks a STUN server where a port is seen from outside (RFC 8445 section 5.1.1.2).
@CallActor
final class ReflexiveAddress {
    /// Milliseconds between two requests, and how many there are: a call waits no longer than that.
    static let (retryMs, attempts) = (100, 4)

    private let port: any RTPPort
    private let server: NetworkAddress
    private let id: STUNMessage.TransactionID
    private let scheduler: any CallScheduler
    private var completion: (@CallActor (NetworkAddress?) -> Void)?
    private var timer: ScheduledAction?

    /// - Parameters:
    ///   - tag: the first bits of the leg's transactions, by which its port knows the answer.
    ///   - completion: called once, with nothing when no answer came.
    init(
        of port: any RTPPort, from server: NetworkAddress, tag: UInt32, scheduler: any CallScheduler,
        completion: @escaping @CallActor (NetworkAddress?) -> Void
    ) {
        (self.port, self.server, self.scheduler, self.completion) = (port, server, scheduler, completion)
        id = STUNMessage.TransactionID(tag: tag, rest: .random(in: 0 ... .max))
        ask(attemptsLeft: Self.attempts)
    }

    private func ask(attemptsLeft: Int) {
        guard attemptsLeft > 0 else { return finish(nil) }
        port.send(STUNMessage(.request, id: id).encoded(), to: server)
        timer = scheduler.schedule(afterMs: Self.retryMs) { [weak self] in self?.ask(attemptsLeft: attemptsLeft - 1) }
    }

    /// Takes a datagram; false when it is not the answer.
    func receive(_ datagram: TransportDatagram) -> Bool {
        guard completion != nil, datagram.source == server, let received = try? ReceivedSTUN(parsing: datagram.bytes),
            received.message.id == id
        else { return false }
        finish(received.message.messageClass == .success ? received.message.attributes.mappedAddress : nil)
        return true
    }

    private func finish(_ address: NetworkAddress?) {
        timer?.cancel()
        let completion = completion
        self.completion = nil
        completion?(address)
    }

    func cancel() {
        timer?.cancel()
        completion = nil
    }
}
