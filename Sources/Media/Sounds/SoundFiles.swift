internal import Audio
internal import CLinuxIO
internal import Glibc

/// Reads the sound folders. Blocks on the file system: background threads only.
struct SoundFiles: Sendable {
    static let maxDepth = 8
    static let maxEntries = 100_000

    let folders: [String]

    init(folders: [String]) {
        self.folders = folders.map { $0.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    /// Tells whether a path without symbolic links lies inside a folder.
    private func isInside(_ real: String) -> Bool {
        folders.contains { folder in
            guard let root = SystemPath.real(folder) else { return false }
            return real.hasPrefix(root.hasSuffix("/") ? root : root + "/")
        }
    }

    /// One file found.
    struct Found: Hashable, Sendable {
        var path: String
        var format: SoundFormat
        var bytes: Int
        var modifiedNs: Int64
    }

    /// Finds the best file for a sound; nil when there is none inside the folders.
    func find(_ name: SoundName, language: String, defaultLanguage: String, rate: Int) -> Found? {
        let formats = SoundName.formats(for: rate)
        for base in name.basePaths(in: folders, language: language, defaultLanguage: defaultLanguage) {
            for format in formats {
                if let found = file("\(base).\(format.fileExtension)", format: format) { return found }
            }
        }
        return nil
    }

    private func file(_ path: String, format: SoundFormat) -> Found? {
        guard access(path, R_OK) == 0, let real = SystemPath.real(path), isInside(real),
            let status = Self.status(real), status.st_mode & S_IFMT == S_IFREG
        else { return nil }
        let modified = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
        return Found(path: real, format: format, bytes: Int(status.st_size), modifiedNs: modified)
    }

    /// Reads a whole file.
    func read(_ found: Found, limit: Int) throws(SoundError) -> [UInt8] {
        guard found.bytes <= limit else { throw .tooLarge(path: found.path, limit: limit) }
        let descriptor = open(found.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: found.path, reason: systemErrorText(errno)) }
        defer { Glibc.close(descriptor) }
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: max(0, found.bytes)) { buffer, filled in
            while filled < buffer.count, let base = buffer.baseAddress {
                let count = Glibc.read(descriptor, base + filled, buffer.count - filled)
                if count < 0 { failure = errno }
                if count <= 0 { break }
                filled += count
            }
        }
        guard failure == 0 else { throw .unreadable(path: found.path, reason: systemErrorText(failure)) }
        return bytes
    }

    /// Lists every sound in the language folders. A language folder that is only another name of one listed is left out.
    func index() -> [SoundEntry] {
        var variants: [String: Set<SoundEntry.Variant>] = [:]
        var seen: Set<String> = []
        var entries = 0
        for folder in folders {
            let languages = SystemPath.names(in: folder, limit: Self.maxEntries).filter { SoundName.isLanguage($0[...]) }.sorted {
                ($0.utf8.count, $0) < ($1.utf8.count, $1)
            }
            for language in languages {
                guard let real = SystemPath.real("\(folder)/\(language)"), isInside(real),
                    seen.insert(real).inserted
                else { continue }
                walk(real, prefix: "", depth: 0, entries: &entries) { id, format in
                    variants[id, default: []].insert(SoundEntry.Variant(language: language, format: format.ariName))
                }
            }
        }
        return variants.map { SoundEntry(id: $0.key, variants: $0.value.sorted()) }.sorted { $0.id < $1.id }
    }

    /// Lists the sounds that lie in the folders themselves, without language: the pieces of a music class.
    func plainNames() -> [String] {
        var names: Set<String> = []
        for folder in folders {
            for name in SystemPath.names(in: folder, limit: Self.maxEntries) {
                guard let status = insideStatus("\(folder)/\(name)"), status.st_mode & S_IFMT == S_IFREG,
                    let dot = name.lastIndex(of: "."), dot > name.startIndex,
                    SoundFormat(rawValue: String(name[name.index(after: dot)...])) != nil
                else { continue }
                names.insert(String(name[..<dot]))
            }
        }
        return names.sorted()
    }

    private func walk(_ folder: String, prefix: String, depth: Int, entries: inout Int, found: (String, SoundFormat) -> Void) {
        guard depth < Self.maxDepth else { return }
        for name in SystemPath.names(in: folder, limit: Self.maxEntries) {
            entries += 1
            guard entries <= Self.maxEntries, let status = insideStatus("\(folder)/\(name)") else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                walk("\(folder)/\(name)", prefix: "\(prefix)\(name)/", depth: depth + 1, entries: &entries, found: found)
            } else if status.st_mode & S_IFMT == S_IFREG, let dot = name.lastIndex(of: "."),
                let format = SoundFormat(rawValue: String(name[name.index(after: dot)...])), dot > name.startIndex
            {
                found(prefix + name[..<dot], format)
            }
        }
    }

    /// Gives what a path is; nil for a link that leads out of the folders.
    private func insideStatus(_ path: String) -> stat? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        guard status.st_mode & S_IFMT == S_IFLNK else { return status }
        guard let real = SystemPath.real(path), isInside(real) else { return nil }
        return Self.status(real)
    }

    private static func status(_ path: String) -> stat? {
        var result = stat()
        return stat(path, &result) == 0 ? result : nil
    }
}
