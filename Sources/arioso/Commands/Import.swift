import ArgumentParser
import AsteriskImport
import CallCore
import Foundation
import Store

/// Takes the configuration of an Asterisk installation over.
struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take over the configuration files of an Asterisk.",
        discussion: """
            Reads \(AsteriskImport.fileNames.joined(separator: ", ")) in the folder, with what they include. What has a counterpart is \
            converted and applied; every line that has none is listed. A running server takes it over at once.
            """)

    @Argument(help: ArgumentHelp("The folder, usually /etc/asterisk.", valueName: "FOLDER"))
    var folder: String

    @Flag(help: "Only show what would be taken over, as YAML, and what would not.")
    var check = false

    @OptionGroup var data: DataOption

    func run() throws {
        let root = URL(fileURLWithPath: folder).path
        let loader = ImportFolder(path: root)
        try failing(with: .dataError) {
            guard FileManager.default.fileExists(atPath: root) else {
                throw ImportFolder.Missing(description: "there is no folder \(root)")
            }
            let store = check ? nil : try Store(folder: data.folder)
            let before = try store?.configuration() ?? Configuration()
            var conversion = AsteriskImport(onto: before, knownApplications: Set(CallCore.applicationNames), load: loader.files)
            let result = conversion.run()
            guard !result.files.isEmpty else {
                throw ImportFolder.Missing(description: "\(root) has none of \(AsteriskImport.fileNames.joined(separator: ", "))")
            }
            for remark in result.remarks { complain("not taken over: \(remark)") }
            if let store {
                let changes = try store.replace(with: result.configuration, check: DialplanLoading.problems)
                try store.close()
                print(changes.isEmpty ? "Nothing changed." : changes.map(\.description).joined(separator: "\n"))
            } else {
                print(ConfigurationFile.export(result.configuration), terminator: "")
            }
            let count = result.remarks.count
            complain(
                "read \(result.files.joined(separator: ", ")); \(count == 0 ? "all of it was taken over" : "\(count) lines were not taken over")"
            )
        }
    }
}

/// Files below a folder of configuration.
struct ImportFolder {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    let path: String

    /// The files that a name means: one, or those that fit a pattern such as `pjsip.d/*.conf`, by name.
    func files(_ name: String) -> [ImportFile] {
        let whole = name.hasPrefix("/") ? name : "\(path)/\(name)"
        guard name.contains("*") || name.contains("?") else {
            return (try? String(contentsOfFile: whole, encoding: .utf8)).map { [ImportFile(name: name, text: $0)] } ?? []
        }
        let folder = URL(fileURLWithPath: whole).deletingLastPathComponent().path
        let pattern = URL(fileURLWithPath: whole).lastPathComponent
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let prefix = name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
        return names.filter { Self.fits($0, pattern) }.sorted().flatMap { files(prefix + $0) }
    }

    /// Compares a name with a pattern of `*` and `?`.
    static func fits(_ name: String, _ pattern: String) -> Bool {
        var (reachable, letters) = (Set([0]), Array(name))
        for mark in pattern {
            switch mark {
            case "*": if let least = reachable.min() { reachable = Set(least...letters.count) }
            case "?": reachable = Set(reachable.filter { $0 < letters.count }.map { $0 + 1 })
            default: reachable = Set(reachable.filter { $0 < letters.count && letters[$0] == mark }.map { $0 + 1 })
            }
        }
        return reachable.contains(letters.count)
    }
}
