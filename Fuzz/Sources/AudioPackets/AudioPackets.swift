import Audio
import FuzzTarget

/// Decodes each input as a stream of packets of the codec that its first byte chooses, some of them lost.
@main
enum AudioPackets: FuzzTarget {
    private static let capacity = 5_760

    static func test(_ input: UnsafeRawBufferPointer) {
        var reader = InputReader(input)
        let codec = AudioCodec.allCases[Int(reader.byte()) % AudioCodec.allCases.count]
        guard let decoder = PacketDecoder(codec) else { return }
        var pcm = [Int16](repeating: 0, count: capacity)
        while !reader.isAtEnd {
            let isLost = reader.byte() % 8 == 0
            let packet = reader.piece(Int(reader.byte()))
            pcm.withUnsafeMutableBufferPointer { pcm in
                packet.withUnsafeBytes { decode($0, isLost: isLost, with: decoder, into: pcm) }
            }
        }
    }

    private static func decode(
        _ packet: UnsafeRawBufferPointer, isLost: Bool, with decoder: PacketDecoder, into pcm: UnsafeMutableBufferPointer<Int16>
    ) {
        guard let to = pcm.baseAddress, let bytes = packet.bindMemory(to: UInt8.self).baseAddress else { return }
        if isLost, decoder.conceals { precondition(decoder.conceal(following: packet, into: to, 960) <= 960) }
        precondition(decoder.decode(bytes, packet.count, into: to, capacity: pcm.count) <= pcm.count)
    }
}
