public import SecureMedia

/// What protects a leg's packets from the moment it is given to the port: SRTP with keys that both sides have.
///
/// `@unchecked Sendable`: once it is given away, only the media thread of the leg touches the state, until the leg lets go of it.
public final class MediaProtection: @unchecked Sendable {
    /// Both directions, in memory that the media thread reaches without counting references.
    struct State: ~Copyable {
        var sender: SRTPSender
        var receiver: SRTPReceiver
    }

    let state: UnsafeMutablePointer<State>
    private let keys: SRTPKeys

    /// Derives the session keys. To be given to one port.
    ///
    /// - Throws: `CipherUnavailable`.
    public init(_ keys: SRTPKeys) throws(CipherUnavailable) {
        let sender = try SRTPSender(keys.profile, keys.sending)
        let receiver = try SRTPReceiver(keys.profile, keys.receiving)
        self.keys = keys
        state = .allocate(capacity: 1)
        state.initialize(to: State(sender: sender, receiver: receiver))
    }

    /// Goes on where another one is that the port had before: packets of a key that stays are numbered on, and none is sent or accepted twice.
    func follow(_ former: MediaProtection) {
        guard former !== self, keys.profile == former.keys.profile else { return }
        if keys.sending == former.keys.sending { swap(&state.pointee.sender, &former.state.pointee.sender) }
        if keys.receiving == former.keys.receiving { swap(&state.pointee.receiver, &former.state.pointee.receiver) }
    }

    deinit {
        state.deinitialize(count: 1)
        state.deallocate()
    }
}
