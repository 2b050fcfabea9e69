import ArgumentParser
import Foundation

/// Shows Hello World from end to end on this machine: server, events, a call, a sound, and a check of what was heard.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a call from end to end.",
        discussion: """
            Starts a server in a folder of its own, listens for its events, dials 1000 with a phone, plays a sound on the call, and \
            compares what the phone heard with the sound. Ends with 0 when everything is as it should be.
            """)

    @Option(help: ArgumentHelp("Where to write what the phone heard.", valueName: "FILE"))
    var output = "hello-world-heard.wav"

    @Option(help: ArgumentHelp("The sound to play.", valueName: "NAME"))
    var sound = "hello-world"

    func run() async throws {
        do {
            try await DemoRun(sound: sound, output: output).run()
        } catch {
            complain("arioso: the demonstration failed: \(error)")
            throw ExitCode.failure
        }
    }
}
