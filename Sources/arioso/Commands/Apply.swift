import ArgumentParser
import Foundation
import Store

/// Reads a YAML file into the data folder; a running server takes it over without dropping a call.
struct Apply: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Set the configuration from a YAML file.",
        discussion: "Everything is checked before anything changes. Sections that the file leaves out stay as they are.")

    @Argument(help: ArgumentHelp("The YAML file.", valueName: "FILE"))
    var file: String

    @OptionGroup var data: DataOption

    func run() throws {
        try failing(with: .dataError) {
            let loaded = try ConfigurationFile.load(contentsOf: file)
            for warning in loaded.warnings { complain(warning.description) }
            let store = try Store(folder: data.folder)
            let changes = try store.apply(loaded, check: DialplanLoading.problems)
            try store.close()
            print(changes.isEmpty ? "Nothing changed." : changes.map(\.description).joined(separator: "\n"))
        }
    }
}
