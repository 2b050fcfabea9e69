/// Measures three times and gives the value in the middle.
func medianOfThree(_ name: String, _ measure: () async throws -> Double) async throws -> Double {
    var values: [Double] = []
    for run in 1...3 {
        let value = try await measure()
        progress("\(name), run \(run): \((value * 1_000).rounded() / 1_000)")
        values.append(value)
    }
    return values.sorted()[1]
}
