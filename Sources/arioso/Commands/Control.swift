import ArgumentParser
import Foundation

/// Asks a running server, or has something done.
struct Control: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send a command line to a running server.",
        discussion: """
            For example: arioso control "core show channels" --data ./data. "core show help" lists the commands. Ends with the command's \
            status, or with 69 when no server runs on that data folder.
            """)

    @Argument(help: ArgumentHelp("The command line, in quotes.", valueName: "COMMAND"))
    var command: String

    @OptionGroup var data: DataOption

    /// The socket's name in the data folder.
    static let socketName = "control.sock"

    func run() throws {
        let path = URL(fileURLWithPath: data.folder).appendingPathComponent(Self.socketName).path
        let output: ControlOutput
        do {
            output = try ControlClient.send(command, to: path)
        } catch {
            complain("arioso: \(error). Is a server running on \(data.folder)?")
            throw ExitCode.unavailable
        }
        for line in output.lines { print(line) }
        if output.status != 0 { throw ExitCode(output.status) }
    }
}
