/// A piece of work whose cost is measured.
protocol Benchmark: Sendable {
    /// What its figures are called; `make bench ONLY=` takes any of them..
    var meanings: [Goal] { get }
    /// Does the work and gives a figure for each of `meanings`; throws why it cannot be measured.
    func measure(with installation: Installation) async throws -> [Figure]
}
