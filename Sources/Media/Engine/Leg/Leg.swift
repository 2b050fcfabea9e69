internal import Audio
internal import CLinuxIO
internal import RTP

/// Holds everything a media thread knows about one port. Trivial: no references, so that touching it costs no reference counting.
///
/// What only some ports need at some times (players, decoders, digits) hangs on pointers and is made on demand. Memory of all zeros
/// is a free place.
struct Leg {
    enum Kind: UInt8 {
        case free
        case rtp
        case pipe
        /// A port without a device whose listeners hear each other.
        case mixer
    }

    /// How what this leg's device hears comes about.
    enum Route: UInt8 {
        /// Nothing is sent.
        case silent
        /// Packets of `forwardSource` are sent on as they come.
        case forward
        /// A frame is made on every tick.
        case tick
    }

    /// Stands for no leg in the links below.
    static let nobody: Int32 = -1

    var kind: Kind
    var generation: UInt32

    // MARK: What the control side asked for

    var isEcho = false
    var mutesIncoming = false
    var mutesOutgoing = false
    var receivesDigits = true
    /// Whether digits of the device are kept from those who hear it.
    var absorbsDigits = false
    /// How the leg takes part in a mixer.
    var (speaks, hears) = (true, true)
    var side = MixerSide.left

    // MARK: The graph (places in the table)

    /// Whom this leg hears.
    var peer = Leg.nobody
    /// Those who hear this leg: a list through `nextListener`.
    var firstListener = Leg.nobody
    var nextListener = Leg.nobody
    /// The other end of a pipe.
    var partner = Leg.nobody
    var route = Route.silent
    /// The RTP leg whose packets this one sends on, found through pipes.
    var forwardSource = Leg.nobody
    /// Those who send this leg's packets on: a list through `nextForward`.
    var firstForward = Leg.nobody
    var nextForward = Leg.nobody
    /// Place in the list of legs that the tick visits.
    var activePosition = Leg.nobody
    var changeStamp: UInt64 = 0

    /// Those who snoop on this leg: a list through their `Snoop.next`.
    var firstSnoop = Leg.nobody
    /// Whether somebody whispers to those who hear this leg, or to its device.
    var (whisperedIn, whisperedOut) = (false, false)

    // MARK: Made on demand

    var player: UnsafeMutablePointer<Player>?
    var background: UnsafeMutablePointer<Player>?
    var digits: UnsafeMutablePointer<DigitQueue>?
    var talk: UnsafeMutablePointer<TalkDetector>?
    var tones: UnsafeMutablePointer<LegTones>?
    var receiver: UnsafeMutablePointer<AudioReceiver>?
    var transmitter: UnsafeMutablePointer<AudioTransmitter>?
    /// What a pipe end that snoops keeps.
    var snoop: UnsafeMutablePointer<Snoop>?
    /// Copies of what is heard here; a list.
    var taps: UnsafeMutablePointer<TapNode>?
    /// What a mixer has of its parties.
    var mix: UnsafeMutablePointer<Mix>?
    /// What a mixer's party, or the mixer for what it plays itself, brings along.
    var party: UnsafeMutablePointer<MixParty>?

    /// What a leg with ICE or SRTP keeps.
    var transport: UnsafeMutablePointer<LegTransport>?

    // MARK: This tick's frames

    var outgoingTick: UInt64 = 0
    var outgoingFrame: Frame?
    var incomingTick: UInt64 = 0
    var incomingFrame: Frame?
    var isComputing = false
    /// The frames without what is whispered.
    var spiedOutgoing: Frame?
    var spiedIncoming: Frame?

    // MARK: RTP

    var sockets: SocketPair
    var stream: StreamSettings?
    var latch: SourceLatch
    var destination = SocketAddress()
    var controlDestination = SocketAddress()
    var sending: SendSequence
    var mapping = ForwardMapping()
    var statistics: RTPStatistics
    var digitReceiver = TelephoneEventReceiver()
    /// What the last audio packet held.
    var receivedCodec = AudioCodec.pcmu
    var hasReceived = false
    var hasTimedOut = false
    var lastReceivedNs: UInt64 = 0
    /// When packets began to be expected.
    var expectedSinceNs: UInt64 = 0
    var nextReportNs: UInt64 = 0
    /// The share of what is sent that the far end's last report says was lost, in 256ths.
    var lossTold: UInt8 = 0
    let counters: LegCounters

    /// Makes a leg; `sockets` of -1 for a pipe end.
    init(kind: Kind, generation: UInt32, sockets: SocketPair, signalling: NetworkAddress?, sending: SendSequence, counters: LegCounters) {
        self.kind = kind
        self.generation = generation
        self.sockets = sockets
        self.sending = sending
        self.counters = counters
        latch = SourceLatch(signalling: signalling)
        statistics = RTPStatistics(localSSRC: sending.ssrc)
    }

    /// Tells whether packets may be sent now.
    var maySend: Bool { stream?.sends == true && destination.length > 0 && (!isProtected || transport?.pointee.protection != nil) }

    /// Whether the leg's packets are protected, once there are keys; before that there are none.
    var isProtected: Bool { stream?.isProtected == true }

    /// Whether packets prove by themselves where they come from: then the far end may send from wherever ICE found it.
    var provesSource: Bool { stream?.isProtected == true && stream?.usesICE == true }

    /// Tells whether the leg is an RTP leg on hold.
    var isHeld: Bool { kind == .rtp && stream?.isHeld == true }

    /// Rate at which audio for this leg is best made, in Hz.
    var preferredRate: Int { stream?.codec.sampleRate ?? 8_000 }
}
