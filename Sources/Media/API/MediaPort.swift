public import RTP

/// Carries one leg's audio: an RTP leg, or one end of a pipe (half of a Local channel).
///
/// Everything here is called on the control loop only and never blocks: it becomes a command to the leg's media thread, in order.
/// What the leg's device hears is, in this order: digits being sent, the played item, the connected peer, the background.
/// A port lives until `close`; dropping the last reference does not close it.
public protocol MediaPort: AnyObject, Sendable {
    /// Plays an item in place of what plays; `MediaEvent.playbackFinished` tells its natural end.
    func play(_ item: PlayItem, token: UInt64)
    /// Stops the item's clock; nothing of it is sent until `resumePlay`, the connected peer is not heard meanwhile.
    func pausePlay()
    /// Goes on where `pausePlay` stopped.
    func resumePlay()
    /// Moves audio by milliseconds, negative backwards; before the start is the start, past the end finishes. Tones ignore it.
    func seekPlay(byMs: Int)
    /// Starts the item again at its beginning.
    func restartPlay()
    /// Ends the item; there is no event, for the caller knows.
    func stopPlay()
    /// Gives the position of the item in milliseconds, as of the last tick; the last position once it ended.
    var playPositionMs: Int { get }

    /// Sets what is heard while nothing plays and either no peer is connected or the peer's leg is on hold (its stream's
    /// `sends` or `receives` is off): music, ringback, silence. Nil for nothing. Audio keeps its place while unheard.
    func setBackground(_ item: PlayItem?)

    /// Lets this port hear what the peer's device says, or nobody; call on both for a conversation. One peer at most.
    ///
    /// Ports connected to a mixer hear each other and what the mixer plays; the mixer itself is connected to nothing.
    ///
    /// With the same codec and packet time, packets are forwarded without decoding (SSRC, sequence, timestamp, payload type
    /// rewritten), also through pipes; otherwise audio goes through jitter buffer, decoder and encoder on the 20 ms tick.
    func connect(to peer: (any MediaPort)?)

    /// Says how the port takes part in a mixer, both on at first: whether the others hear what its device says (`speaks`), and whether the
    /// device hears the others (`hears`).
    func setPart(speaks: Bool, hears: Bool)

    /// Says on which side the port is heard in a two-channel copy of a mixer (``AudioTap/Part/sides``), left at first.
    func setSide(_ side: MixerSide)

    /// Copies what is heard here into a tap, from the next tick on, until the tap is removed, reaches one of its limits or the port closes.
    ///
    /// A tap is for one port and once. It costs decoding what is copied; the call itself stays as it is.
    func addTap(_ tap: AudioTap)
    /// Ends a tap; ``AudioTap/End/removed`` is told when it has got its last frame.
    func removeTap(_ tap: AudioTap)

    /// Listens in on another port, or ends that (nil): the other end of this pipe hears what is spied; what it is given to say is whispered.
    ///
    /// Only for the end of a pipe. Whispers are not spied. It ends by itself when either port closes.
    func snoop(on target: (any MediaPort)?, _ directions: SnoopDirections)

    /// Sends back what is received, in place of the connected peer.
    func setEcho(_ on: Bool)
    /// Replaces with silence what the device says (`incoming`) and what it hears (`outgoing`).
    func setMuted(incoming: Bool, outgoing: Bool)
    /// Turns `MediaEvent.digit` on or off, on at first; digits pass to connected ports either way.
    func setReceivesDigits(_ on: Bool)
    /// Keeps digits of the device from those who hear it, or lets them through, as at first.
    func setAbsorbsDigits(_ on: Bool)
    /// Turns talk events on or off (nil), off at first; it costs decoding what is received.
    func setTalkDetection(_ detection: TalkDetection?)
    /// Turns tone events on or off (nil), off at first; it costs decoding what is listened to.
    func setToneDetection(_ detection: ToneDetection?)

    /// Sends digits behind those still to be sent: RFC 4733 on an RTP leg (tones when the peer does not know them); out of a
    /// pipe's other end as received digits. At most `MediaLimits.maxDigitsQueued` wait, further ones are dropped.
    func sendDigits(_ digits: [DigitToSend], token: UInt64)

    /// Gives what the leg counted so far.
    var statistics: MediaStatistics { get }

    /// Ends the port: RTCP BYE, sockets closed, peers hear nothing of it any more, no event follows. A second call does nothing.
    func close()
}

/// Whose audio a snoop takes part in. `in` is what the target's device says, `out` what it hears.
public struct SnoopDirections: Sendable, Equatable {
    public var spiesIn: Bool
    public var spiesOut: Bool
    /// Those who hear the target hear the whisper.
    public var whispersIn: Bool
    /// The target's device hears the whisper.
    public var whispersOut: Bool

    public init(spiesIn: Bool = false, spiesOut: Bool = false, whispersIn: Bool = false, whispersOut: Bool = false) {
        self.spiesIn = spiesIn
        self.spiesOut = spiesOut
        self.whispersIn = whispersIn
        self.whispersOut = whispersOut
    }
}

/// A side of a two-channel recording.
public enum MixerSide: Sendable, Equatable {
    case left
    case right
}

/// Carries one leg's audio over a pair of UDP sockets.
public protocol RTPPort: MediaPort {
    /// Gives the address packets are received at; the host is what `openRTP` was given.
    var localAddress: MediaAddress { get }
    /// Applies what was negotiated. A new `remote` forgets the learnt source of packets; anything else keeps it.
    func configure(_ stream: MediaStream)
    /// Says which datagrams of ICE and DTLS are told as `MediaEvent.datagram`; nil, as at first, for none.
    func setTransportFilter(_ filter: TransportFilter?)
    /// Sends a datagram of ICE or DTLS from the RTP port.
    func send(_ datagram: [UInt8], to address: NetworkAddress)
    /// Protects packets of a stream with `isProtected` from now on; given again, with other keys.
    func protect(_ protection: MediaProtection)
}

/// Opens ports. `MediaEngine` is the real one; tests bring their own.
public protocol MediaPlane: AnyObject, Sendable {
    /// Opens a leg with an even RTP port and the odd RTCP port above it.
    ///
    /// - Parameters:
    ///   - localHost: numeric address to bind, `0.0.0.0` or `::` for all.
    ///   - forPeer: where the peer's signalling comes from, when known: packets of a peer behind NAT are accepted from that host
    ///     (the port does not matter) besides the one in its `MediaStream.remote`.
    ///   - events: called on the control loop.
    /// - Throws: `MediaError` when the address is none, no port is free or a limit is reached.
    func openRTP(localHost: String, forPeer: MediaAddress?, events: @escaping @Sendable (MediaEvent) -> Void) throws -> any RTPPort

    /// Opens a pipe: what the first end is given to say is received from the second, and the other way round.
    ///
    /// - Throws: `MediaError` when a limit is reached.
    func openPipe(first: @escaping @Sendable (MediaEvent) -> Void, second: @escaping @Sendable (MediaEvent) -> Void) throws
        -> (first: any MediaPort, second: any MediaPort)

    /// Opens a mixer: a port without a device that all ports connected to it share. What it plays, and its background, all of them hear.
    ///
    /// It mixes 20 ms frames at the highest rate that its ports use, 8 to 48 kHz. What comes through a pipe is a frame late.
    ///
    /// - Throws: `MediaError` when a limit is reached.
    func openMixer(events: @escaping @Sendable (MediaEvent) -> Void) throws -> any MediaPort
}

extension MediaPlane {
    /// Opens a leg for a peer whose signalling address is not known.
    public func openRTP(localHost: String, events: @escaping @Sendable (MediaEvent) -> Void) throws -> any RTPPort {
        try openRTP(localHost: localHost, forPeer: nil, events: events)
    }
}
