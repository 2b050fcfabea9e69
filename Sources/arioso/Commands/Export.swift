import ArgumentParser
import Store

/// Prints the configuration as the YAML file that `apply` takes.
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the configuration as YAML.", discussion: "The text contains the passwords.")

    @OptionGroup var data: DataOption

    func run() throws {
        try failing(with: .dataError) {
            let store = try Store(folder: data.folder)
            let configuration = try store.configuration()
            try store.close()
            print(ConfigurationFile.export(configuration), terminator: "")
        }
    }
}
