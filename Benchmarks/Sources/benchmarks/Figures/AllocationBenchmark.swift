import Foundation
import TestPhone

/// Allocations of the server for one packet of audio that is received and sent again.
///
/// Two windows with as many calls, in the first of which half of them are silent: what they differ in is packets, so that all
/// that calls and timers allocate by themselves falls out.
struct AllocationBenchmark: Benchmark {
    private static let window = Duration.seconds(10)

    let meanings = [Goal.packetAllocations]

    func measure(with installation: Installation) async throws -> [Figure] {
        let file = FileManager.default.temporaryDirectory.appending(path: "arioso-bench-\(UUID().uuidString).count")
        defer { try? FileManager.default.removeItem(at: file) }
        let value = try await ReleaseServer.with(installation, countingAllocationsIn: file) { server in
            let count = try AllocationCount(file)
            return try await Phones.with(sipPort: server.sipPort, media: .counted) { speaking in
                try await medianOfThree(Goal.packetAllocations.name) { try await perPacket(server, speaking, count) }
            }
        }
        return [Figure(meaning: .packetAllocations, value: value)]
    }

    private func perPacket(_ server: ReleaseServer, _ speaking: Phones, _ count: AllocationCount) async throws -> Double {
        let half = PacketBenchmark.calls / 2
        var calls = try await speaking.answeredCalls(half, to: .echo)
        let few = try await Phones.with(sipPort: server.sipPort, media: .silent) { silent in
            _ = try await silent.answeredCalls(half, to: .echo)
            return try await window(calls, count)
        }
        calls += try await speaking.answeredCalls(half, to: .echo)
        let many = try await window(calls, count)
        for call in calls { try await call.hangUp() }
        guard many.packets > few.packets else { throw BenchmarkError("\(few.packets) packets came back, then only \(many.packets)") }
        return Double(many.allocations - few.allocations) / Double(many.packets - few.packets)
    }

    private func window(_ calls: [PhoneCall], _ count: AllocationCount) async throws -> (packets: Int, allocations: Int) {
        try await Task.sleep(for: .seconds(2))
        let before = (packets: try await calls.packets().received, allocations: count.value)
        try await Task.sleep(for: Self.window)
        let window = (try await calls.packets().received - before.packets, count.value - before.allocations)
        progress("\(window.0) packets, \(window.1) allocations")
        return window
    }
}
