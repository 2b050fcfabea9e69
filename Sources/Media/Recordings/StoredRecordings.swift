public import Audio
internal import CLinuxIO
internal import Glibc

/// The folder of recordings. Blocks on the file system: background threads only.
struct StoredRecordings: Sendable {
    static let maxEntries = 100_000

    let folder: String

    /// One recording found.
    struct Found: Sendable {
        var format: SoundFormat
        var path: String
    }

    /// Finds a recording; of several formats the first known one counts.
    func find(_ name: RecordingName) throws(RecordingError) -> Found {
        for format in SoundFormat.allCases {
            let path = path(of: name, format)
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            guard isInside(path), stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            return Found(format: format, path: path)
        }
        throw .notFound
    }

    func path(of name: RecordingName, _ format: SoundFormat) -> String { "\(folder)/\(name).\(format.fileExtension)" }

    /// Lists all recordings by name.
    func list() -> [RecordingEntry] {
        var formats: [String: SoundFormat] = [:]
        var seen = 0
        walk(folder, prefix: "", depth: 0, seen: &seen) { name, format, _ in
            if formats[name].map({ Self.rank($0) > Self.rank(format) }) ?? true { formats[name] = format }
        }
        return formats.map { RecordingEntry(name: $0.key, format: $0.value) }.sorted { $0.name < $1.name }
    }

    /// Lists all recordings with what their files tell.
    func details() -> [RecordingDetails] {
        list().compactMap { entry in
            guard let name = RecordingName(entry.name) else { return nil }
            var status = stat()
            guard lstat(path(of: name, entry.format), &status) == 0 else { return nil }
            return RecordingDetails(
                entry: entry, bytes: Int(status.st_size),
                modifiedMs: Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000)
        }
    }

    private static func rank(_ format: SoundFormat) -> Int { SoundFormat.allCases.firstIndex(of: format) ?? 0 }

    /// Removes every file of a recording.
    func delete(_ name: RecordingName) throws(RecordingError) {
        var next: Found? = try find(name)
        while let found = next {
            guard unlink(found.path) == 0 else { throw .system(path: found.path, reason: systemErrorText(errno)) }
            next = try? find(name)
        }
    }

    /// Copies a recording under another name, which nothing may have yet.
    func copy(_ name: RecordingName, to other: RecordingName) throws(RecordingError) -> RecordingEntry {
        let found = try find(name)
        if (try? find(other)) != nil { throw .exists }
        try makeFolders(for: other)
        let target = path(of: other, found.format)
        let source = open(found.path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw .system(path: found.path, reason: systemErrorText(errno)) }
        defer { close(source) }
        let made = open(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o640)
        guard made >= 0 else { throw errno == EEXIST ? .exists : .system(path: target, reason: systemErrorText(errno)) }
        defer { close(made) }
        var status = stat()
        guard fstat(source, &status) == 0 else { throw .system(path: found.path, reason: systemErrorText(errno)) }
        var left = Int(status.st_size)
        while left > 0 {
            let count = sendfile(made, source, nil, left)
            guard count > 0 else {
                let failure = errno
                unlink(target)
                throw .system(path: target, reason: systemErrorText(failure))
            }
            left -= count
        }
        return RecordingEntry(name: other.description, format: found.format)
    }

    /// Makes the folders that a name leads through.
    func makeFolders(for name: RecordingName) throws(RecordingError) {
        for part in [""] + name.folders {
            let path = part.isEmpty ? folder : "\(folder)/\(part)"
            guard mkdir(path, 0o750) == 0 || errno == EEXIST else { throw .system(path: path, reason: systemErrorText(errno)) }
        }
        guard let last = name.folders.last else { return }
        guard isInside("\(folder)/\(last)") else { throw .forbidden }
    }

    /// Tells whether a path, its links followed, lies in the folder.
    private func isInside(_ path: String) -> Bool {
        guard let root = SystemPath.real(folder), let real = SystemPath.real(path) else { return false }
        return real.hasPrefix(root.hasSuffix("/") ? root : root + "/")
    }

    /// Makes the headers of files right whose recording was cut off by the end of the process.
    ///
    /// - Returns: The names of those that were not right.
    func repair() -> [String] {
        var repaired: [String] = []
        var seen = 0
        walk(folder, prefix: "", depth: 0, seen: &seen) { name, format, path in
            if format.isWAV, RecordingFile.repairHeader(path) { repaired.append(name) }
        }
        return repaired
    }

    private func walk(
        _ path: String, prefix: String, depth: Int, seen: inout Int, found: (String, SoundFormat, String) -> Void
    ) {
        guard depth < RecordingName.maxParts else { return }
        for name in SystemPath.names(in: path, limit: Self.maxEntries) {
            seen += 1
            var status = stat()
            guard seen <= Self.maxEntries, lstat("\(path)/\(name)", &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                walk("\(path)/\(name)", prefix: "\(prefix)\(name)/", depth: depth + 1, seen: &seen, found: found)
            } else if status.st_mode & S_IFMT == S_IFREG, let dot = name.lastIndex(of: "."), dot > name.startIndex,
                let format = SoundFormat(rawValue: String(name[name.index(after: dot)...]))
            {
                found(prefix + name[..<dot], format, "\(path)/\(name)")
            }
        }
    }
}

/// A stored recording and what its file tells.
public struct RecordingDetails: Sendable, Equatable {
    public var entry: RecordingEntry
    public var bytes: Int
    /// Milliseconds since the epoch.
    public var modifiedMs: Int64

    /// How long it takes, as far as the file's size tells; of two sides twice as long.
    public var durationMs: Int {
        let header = entry.format.isWAV ? SoundFile.wavHeaderBytes : 0
        return entry.format.samples(inBytes: max(0, bytes - header)) * 1_000 / entry.format.sampleRate
    }
}

/// A stored recording in the list of all.
public struct RecordingEntry: Sendable, Equatable {
    /// The path below the folder of recordings, without extension.
    public var name: String
    public var format: SoundFormat

    /// The extension of the file.
    public var formatName: String { format.fileExtension }
}
