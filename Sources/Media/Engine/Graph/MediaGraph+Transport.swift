internal import RTP
internal import SecureMedia

/// What lies under media: datagrams of ICE and DTLS, and the protection of packets.
extension MediaGraph {
    // MARK: What the control side asks for

    func setTransportFilter(_ filter: TransportFilter?, of index: Int32) {
        guard let transport = transport(of: index) else { return }
        transport.pointee.filter = filter
    }

    func sendDatagram(_ bytes: [UInt8], to address: NetworkAddress, from index: Int32) {
        let leg = legs + Int(index)
        guard leg.pointee.kind == .rtp else { return }
        var target = address.socketAddress
        withUnsafeBytes(of: &target.storage) { name in
            bytes.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress, let name = name.baseAddress else { return }
                sink.function(sink.context, leg.pointee.sockets.rtp, base, bytes.count, name, target.length)
            }
        }
    }

    /// Protects packets from now on, or with other keys than before.
    mutating func protect(_ protection: MediaProtection, _ index: Int32) {
        guard let transport = transport(of: index) else { return }
        if let former = transport.pointee.owner {
            protection.follow(former.takeUnretainedValue())
            discarded.append(Self.kept(former))
        }
        transport.pointee.owner = Unmanaged.passRetained(protection)
        transport.pointee.protection = protection.state
        transport.pointee.namings = LegTransport.namingPackets
        outgoingChanged(index)
    }

    private func transport(of index: Int32) -> UnsafeMutablePointer<LegTransport>? {
        let leg = legs + Int(index)
        guard leg.pointee.kind == .rtp else { return nil }
        if let transport = leg.pointee.transport { return transport }
        let transport = UnsafeMutablePointer<LegTransport>.allocate(capacity: 1)
        transport.initialize(to: LegTransport())
        leg.pointee.transport = transport
        return transport
    }

    mutating func dropTransport(_ index: Int32) {
        guard let transport = legs[Int(index)].transport else { return }
        legs[Int(index)].transport = nil
        if let owner = transport.pointee.owner { discarded.append(Self.kept(owner)) }
        transport.deallocate()
    }

    private static func kept(_ owner: Unmanaged<MediaProtection>) -> Unmanaged<AnyObject> { .fromOpaque(owner.toOpaque()) }

    // MARK: From the network

    /// Takes a datagram that is neither RTP nor RTCP.
    mutating func receiveTransport(_ index: Int32, _ datagram: UnsafeRawBufferPointer, from source: NetworkAddress) {
        let leg = legs + Int(index)
        guard let transport = leg.pointee.transport, let filter = transport.pointee.filter else { return reject(leg) }
        let kind: TransportDatagram.Kind
        switch MediaPacketKind(datagram) {
        case .stun where filter.admitsSTUN(datagram): kind = .stun
        case .dtls where filter.admitsDTLS(from: source): kind = .dtls
        default: return reject(leg)
        }
        guard transport.pointee.mayHandOver(nowNs: nowNs) else { return reject(leg) }
        datagrams.append(PortDatagram(port: id(index), datagram: TransportDatagram(kind, Array(datagram), from: source)))
    }

    /// Opens an RTP or RTCP packet; nil for one that is not the far end's.
    func opened(_ leg: UnsafeMutablePointer<Leg>, _ bytes: UnsafeMutableRawPointer, _ count: Int, isControl: Bool) -> Int? {
        guard let protection = leg.pointee.transport?.pointee.protection else { return nil }
        let opening =
            isControl
            ? protection.pointee.receiver.unprotectControl(bytes, count: count) : protection.pointee.receiver.unprotect(bytes, count: count)
        guard case .genuine(let length) = opening else { return nil }
        return length
    }

    // MARK: To the network

    /// Protects a copy of an RTP or RTCP packet, which others may send on as it is.
    ///
    /// - Parameter level: how loud the audio in it is, for what is told in front of it; nil where that is not known.
    func sealed(
        _ leg: UnsafeMutablePointer<Leg>, _ packet: UnsafeRawPointer, _ packetBytes: Int, isControl: Bool, level: UInt8? = nil
    ) -> (UnsafeRawPointer, Int)? {
        guard let transport = leg.pointee.transport, let protection = transport.pointee.protection, packetBytes <= Self.maxMadeBytes else {
            return nil
        }
        let inserted = isControl ? 0 : extend(leg, transport, level)
        if inserted == 0 {
            sealing.copyMemory(from: packet, byteCount: packetBytes)
        } else {
            let payload = RTPHeader.byteCount
            sealing.copyMemory(from: packet, byteCount: payload)
            sealing.storeBytes(of: sealing.load(as: UInt8.self) | RTPHeader.extensionBit, as: UInt8.self)
            (sealing + payload + inserted).copyMemory(from: packet + payload, byteCount: packetBytes - payload)
        }
        let count = packetBytes + inserted
        let length =
            isControl
            ? protection.pointee.sender.protectControl(sealing, count: count, capacity: Self.sealingBytes)
            : protection.pointee.sender.protect(sealing, count: count, capacity: Self.sealingBytes)
        return length.map { (UnsafeRawPointer(sealing), $0) }
    }

    /// Writes what is told in front of a packet's payload where it will be; gives its bytes.
    private func extend(_ leg: UnsafeMutablePointer<Leg>, _ transport: UnsafeMutablePointer<LegTransport>, _ level: UInt8?) -> Int {
        guard let extensions = leg.pointee.stream?.headerExtensions, !extensions.isEmpty else { return 0 }
        let namesSection = transport.pointee.namings > 0
        if namesSection { transport.pointee.namings -= 1 }
        return extensions.write(to: sealing + RTPHeader.byteCount, level: level, nowNs: nowNs, namesSection: namesSection)
    }
}
