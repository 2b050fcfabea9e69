import Foundation

/// A measured value, as one line of JSON.
struct Figure: Sendable {
    let meaning: Goal
    let value: Double

    /// `{"name","value","unit","goal","peer","higherIsBetter"}`; goal and peer may be null.
    var line: String {
        """
        {"name":"\(meaning.name)","value":\(Self.number(value)),"unit":"\(meaning.unit)",\
        "goal":\(Self.number(meaning.goal)),"peer":\(Self.number(meaning.peer)),"higherIsBetter":\(meaning.higherIsBetter)}
        """
    }

    /// At most three decimals, and none that say nothing.
    private static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "null" }
        let rounded = (value * 1_000).rounded() / 1_000
        return rounded == 0 ? "0" : String(format: "%.12g", rounded)
    }

    func print() {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }
}
