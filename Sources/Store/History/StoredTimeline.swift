/// What happened in a call, as a compact text: the names of the channels in the first line, then a line for each moment with its
/// milliseconds, what happened, the place of the channel, and the detail, separated by tabs.
public struct StoredTimeline: Sendable, Equatable {
    public struct Moment: Sendable, Equatable {
        /// Milliseconds since the start of the call.
        public var ms: Int
        public var what: String
        /// The name of the channel.
        public var channel: String
        public var detail: String

        public init(ms: Int, what: String, channel: String, detail: String) {
            self.ms = ms
            self.what = what
            self.channel = channel
            self.detail = detail
        }
    }

    /// Writes the text, moment by moment.
    public struct Writer: Sendable {
        private var bytes: [UInt8]

        public init(channels: [String], moments: Int) {
            bytes = []
            bytes.reserveCapacity(64 * (channels.count + moments))
            for (index, channel) in channels.enumerated() {
                if index > 0 { bytes.append(Self.tab) }
                append(channel)
            }
        }

        private static let tab = UInt8(ascii: "\t")

        /// - Parameter channel: its place among the channels.
        public mutating func add(ms: Int, what: StaticString, channel: Int, detail: String) {
            bytes.append(UInt8(ascii: "\n"))
            bytes += String(ms).utf8
            bytes.append(Self.tab)
            what.withUTF8Buffer { bytes += $0 }
            bytes.append(Self.tab)
            bytes += String(channel).utf8
            bytes.append(Self.tab)
            append(detail)
        }

        /// What would end a field or a line becomes a blank.
        private mutating func append(_ text: String) {
            for byte in text.utf8 { bytes.append(byte < 0x20 ? UInt8(ascii: " ") : byte) }
        }

        public var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    public var moments: [Moment] = []

    /// Reads a text; lines that make no sense are left out.
    public init(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let channels = lines.first?.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) ?? []
        moments = lines.dropFirst().compactMap { line in
            let fields = line.split(separator: "\t", maxSplits: 3, omittingEmptySubsequences: false)
            guard fields.count == 4, let ms = Int(fields[0]), let place = Int(fields[2]) else { return nil }
            return Moment(
                ms: ms, what: String(fields[1]), channel: channels.indices.contains(place) ? channels[place] : "", detail: String(fields[3])
            )
        }
    }
}
