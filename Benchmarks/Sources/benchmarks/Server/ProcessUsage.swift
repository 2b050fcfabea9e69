import Foundation

/// What a process has used of the machine, as the kernel tells it.
struct ProcessUsage: Sendable {
    let pid: pid_t

    /// User and system time of all its threads, living and ended, in nanoseconds.
    func cpuNs() throws -> Int64 {
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(pid, &clock) == 0, clock_gettime(clock, &time) == 0 else {
            throw BenchmarkError("process \(pid) is gone: it ended during the measurement")
        }
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Memory in use (RSS), in KiB.
    func residentKiB() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let value = line?.split(separator: " ").dropLast().last.flatMap({ Int($0.trimmingCharacters(in: .whitespaces)) }) else {
            throw BenchmarkError("process \(pid) tells no memory")
        }
        return value
    }

    /// Open file descriptors.
    func descriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
    }

    /// Gives the CPU time that passes in the process while `work` is done, in nanoseconds.
    func cpuNs<T>(of work: () async throws -> T) async throws -> (ns: Double, result: T) {
        let before = try cpuNs()
        let result = try await work()
        return (Double(try cpuNs() - before), result)
    }
}
