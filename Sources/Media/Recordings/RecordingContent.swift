public import Audio
internal import Glibc

/// The bytes of a stored recording, read from the beginning to the end that it had when it was opened.
///
/// `@unchecked Sendable`: one read at a time, by whoever opened it.
public final class RecordingContent: @unchecked Sendable {
    public let format: SoundFormat
    /// The media type of the file, `audio/` and its extension.
    public var contentType: String { "audio/\(format.fileExtension)" }
    /// Bytes in the file.
    public let byteCount: Int
    private let path: String
    private let descriptor: Int32
    private var offset = 0

    init(_ found: StoredRecordings.Found) throws(RecordingError) {
        format = found.format
        path = found.path
        descriptor = open(found.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: found.path, reason: systemErrorText(errno)) }
        var status = stat()
        byteCount = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    deinit { close(descriptor) }

    /// Reads on; no bytes at the end.
    func read(upTo limit: Int) throws(RecordingError) -> [UInt8] {
        let wanted = min(limit, byteCount - offset)
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: max(0, wanted)) { buffer, filled in
            while filled < buffer.count, let base = buffer.baseAddress {
                let count = pread(descriptor, base + filled, buffer.count - filled, off_t(offset + filled))
                if count < 0, errno == EINTR { continue }
                if count < 0 { failure = errno }
                if count <= 0 { break }
                filled += count
            }
        }
        guard failure == 0 else { throw .system(path: path, reason: systemErrorText(failure)) }
        offset += bytes.count
        return bytes
    }
}
