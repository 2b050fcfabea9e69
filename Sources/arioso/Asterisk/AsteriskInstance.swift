import AsteriskImport
import CallCore
import Foundation
import Store
import Synchronization

/// A server that follows the configuration files of an Asterisk: converts them into a data folder of its own, which goes with the process.
final class AsteriskInstance: Sendable {
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    let file: String
    let directories: AsteriskDirectories
    /// The data folder.
    let folder: String
    /// The numbers of the extensions that came from the files.
    private let ofFiles = Mutex<Set<String>>([])

    /// Where commands come in.
    var controlSocket: String { Self.controlSocket(directories) }

    private static func controlSocket(_ directories: AsteriskDirectories) -> String { "\(directories.run)/asterisk.ctl" }

    /// Where an instance takes commands that runs with the main file given.
    static func controlSocket(_ file: String) throws -> String { controlSocket(try directories(file)) }

    /// Reads `[directories]` of the main file.
    static func directories(_ file: String) throws -> AsteriskDirectories {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { throw Problem(description: "can't read \(file)") }
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        var directories = AsteriskDirectories(ImportFile(name: "asterisk.conf", text: text), load: ImportFolder(path: folder).files)
        // Without a word on it the other files lie beside the main one.
        if directories.configuration == AsteriskDirectories.standard.configuration, !text.contains("astetcdir") {
            directories.configuration = folder
        }
        return directories
    }

    init(file: String) throws {
        self.file = file
        directories = try Self.directories(file)
        var template = Array("\(FileManager.default.temporaryDirectory.path)/arioso-asterisk-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Problem(description: "can't make a folder for data") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// Converts the files and stores what came of it. Extensions that programs made over ARI meanwhile stay.
    /// - Returns: what was not taken over.
    func load(into store: Store) throws -> [String] {
        let etc = ImportFolder(path: directories.configuration)
        let (main, mainFolder) = (file, ImportFolder(path: URL(fileURLWithPath: file).deletingLastPathComponent().path))
        var generator = SystemRandomNumberGenerator()
        var conversion = AsteriskImport(onto: Self.base(directories), knownApplications: Set(CallCore.applicationNames)) { name in
            name == "asterisk.conf" ? mainFolder.files(URL(fileURLWithPath: main).lastPathComponent) : etc.files(name)
        }
        conversion.secrets = { Secret.random(using: &generator) }
        let result = conversion.run()
        var remarks = result.remarks.map(\.description)
        var configuration = result.configuration
        configuration.sounds = Self.soundFolders(directories)
        configuration.recordings = "\(directories.spool)/recording"
        // What still can't be is left out, so that the rest works.
        for _ in 0..<Self.repairs {
            let errors = configuration.problems().filter { $0.severity == .error }
            guard !errors.isEmpty else { break }
            let before = configuration
            remarks += errors.map(\.description)
            // Each item once, from the last to the first, so that none takes the place of another.
            let places = Set(errors.map { LeftOut($0.path) }).sorted { $0.index > $1.index }
            for place in places { configuration.leaveOut(place.path) }
            guard configuration != before else { break }
        }
        let numbers = Set(configuration.extensions.map(\.number))
        let former = ofFiles.withLock { $0 }
        let stored = try store.configuration()
        configuration.extensions += stored.extensions.filter { !former.contains($0.number) && !numbers.contains($0.number) }
        try store.replace(with: configuration, check: DialplanLoading.problems)
        ofFiles.withLock { $0 = numbers }
        return remarks
    }

    private static let repairs = 20

    /// What holds where the files say nothing: nothing is open that they don't name.
    private static func base(_ directories: AsteriskDirectories) -> Configuration {
        var base = Configuration.secureDefault
        base.console.enabled = false
        (base.http.httpEnabled, base.http.httpsEnabled) = (false, false)
        base.sip.listeners = []
        base.rtp.ports = 10_000...20_000
        (base.history.enabled, base.history.log) = (false, false)
        return base
    }

    private static func soundFolders(_ directories: AsteriskDirectories) -> [String] {
        let own = "\(directories.data)/sounds"
        return [own] + Configuration().sounds.filter { $0 != own }
    }
}

/// An item of a list, or a section, that is left out.
private struct LeftOut: Hashable {
    let path: String
    let index: Int

    /// - Parameter path: that of something inside, such as `extensions[3].secret`.
    init(_ path: String) {
        guard let close = path.firstIndex(of: "]"), let open = path.firstIndex(of: "["),
            let index = Int(path[path.index(after: open)..<close])
        else {
            (self.path, self.index) = (path, -1)
            return
        }
        (self.path, self.index) = (String(path[...close]), index)
    }
}

extension Configuration {
    /// Takes out what lies at a path: an item of a list, or a section, which gets its defaults.
    mutating func leaveOut(_ path: String) {
        let section = String(path.prefix { $0 != "[" && $0 != "." })
        let index = path.firstIndex(of: "[").flatMap { Int(path[path.index(after: $0)...].prefix { $0.isNumber }) }
        func without<Item>(_ list: [Item]) -> [Item] {
            guard let index, list.indices.contains(index) else { return [] }
            return Array(list[..<index] + list[(index + 1)...])
        }
        let base = Configuration()
        switch section {
        case "extensions": extensions = without(extensions)
        case "providers": providers = without(providers)
        case "webSocketClients": webSocketClients = without(webSocketClients)
        case "dialplan": dialplan = without(dialplan)
        case "ari" where path.hasPrefix("ari.users["): ari.users = without(ari.users)
        case "ari" where path.hasPrefix("ari.outbound["): ari.outbound = without(ari.outbound)
        case "ami" where path.hasPrefix("ami.managers["): ami.managers = without(ami.managers)
        case "sip" where path.hasPrefix("sip.listeners["): sip.listeners = without(sip.listeners)
        case "http": (http.certificate, http.key) = ("", "")
        case "identity": identity = base.identity
        case "rtp": rtp.ports = 10_000...20_000
        case "music": music = base.music
        case "defaultLanguage": defaultLanguage = base.defaultLanguage
        case "indications": indications = base.indications
        case "ari": (ari.realm, ari.allowedOrigins, ari.channelVariables) = (base.ari.realm, [], [])
        default: break
        }
    }
}
