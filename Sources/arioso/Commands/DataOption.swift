import ArgumentParser

/// The option that all commands share which work on a data folder.
struct DataOption: ParsableArguments {
    @Option(name: .customLong("data"), help: ArgumentHelp("The data folder.", valueName: "DIR"))
    var folder = "./data"
}
