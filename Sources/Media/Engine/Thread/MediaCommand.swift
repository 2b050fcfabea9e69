internal import CLinuxIO
internal import RTP

/// Tells a media thread what to do with a port.
struct MediaCommand: Sendable {
    enum Action: Sendable {
        case open(Opening)
        /// Joins the port and another one, both pipe ends, to a pipe.
        case pair(PortID)
        case configure(StreamSettings)
        case play(PlayItem, token: UInt64)
        case pause
        case resume
        case seek(byMs: Int)
        case restart
        case stop
        case background(PlayItem?)
        case connect(PortID?)
        case echo(Bool)
        case mute(incoming: Bool, outgoing: Bool)
        case receivesDigits(Bool)
        case absorbsDigits(Bool)
        case part(speaks: Bool, hears: Bool)
        case talkDetection(TalkDetection?)
        case toneDetection(ToneDetection?)
        case snoop(PortID?, SnoopDirections)
        case addTap(AudioTap)
        case removeTap(AudioTap)
        case side(MixerSide)
        case sendDigits([DigitToSend], token: UInt64)
        case transportFilter(TransportFilter?)
        case sendDatagram([UInt8], to: NetworkAddress)
        case protect(MediaProtection)
        case close
        /// Waits for `adopt` of this port before any further command.
        case expect
        /// Gives the port away to another thread, under another name.
        case moveOut(to: MediaInbox, as: PortID)
        /// Goes on with a port of another thread.
        case adopt(Parcel)
        /// How long a leg may be silent, on hold too; about the whole thread, whatever port is named.
        case silenceLimits(ns: UInt64, onHoldNs: UInt64)
        /// Closes everything and ends the thread.
        case shutDown

        /// Tells whether ports, descriptors or taps would be lost without it.
        var isEssential: Bool {
            switch self {
            case .open, .pair, .close, .expect, .moveOut, .adopt, .shutDown, .addTap, .silenceLimits: true
            default: false
            }
        }
    }

    /// What a new port is made of.
    struct Opening: Sendable {
        var kind: Leg.Kind
        var sockets = SocketPair(rtp: -1, rtcp: -1, port: 0)
        var signalling: NetworkAddress?
        var sending: SendSequence
        var counters: LegCounters
    }

    /// A port on its way from one thread to another.
    ///
    /// `@unchecked Sendable`: what hangs on the leg's pointers belongs to whoever holds the parcel, and there is one holder at a time.
    struct Parcel: @unchecked Sendable {
        var leg: Leg
    }

    var port: PortID
    var action: Action
}
