/// Keeps the least recently used audio out: a map bounded by the bytes it holds.
struct SoundCache {
    /// Names one file in one state at one rate.
    struct Key: Hashable, Sendable {
        var file: SoundFiles.Found
        var rate: Int
    }

    private struct Entry {
        var buffer: PCMBuffer
        var lastUse: UInt64
    }

    private let limitBytes: Int
    private var entries: [Key: Entry] = [:]
    private var clock: UInt64 = 0
    private(set) var bytes = 0

    init(limitBytes: Int) { self.limitBytes = limitBytes }

    var count: Int { entries.count }

    /// Finds audio and marks it as used.
    mutating func find(_ key: Key) -> PCMBuffer? {
        clock &+= 1
        entries[key]?.lastUse = clock
        return entries[key]?.buffer
    }

    /// Adds audio and throws out what was not used for longest; audio larger than the whole cache is not kept.
    mutating func insert(_ buffer: PCMBuffer, for key: Key) {
        guard buffer.byteCount <= limitBytes else { return }
        if let old = entries.removeValue(forKey: key) { bytes -= old.buffer.byteCount }
        clock &+= 1
        entries[key] = Entry(buffer: buffer, lastUse: clock)
        bytes += buffer.byteCount
        while bytes > limitBytes, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            entries.removeValue(forKey: oldest.key)
            bytes -= oldest.value.buffer.byteCount
        }
    }
}
