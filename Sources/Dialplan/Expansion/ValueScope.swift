/// Where an expansion finds values: variables, functions, clock and chance.
protocol ValueScope {
    func variable(_ name: String) -> ExpandedText?
    func setVariable(_ name: String, _ value: ExpandedText)
    /// Reads a function that is not built in; nil when there is none of that name.
    func readFunction(_ name: String, _ arguments: ExpandedText) -> ExpandedText?
    /// Writes a function that is not built in; false when there is none of that name.
    func writeFunction(_ name: String, _ arguments: ExpandedText, _ value: ExpandedText) -> Bool
    var clock: DialplanClock { get }
    func utcOffsetSeconds(zone: String, atEpochSeconds: Int64) -> Int?
    func random() -> UInt64
    func warn(_ text: String)
}
