import ArgumentParser

/// The command line: `arioso serve`, `apply`, `export`, `import`, `control`, `call`, `monitor`, `demo`, `asterisk`.
@main
struct Arioso: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "arioso",
        abstract: "A phone system that programs control over the Asterisk REST Interface.",
        version: ProductVersion.text,
        subcommands: [Serve.self, Apply.self, Export.self, Import.self, Control.self, Call.self, Monitor.self, Demo.self, Asterisk.self],
        defaultSubcommand: nil)
}
