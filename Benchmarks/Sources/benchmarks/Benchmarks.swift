import Dispatch
import Foundation

/// Measures the server with load of our own, and prints a line of JSON per figure.
///
///     benchmarks SERVER [NAME [CALLS]]
///
/// `NAME` is a figure, or `soak`, which takes its time and is measured only when asked for, with `CALLS` or `SOAK_CALLS` calls.
@main
struct Benchmarks {
    static func main() async {
        let interrupts = [SIGINT, SIGTERM].map(stopChildren)
        defer { for interrupt in interrupts { interrupt.cancel() } }
        signal(SIGPIPE, SIG_IGN)
        do {
            let arguments = CommandLine.arguments
            guard (2...4).contains(arguments.count) else { throw BenchmarkError("usage: benchmarks SERVER [NAME [CALLS]]") }
            let only = arguments.count > 2 ? arguments[2] : nil
            let calls = arguments.count > 3 ? arguments[3] : ProcessInfo.processInfo.environment["SOAK_CALLS"]
            let installation = try Installation(server: arguments[1])
            exit(try await run(chosen(only, soakCalls: calls), with: installation) ? 0 : 1)
        } catch {
            progress("\(error)")
            exit(2)
        }
    }

    private static func chosen(_ only: String?, soakCalls: String?) throws -> [any Benchmark] {
        let standard: [any Benchmark] = [
            RESTInfoBenchmark(), RESTChannelsBenchmark(), CallBenchmark(), HistoryBenchmark(), StasisBenchmark(), PacketBenchmark(),
            MemoryBenchmark(),
            AllocationBenchmark(), BridgeBenchmark(), ConferenceBenchmark.large, ConferenceBenchmark.many, RecordingBenchmark(),
            MediaSocketBenchmark(), EventBenchmark(), AudioDelayBenchmark(), SlowReaderBenchmark(), ManagerBenchmark(),
            SRTPBenchmark(), DTLSBenchmark(), OpusBenchmark(),
        ]
        guard let only else { return standard }
        let calls = soakCalls.map { Int($0) } ?? SoakBenchmark.standardCalls
        guard let calls, calls > 0 else { throw BenchmarkError("\"\(soakCalls ?? "")\" is no number of calls") }
        let soak = SoakBenchmark(calls: calls)
        if only == SoakBenchmark.name { return [soak] }
        let chosen = (standard + [soak]).filter { $0.meanings.contains { $0.name == only } }
        guard chosen.isEmpty else { return chosen }
        let names = (standard.flatMap(\.meanings).map(\.name) + [SoakBenchmark.name]).joined(separator: ", ")
        throw BenchmarkError("there is no figure \"\(only)\"; there are \(names)")
    }

    /// Tells whether all could be measured; what cannot does not keep the others from it.
    private static func run(_ benchmarks: [any Benchmark], with installation: Installation) async throws -> Bool {
        var isComplete = true
        for benchmark in benchmarks {
            let names = benchmark.meanings.map(\.name).joined(separator: ", ")
            progress(names)
            do {
                for figure in try await benchmark.measure(with: installation) { figure.print() }
            } catch {
                progress("\(names): \(error)")
                isComplete = false
            }
        }
        return isComplete
    }

    /// Ends the servers before this program when it is told to stop.
    private static func stopChildren(on number: CInt) -> any DispatchSourceSignal {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            ChildProcess.stopAll()
            exit(128 + number)
        }
        source.resume()
        return source
    }
}
