public import Store

/// A file of the reference that is read.
public struct ImportFile: Sendable, Equatable {
    public var name: String
    public var text: String

    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// A line that was not taken over, and why.
public struct ImportRemark: Sendable, Equatable, CustomStringConvertible {
    public var place: ConfPlace
    public var text: String
    public var reason: String

    public var description: String { "\(place): \(text.isEmpty ? "" : "\(text): ")\(reason)" }
}

/// What came of an import.
public struct ImportResult: Sendable {
    /// The configuration with what was understood put into it.
    public var configuration: Configuration
    /// What was not, in the order of files and lines.
    public var remarks: [ImportRemark]
    /// The files that were read, without those that they include.
    public var files: [String]
}

/// Converts the configuration files of an Asterisk installation: what has a counterpart here is taken over, every other line is told.
public struct AsteriskImport {
    /// The files that are looked for, in the order in which they are converted.
    public static let fileNames = [
        "asterisk.conf", "http.conf", "ari.conf", "manager.conf", "cel.conf", "cdr_manager.conf", "rtp.conf", "indications.conf",
        "musiconhold.conf", "websocket_client.conf", "pjsip.conf",
        "extensions.conf",
    ]

    /// Makes secrets of phones that need none; without it endpoints that don't authenticate are refused.
    public var secrets: (() -> String)?
    var takesUnauthenticated: Bool { secrets != nil }
    func makeSecret() -> String { secrets?() ?? "" }
    var configuration: Configuration
    let loadFiles: (String) -> [ImportFile]
    let knownApplications: Set<String>
    private var taken: Set<ConfPlace> = []
    private var refused: [ConfPlace: String] = [:]
    private var seen: [ConfPlace: String] = [:]
    private var faults: [ImportRemark] = []
    private var files: [String] = []

    /// - Parameters:
    ///   - configuration: what is there already; lists that a file has anything for are replaced.
    ///   - knownApplications: the dialplan applications that there are.
    ///   - load: gives the files that a name means, such as `pjsip.conf` or, of an include, `pjsip.d/*.conf`; none when there are none.
    public init(onto configuration: Configuration, knownApplications: Set<String>, load: @escaping (String) -> [ImportFile]) {
        self.configuration = configuration
        self.knownApplications = knownApplications
        loadFiles = load
    }

    public mutating func run() -> ImportResult {
        for name in Self.fileNames {
            guard let file = loadFiles(name).first else { continue }
            files.append(name)
            guard name != "extensions.conf" else {
                importDialplan(file)
                continue
            }
            let conf = ConfFile(file.name, text: file.text, load: loadFiles)
            faults += conf.faults
            for section in conf.sections { note(section) }
            convert(name, conf.sections)
        }
        return ImportResult(configuration: configuration, remarks: remarks, files: files)
    }

    private mutating func convert(_ name: String, _ sections: [ConfSection]) {
        switch name {
        case "asterisk.conf": importMain(sections)
        case "http.conf": importHTTP(sections)
        case "ari.conf": importARI(sections)
        case "manager.conf": importManager(sections)
        case "cel.conf": importCEL(sections)
        case "cdr_manager.conf": importCDRManager(sections)
        case "rtp.conf": importRTP(sections)
        case "indications.conf": importIndications(sections)
        case "musiconhold.conf": importMusic(sections)
        case "websocket_client.conf": importWebSocketClients(sections)
        default: importPJSIP(sections)
        }
    }

    private var remarks: [ImportRemark] {
        let left = seen.filter { !taken.contains($0.key) }.map { place, text in
            ImportRemark(place: place, text: text, reason: refused[place] ?? "has no counterpart")
        }
        return (left + faults).sorted { $0.place < $1.place }
    }

    // MARK: What is taken

    private mutating func note(_ section: ConfSection) {
        for entry in section.entries { seen[entry.place] = "\(entry.key) = \(entry.value)" }
    }

    /// The last value of a key; all lines with the key count as understood.
    mutating func take(_ key: String, _ section: ConfSection) -> String? {
        var value: String?
        for entry in section.entries where entry.key == key {
            taken.insert(entry.place)
            value = entry.value
        }
        return value
    }

    /// The lines with a key, which count as understood.
    mutating func takeAll(_ key: String, _ section: ConfSection) -> [ConfEntry] {
        let found = section.entries.filter { $0.key == key }
        taken.formUnion(found.map(\.place))
        return found
    }

    mutating func takeFlag(_ key: String, _ section: ConfSection) -> Bool? { take(key, section).map(Self.isTrue) }

    /// A whole number; one that is none is told.
    mutating func takeNumber(_ key: String, _ section: ConfSection, _ range: ClosedRange<Int>) -> Int? {
        guard let text = take(key, section) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            refuse(key, section, "should be a number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// Counts lines as understood whose value says what is always so here.
    mutating func acceptUsual(_ usual: [String: Set<String>], _ section: ConfSection) {
        for entry in section.entries where usual[entry.key]?.contains(entry.value.lowercased()) ?? false { taken.insert(entry.place) }
    }

    /// Tells why the lines with a key are of no use.
    mutating func refuse(_ key: String, _ section: ConfSection, _ reason: String) {
        for entry in section.entries where entry.key == key { refuse(entry, reason) }
    }

    mutating func refuse(_ entry: ConfEntry, _ reason: String) {
        taken.remove(entry.place)
        refused[entry.place] = reason
    }

    /// Tells that a whole section is of no use.
    mutating func refuse(_ section: ConfSection, _ reason: String) {
        faults.append(ImportRemark(place: section.place, text: "[\(section.name)]", reason: reason))
    }

    mutating func addFaults(_ more: [ImportRemark]) { faults += more }

    static func isTrue(_ text: String) -> Bool { ["yes", "true", "y", "t", "1", "on"].contains(text.lowercased()) }
}
