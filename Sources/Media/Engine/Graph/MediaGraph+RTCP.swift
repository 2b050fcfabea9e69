internal import Audio
internal import RTP

/// Reports to and from the other side (RFC 3550 section 6).
extension MediaGraph {
    /// Takes a datagram of a leg's RTCP socket.
    ///
    /// `bytes` may be overwritten.
    mutating func receiveControl(_ index: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int, from source: NetworkAddress) {
        let leg = legs + Int(index)
        guard let stream = leg.pointee.stream, leg.pointee.provesSource || leg.pointee.latch.admitsControl(from: source) else { return }
        guard let length = leg.pointee.isProtected ? opened(leg, bytes, count, isControl: true) : count else { return reject(leg) }
        let datagram = UnsafeRawBufferPointer(start: bytes, count: length)
        let time = NTPTime(unixMicroseconds: Int64(truncatingIfNeeded: (nowNs &+ wallOffsetNs) / 1_000))
        let nowUs = Int64(truncatingIfNeeded: nowNs / 1_000)
        let isControl: Void? = try? RTCP.forEachReport(in: datagram) { info, block in
            if let info { leg.pointee.statistics.received(info, atUs: nowUs) }
            if let block, block.ssrc == leg.pointee.statistics.localSSRC {
                leg.pointee.statistics.received(block, time: time)
                leg.pointee.lossTold = block.fractionLost
                leg.pointee.transmitter?.pointee.expectLoss(fraction: block.fractionLost)
            }
        }
        guard isControl != nil else { return }
        // Behind NAT the port of the reports is as unforeseeable as that of the packets.
        if !stream.strictSource { leg.pointee.controlDestination = source.socketAddress }
        publishSeries(leg)
    }

    /// Sends a report and draws the time of the next one.
    mutating func sendReport(_ index: Int32) {
        let leg = legs + Int(index)
        let interval = settings.rtcpIntervalNs
        leg.pointee.nextReportNs = nowNs &+ interval / 2 &+ random.next() % max(1, interval)
        guard leg.pointee.controlDestination.length > 0 else { return }
        sendControl(leg, saysGoodbye: false)
        publishSeries(leg)
    }

    /// Says goodbye, with the last report, when anything was ever exchanged.
    mutating func sendGoodbye(_ index: Int32) {
        let leg = legs + Int(index)
        let hasSpoken = leg.pointee.sending.hasSent || leg.pointee.hasReceived
        guard settings.rtcpIntervalNs > 0, hasSpoken, leg.pointee.controlDestination.length > 0 else { return }
        sendControl(leg, saysGoodbye: true)
    }

    private mutating func sendControl(_ leg: UnsafeMutablePointer<Leg>, saysGoodbye: Bool) {
        var report = leg.pointee.statistics.makeReport(
            time: NTPTime(unixMicroseconds: Int64(truncatingIfNeeded: (nowNs &+ wallOffsetNs) / 1_000)),
            rtpTimestamp: leg.pointee.sending.timestamp(atNs: nowNs), atUs: Int64(truncatingIfNeeded: nowNs / 1_000))
        if let lost = report.block?.fractionLost { report.block?.fractionLost = max(lost, lossFurtherOn(leg)) }
        controlBytes.removeAll(keepingCapacity: true)
        RTCP.append(report, cname: settings.cname, saysGoodbye: saysGoodbye, to: &controlBytes)
        let socket = leg.pointee.stream?.rtcpMux == true ? leg.pointee.sockets.rtp : leg.pointee.sockets.rtcp
        controlBytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            var packet = (bytes: base, count: bytes.count)
            if leg.pointee.isProtected {
                guard let sealed = sealed(leg, base, bytes.count, isControl: true) else { return }
                packet = sealed
            }
            sink.function(
                sink.context, socket, packet.bytes, packet.count, leg.addressOfControlDestination, leg.pointee.controlDestination.length)
        }
    }

    /// The share of a leg's packets, in 256ths, that those to whom they are sent on as they come have lost.
    ///
    /// Only who encodes can make up for losses, so an Opus encoder is told of the worst way that its packets take, as a translator of RTP
    /// would let it know (RFC 3550 section 7.2). Other codecs have nothing to make up with.
    private func lossFurtherOn(_ leg: UnsafeMutablePointer<Leg>) -> UInt8 {
        guard leg.pointee.receivedCodec == .opus else { return 0 }
        var most: UInt8 = 0
        var listener = leg.pointee.firstForward
        while listener != Leg.nobody {
            most = max(most, legs[Int(listener)].lossTold)
            listener = legs[Int(listener)].nextForward
        }
        return most
    }

    private func publishSeries(_ leg: UnsafeMutablePointer<Leg>) {
        let statistics = leg.pointee.statistics, counters = leg.pointee.counters
        counters[.remotePacketsLost] = UInt64(clamping: statistics.remoteLost)
        counters.publish(statistics.localJitter, as: .jitterMs, scale: 1_000)
        counters.publish(statistics.remoteJitter, as: .remoteJitterMs, scale: 1_000)
        counters.publish(statistics.localLoss, as: .lost)
        counters.publish(statistics.remoteLoss, as: .remoteLost)
        counters.publish(statistics.roundTrip, as: .roundTripMs, scale: 1_000)
    }
}
