import Audio
public import Media

/// The connection of a media WebSocket, whoever speaks HTTP.
@CallActor
public protocol MediaSocketTransport: AnyObject {
    func send(text: String)
    func send(binary: [UInt8])
    /// Whether what is sent goes out at once; while it does not, audio is left out instead of becoming late.
    var isReady: Bool { get }
    func close()
}

/// The leg of a channel whose audio goes over a WebSocket: binary messages are audio in the channel's format, text messages control it.
///
/// What the program sends waits in a queue of 1000 frames of 20 ms; it is told to stop at 900 and to go on at 800.
@CallActor
public final class MediaSocketLeg: ChannelLeg {
    static let queueFrames = 1_000
    static let xoffFrames = 900
    static let xonFrames = 800
    /// Marks and the like that may wait.
    static let markLimit = 1_024
    /// The status with which the reference ends a channel whose connection is closed: going away (RFC 6455 section 7.4.1).
    private static let goingAway = 1_001

    let connectionID: String
    private weak var channel: Channel?
    private let audio: StreamedAudio
    private let answersItself: Bool
    private let isJSON: Bool
    private var direction: MediaSocketDirection
    private var transport: (any MediaSocketTransport)?
    private var isBuffering = false
    private var isPaused = false
    private var isToldToStop = false
    private var hasLostAudio = false
    private var reportsDrained = false
    /// What is told once everything that was sent before has been heard.
    private var marks: [(position: Int, notice: MediaSocketNotice)] = []
    private var watch: ScheduledAction?
    /// Whom we connect to; nil when the program connects to us.
    private let program: String?
    private var isOver = false

    public var port: (any MediaPort)? { audio.port }
    public var sampleRate: Int { audio.codec.sampleRate }
    var frameBytes: Int { audio.codec.frameBytes(ptimeMs: 20) }

    init(channel: Channel, connectionID: String, codec: AudioCodec, options: LetterOptions, program: String?) throws {
        self.channel = channel
        self.connectionID = connectionID
        self.program = program
        audio = try StreamedAudio(for: channel, codec: codec, roomMs: Self.queueFrames * 20, standingLimitMs: nil)
        answersItself = options["n"] == nil
        isJSON = options["f"] == "json"
        direction = options["d"].flatMap(MediaSocketDirection.init) ?? .both
    }

    // MARK: The channel's side

    /// Connects to the program, or waits until it connects.
    public func call() -> Bool {
        guard let program else { return true }
        guard let dialer = channel?.core.mediaSockets.dialer else { return false }
        Task { @CallActor in
            do {
                try await dialer.connect(self, to: program)
            } catch {
                channel?.core.log.record(.notice, "no media WebSocket", channelID: channel?.id, detail: "\(program): \(error)")
                channel?.legEnded(cause: .failure)
            }
        }
        return true
    }

    public func answer() { if transport != nil { channel?.legAnswered() } }
    public func indicate(_ indication: ChannelIndication) {}

    public func hangUp(cause: HangupCause) {
        isOver = true
        channel?.core.mediaSockets.remove(self)
        watch?.cancel()
        transport?.close()
        transport = nil
        audio.close()
    }

    // MARK: The program's side

    /// Whether a program is connected.
    var isConnected: Bool { transport != nil }

    /// The program is connected; gives what takes its messages.
    public func connected(_ transport: any MediaSocketTransport) {
        guard let channel, !isOver else { return transport.close() }
        self.transport = transport
        audio.onFrame = { [weak self] frame in
            guard let self, self.direction != .in, transport.isReady else { return }
            transport.send(binary: frame)
        }
        audio.onDigit = { [weak self] digit, _ in self?.tell(.digit(digit)) }
        tell(.start(connectionID: connectionID, channel: channel, format: audio.codec.formatName, frameBytes: frameBytes))
        audio.start()
        if answersItself { channel.core.afterThisTurn { channel.legAnswered() } }
    }

    /// The connection is gone.
    public func disconnected() {
        guard transport != nil else { return }
        transport = nil
        channel?.legEnded(cause: .normalClearing, techCause: Self.goingAway)
    }

    /// Audio from the program.
    public func receive(binary bytes: [UInt8]) {
        guard direction != .out else { return }
        let hadRoom = bytes.withUnsafeBytes { audio.receive($0) }
        if !hadRoom, !hasLostAudio { tell(.error("the queue is full: audio was lost")) }
        hasLostAudio = !hadRoom
        if !isToldToStop, waitingFrames >= Self.xoffFrames {
            isToldToStop = true
            tell(.xoff)
            keepWatch()
        }
    }

    /// A command from the program.
    public func receive(text: String) {
        do throws(MediaSocketCommand.Problem) {
            carryOut(try MediaSocketCommand(text, isJSON: isJSON))
        } catch {
            tell(.error(error.text))
        }
    }

    private func carryOut(_ command: MediaSocketCommand) {
        switch command {
        case .answer: channel?.legAnswered()
        case .hangUp: channel?.legEnded(cause: .normalClearing)
        case .startBuffering: isBuffering = true
        case .stopBuffering(let id):
            isBuffering = false
            mark(.buffered(id: id))
        case .mark(let id): mark(.marked(id: id))
        case .flush:
            audio.feed.flush()
            isBuffering = false
            setPaused(false)
            marks = []
            look()
        case .pause: setPaused(true)
        case .resume: setPaused(false)
        case .status:
            tell(
                .status(
                    frames: waitingFrames, xon: Self.xonFrames, xoff: Self.xoffFrames, isFull: isToldToStop, isBuffering: isBuffering,
                    isPaused: isPaused))
        case .reportDrained:
            reportsDrained = true
            keepWatch()
        case .setDirection(let wanted): direction = wanted
        }
    }

    private var waitingFrames: Int { (audio.feed.waitingMs + 19) / 20 }

    private func setPaused(_ paused: Bool) {
        isPaused = paused
        audio.feed.setPaused(paused)
    }

    private func mark(_ notice: MediaSocketNotice) {
        guard marks.count < Self.markLimit else { return tell(.error("too many marks wait")) }
        marks.append((audio.feed.positions.written, notice))
        keepWatch()
    }

    private func tell(_ notice: MediaSocketNotice) {
        transport?.send(text: isJSON ? notice.json(channelID: channel?.id ?? "") : notice.plain)
    }

    /// Looks after the queue while there is something to be told.
    private func keepWatch() {
        guard watch == nil, let channel else { return }
        watch = channel.core.scheduler.schedule(afterMs: 20) { [weak self] in
            self?.watch = nil
            self?.look()
        }
    }

    private func look() {
        let taken = audio.feed.positions.taken
        while let first = marks.first, first.position <= taken { tell(marks.removeFirst().notice) }
        if isToldToStop, waitingFrames < Self.xonFrames {
            isToldToStop = false
            tell(.xon)
        }
        if reportsDrained, audio.feed.waitingMs == 0 {
            reportsDrained = false
            tell(.drained)
        }
        if !marks.isEmpty || isToldToStop || reportsDrained { keepWatch() }
    }
}
