/// One message of the AudioSocket protocol: a kind, a length of two bytes (big-endian), and that many bytes.
struct AudioSocketMessage: Equatable {
    /// What a message is. Audio is linear, low byte first, of the rate that its kind stands for.
    enum Kind {
        static let hangup: UInt8 = 0x00
        static let uuid: UInt8 = 0x01
        static let digit: UInt8 = 0x03
        static let error: UInt8 = 0xFF
        /// Samples per second by the kind of audio.
        static let audioRates: [UInt8: Int] = [
            0x10: 8_000, 0x11: 12_000, 0x12: 16_000, 0x13: 24_000, 0x14: 32_000, 0x15: 44_100, 0x16: 48_000, 0x17: 96_000, 0x18: 192_000,
        ]

        static func audio(rate: Int) -> UInt8? { audioRates.first { $0.value == rate }?.key }
    }

    var kind: UInt8
    var payload: [UInt8]

    /// The message as bytes; a payload beyond 65,535 bytes is cut off.
    var bytes: [UInt8] {
        let count = min(payload.count, Int(UInt16.max))
        return [kind, UInt8(count >> 8), UInt8(count & 0xFF)] + payload.prefix(count)
    }
}

/// Cuts a stream of bytes into messages. Holds at most one that is not whole, 64 KiB.
struct AudioSocketDecoder {
    private var pending: [UInt8] = []

    /// Takes bytes; gives the messages that they complete.
    mutating func receive(_ bytes: some Sequence<UInt8>) -> [AudioSocketMessage] {
        pending += bytes
        var messages: [AudioSocketMessage] = []
        var start = 0
        while pending.count - start >= 3 {
            let count = Int(pending[start + 1]) << 8 | Int(pending[start + 2])
            guard pending.count - start - 3 >= count else { break }
            messages.append(AudioSocketMessage(kind: pending[start], payload: Array(pending[start + 3..<start + 3 + count])))
            start += 3 + count
        }
        pending.removeFirst(start)
        return messages
    }
}
