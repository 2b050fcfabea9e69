internal import Audio

/// Talk and tones that are listened for.
extension MediaGraph {
    mutating func setTalkDetection(_ detection: TalkDetection?, of index: Int32) {
        let leg = legs + Int(index)
        if let change = leg.pointee.talk?.pointee.stop(), case .finished(let durationMs) = change {
            emit(.talkingFinished(durationMs: durationMs), from: index)
        }
        leg.pointee.talk?.deallocate()
        leg.pointee.talk = nil
        if let detection {
            let talk = UnsafeMutablePointer<TalkDetector>.allocate(capacity: 1)
            talk.initialize(to: TalkDetector(threshold: detection.threshold, silenceMs: detection.silenceMs))
            leg.pointee.talk = talk
        }
        updateActive(index)
    }

    mutating func setToneDetection(_ detection: ToneDetection?, of index: Int32) {
        let leg = legs + Int(index)
        leg.pointee.tones?.deallocate()
        leg.pointee.tones = nil
        if let detection {
            let tones = UnsafeMutablePointer<LegTones>.allocate(capacity: 1)
            tones.initialize(to: LegTones(detection))
            leg.pointee.tones = tones
        }
        updateActive(index)
    }

    mutating func detectTalk(_ index: Int32) {
        guard let talk = legs[Int(index)].talk else { return }
        let nowMs = Int64(truncatingIfNeeded: nowNs / 1_000_000)
        let frame = incoming(index)
        let change =
            frame.map { talk.pointee.process($0.samples, $0.count, frameMs: Frame.durationMs, at: nowMs) } ?? talk.pointee.idle(at: nowMs)
        switch change {
        case .started: emit(.talkingStarted, from: index)
        case .finished(let durationMs): emit(.talkingFinished(durationMs: durationMs), from: index)
        case nil: break
        }
    }

    mutating func detectTones(_ index: Int32) {
        guard let tones = legs[Int(index)].tones else { return }
        if tones.pointee.incoming != nil {
            let frame = incoming(index)
            if tones.pointee.incoming?.hear(frame) == true { emit(.toneDetected(outgoing: false), from: index) }
        }
        if tones.pointee.outgoing != nil {
            let frame = outgoing(index)
            if tones.pointee.outgoing?.hear(frame) == true { emit(.toneDetected(outgoing: true), from: index) }
        }
    }
}

extension ToneDetector {
    /// Takes the frame of a tick; nil for a tick without audio.
    fileprivate mutating func hear(_ frame: Frame?) -> Bool {
        guard let frame else {
            idle(frameMs: Frame.durationMs)
            return false
        }
        return process(frame.samples, frame.count, sampleRate: frame.rate, frameMs: Frame.durationMs)
    }
}
