import ARIServer
import CallCore
import Dialplan
import Foundation
import SIPServer
import Store

/// What a command line printed, and whether it could be carried out.
struct ControlOutput: Sendable, Equatable {
    var lines: [String]
    /// 0, or what the program that asked ends with.
    var status: Int32 = 0

    init(_ lines: [String], status: Int32 = 0) {
        self.lines = lines
        self.status = status
    }

    init(_ line: String, status: Int32 = 0) { self.init([line], status: status) }

    var succeeded: Bool { status == 0 }
}

/// Carries out command lines such as `core show channels`, in the words and with the output of the reference.
@CallActor
final class ControlCommands {
    let core: CallCore
    let ari: ARIServer
    let sip: SIPServer
    /// Takes over what is stored, or what the files say.
    var onReload: @CallActor () async -> Void = {}
    /// The configuration in force.
    var configuration: @CallActor () -> Configuration = { Configuration() }
    /// Asks the process to end.
    var onStop: @CallActor () -> Void = {}
    private var isBooted = false
    private var bootWaiters: [CheckedContinuation<Void, Never>] = []

    init(core: CallCore, ari: ARIServer, sip: SIPServer) {
        self.core = core
        self.ari = ari
        self.sip = sip
    }

    /// Everything listens.
    func booted() {
        isBooted = true
        let waiters = bootWaiters
        bootWaiters = []
        for waiter in waiters { waiter.resume() }
    }

    func waitForBoot() async {
        guard !isBooted else { return }
        await withCheckedContinuation { bootWaiters.append($0) }
    }

    func reload() async { await onReload() }

    /// Lets `core stop …` end the process as a signal does.
    func stopsProcess() { onStop = { kill(getpid(), SIGTERM) } }

    /// Carries out one line; unknown words are told as the reference does.
    func run(_ line: String) async -> ControlOutput {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        let candidates = ControlCommand.all.filter { $0.fits(words) }
        guard let command = candidates.max(by: { $0.words.count < $1.words.count }) else {
            return ControlOutput(
                "No such command '\(line)' (type 'core show help \(words.first ?? "")' for other possible commands)", status: 1)
        }
        return await command.run(self, Array(words.dropFirst(command.words.count)))
    }
}

/// One command: its words, what it does, and how.
struct ControlCommand: Sendable {
    let words: [String]
    let summary: String
    let run: @CallActor @Sendable (ControlCommands, [String]) async -> ControlOutput

    init(
        _ words: String, _ summary: String, _ run: @escaping @CallActor @Sendable (ControlCommands, [String]) async -> ControlOutput
    ) {
        self.words = words.split(separator: " ").map(String.init)
        self.summary = summary
        self.run = run
    }

    func fits(_ given: [String]) -> Bool {
        given.count >= words.count && zip(words, given).allSatisfy { $0 == $1.lowercased() }
    }

    static let all = coreCommands + channelCommands + dialplanCommands + accessCommands + pjsipCommands

    static func usage(_ text: String) -> ControlOutput { ControlOutput("Usage: \(text)", status: 1) }
}

extension String {
    /// The text in a column of a width, cut off or filled with blanks.
    func column(_ width: Int) -> String { padding(toLength: width, withPad: " ", startingAt: 0) }
}
