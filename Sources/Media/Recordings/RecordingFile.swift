internal import Audio
internal import Glibc

/// One recording being written. Blocks on the disk: confined to the store's writing queue.
///
/// After every piece the header tells of all that is there, so that a file whose process was killed can be played up to its last piece.
final class RecordingFile {
    private let path: String
    private let descriptor: Int32
    private let format: SoundFormat
    private let channels: Int
    private let tap: AudioTap
    private let encoder: SoundEncoder
    private let headerBytes: Int
    private var dataBytes = 0
    /// Why writing stopped.
    private(set) var failure: RecordingError?

    /// Makes or opens the file of a recording.
    ///
    /// - Throws: `RecordingError.exists` for a file that is there and `existing` is `.refuse`, `.otherFormat` for one that holds other audio
    ///   than is to be appended, `.system` when the system refuses.
    init(_ path: String, _ format: SoundFormat, existing: ExistingRecording, from tap: AudioTap) throws(RecordingError) {
        guard let encoder = SoundEncoder(format: format) else { throw .system(path: path, reason: systemErrorText(ENOMEM)) }
        self.path = path
        self.format = format
        self.tap = tap
        self.encoder = encoder
        channels = tap.channels
        headerBytes = format.isWAV ? SoundFile.wavHeaderBytes : 0
        let flags =
            switch existing {
            case .refuse: O_EXCL
            case .overwrite: O_TRUNC
            case .append: Int32(0)
            }
        descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | flags, 0o640)
        guard descriptor >= 0 else { throw errno == EEXIST ? .exists : .system(path: path, reason: systemErrorText(errno)) }
        if existing == .append { try continueData() }
        writeHeader()
        if let failure { throw failure }
    }

    deinit { close(descriptor) }

    /// Goes on behind the audio that the file holds.
    private func continueData() throws(RecordingError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return }
        let bytes = Int(status.st_size) - headerBytes
        if format.isWAV {
            guard bytes >= 0, let header = Self.readHeader(descriptor),
                header == (rate: UInt32(clamping: tap.sampleRate), channels: UInt16(clamping: channels))
            else { throw .otherFormat("not \(format.rawValue) with \(channels) channel\(channels == 1 ? "" : "s")") }
        }
        let unit = format == .gsm ? format.bytes(inSamples: tap.sampleRate / 50) : format.bytes(inSamples: 2) * channels
        dataBytes = max(0, bytes) / unit * unit
    }

    /// Milliseconds of audio in the file.
    var durationMs: Int { format.samples(inBytes: dataBytes) / channels * 1_000 / tap.sampleRate }

    /// Writes what the tap has; does nothing once writing failed.
    func write() {
        let before = dataBytes
        tap.read { append(encoder.encode($0)) }
        if dataBytes != before { writeHeader() }
    }

    /// Writes the rest, and takes off milliseconds at the end.
    func finish(trimMs: Int) {
        write()
        append(encoder.finish())
        if trimMs > 0 {
            dataBytes -= min(dataBytes, format.bytes(inSamples: trimMs * tap.sampleRate / 1_000) * channels)
            if ftruncate(descriptor, off_t(headerBytes + dataBytes)) != 0 { fail() }
        }
        writeHeader()
    }

    /// Removes the file.
    func discard() { unlink(path) }

    private func append(_ bytes: [UInt8]) {
        guard failure == nil else { return }
        if put(bytes, at: headerBytes + dataBytes) { dataBytes += bytes.count }
    }

    private func writeHeader() {
        guard format.isWAV, failure == nil else { return }
        _ = put(SoundFile.wavHeader(sampleRate: tap.sampleRate, channels: channels, dataBytes: dataBytes), at: 0)
    }

    private func put(_ bytes: [UInt8], at offset: Int) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    fail()
                    return false
                }
                done += count
            }
            return true
        }
    }

    private func fail() {
        if failure == nil { failure = .system(path: path, reason: systemErrorText(errno)) }
    }

    // MARK: Headers

    /// Reads what the header of one of our files says.
    private static func readHeader(_ descriptor: Int32) -> (rate: UInt32, channels: UInt16)? {
        var bytes = [UInt8](repeating: 0, count: SoundFile.wavHeaderBytes)
        guard pread(descriptor, &bytes, bytes.count, 0) == bytes.count else { return nil }
        let channels = UInt16(bytes[22]) | UInt16(bytes[23]) << 8
        let rate = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[24 + $1]) << (8 * UInt32($1)) }
        let expected = SoundFile.wavHeader(sampleRate: Int(rate), channels: Int(channels), dataBytes: 0)
        // All but the two sizes.
        let isOurs = bytes.indices.allSatisfy { (4..<8).contains($0) || (40..<44).contains($0) || bytes[$0] == expected[$0] }
        return isOurs ? (rate, channels) : nil
    }

    /// Makes the sizes in a header say what the file holds.
    ///
    /// - Returns: Whether they were wrong. Files with another kind of header are left alone.
    static func repairHeader(_ path: String) -> Bool {
        let descriptor = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, let header = readHeader(descriptor) else { return false }
        let unit = 2 * max(1, Int(header.channels))
        let dataBytes = (Int(status.st_size) - SoundFile.wavHeaderBytes) / unit * unit
        let right = SoundFile.wavHeader(sampleRate: Int(header.rate), channels: Int(header.channels), dataBytes: dataBytes)
        var present = [UInt8](repeating: 0, count: right.count)
        guard pread(descriptor, &present, present.count, 0) == present.count, present != right else { return false }
        return pwrite(descriptor, right, right.count, 0) == right.count
    }
}

/// What becomes of a recording that has the name already.
public enum ExistingRecording: String, Sendable, CaseIterable {
    case refuse = "fail"
    case overwrite
    case append
}
