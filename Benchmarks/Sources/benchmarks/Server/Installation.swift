import Foundation

/// Where the programs that are measured lie.
struct Installation: Sendable {
    /// The server.
    let server: URL
    /// The plain C relay, and the library that counts allocations: beside this program.
    let relay: URL
    let allocationCounter: URL

    init(server: String) throws {
        // A relative argv[0] would not survive a change of the folder.
        let own = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")).deletingLastPathComponent()
        self.server = URL(filePath: server)
        relay = own.appending(path: "relay")
        allocationCounter = own.appending(path: "libAllocationCounter.so")
        for program in [self.server, relay, allocationCounter] where !FileManager.default.isReadableFile(atPath: program.path) {
            throw BenchmarkError("\(program.path) is missing: run Scripts/bench, which builds it")
        }
    }
}
