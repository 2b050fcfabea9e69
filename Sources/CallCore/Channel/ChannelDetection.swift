import ARIModel
import Media

/// What a channel listens for: TALK_DETECT(…) and TONE_DETECT(…).
struct ChannelDetection {
    fileprivate(set) var talk: TalkDetection?
    fileprivate(set) var tone: ToneDetection?
    /// How often the tone was heard; nil while none was asked for.
    fileprivate(set) var toneHits: ToneHits?
    /// Number of times after which the tone is no longer listened for.
    fileprivate var maxToneHits: Int?
    /// The port that has been told; a later one of the same leg has to be told as well.
    fileprivate weak var port: (any MediaPort)?
}

/// Counts how often a tone was heard on a channel.
struct ToneHits: Equatable {
    var received = 0
    var transmitted = 0
}

extension Channel {
    /// Tells when the far end talks; nil stops that.
    func detectTalk(_ talk: TalkDetection?) {
        detection.talk = talk
        if !applyDetection() { leg?.port?.setTalkDetection(talk) }
    }

    /// Tells when a tone is heard, and counts from 0; nil stops that.
    /// - Parameter maxHits: number of times in one direction after which it stops by itself.
    func detectTone(_ tone: ToneDetection?, maxHits: Int? = nil) {
        detection.tone = tone
        detection.toneHits = tone == nil ? nil : ToneHits()
        detection.maxToneHits = maxHits
        if !applyDetection() { leg?.port?.setToneDetection(tone) }
    }

    /// Tells the leg's port what to listen for unless it knows.
    /// - Returns: whether the port was new.
    @discardableResult
    func applyDetection() -> Bool {
        guard detection.talk != nil || detection.tone != nil, let port = leg?.port, detection.port !== port else { return false }
        detection.port = port
        if let talk = detection.talk { port.setTalkDetection(talk) }
        if let tone = detection.tone { port.setToneDetection(tone) }
        return true
    }

    /// The tone was heard, in what the far end says or in what it hears.
    func toneDetected(outgoing: Bool) {
        guard detection.tone != nil, var hits = detection.toneHits else { return }
        if outgoing { hits.transmitted += 1 } else { hits.received += 1 }
        detection.toneHits = hits
        emit(.channelToneDetected(channel: snapshot))
        if let limit = detection.maxToneHits, max(hits.received, hits.transmitted) >= limit {
            detection.tone = nil
            leg?.port?.setToneDetection(nil)
        }
    }
}
