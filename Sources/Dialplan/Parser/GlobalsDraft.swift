/// The variables of `[globals]`, which extension names, includes and later globals may use.
struct GlobalsDraft {
    private(set) var list: [(name: String, value: String)] = []
    private var positions: [String: Int] = [:]

    /// Sets a variable; a name set again takes the new value.
    mutating func add(_ name: String, _ value: ArraySlice<UInt8>, warn: (String) -> Void) {
        let expanded = expand(value, warn: warn).string
        if let position = positions[name] {
            list[position].value = expanded
        } else {
            positions[name] = list.count
            list.append((name, expanded))
        }
    }

    func expand(_ text: ArraySlice<UInt8>, warn: (String) -> Void) -> ExpandedText {
        guard text.contains(ASCII.dollar) else { return ExpandedText(bytes: text) }
        return withoutActuallyEscaping(warn) { warn in
            let scope = GlobalsScope(globals: self, report: warn)
            return Expansion(scope: scope).expand(Template(text, report: warn))
        }
    }

    fileprivate func value(_ name: String) -> ExpandedText? {
        positions[name].map { ExpandedText(list[$0].value) }
    }
}

/// What is known while a dialplan is read: the globals so far, nothing of a call.
private struct GlobalsScope: ValueScope {
    let globals: GlobalsDraft
    let report: (String) -> Void

    func variable(_ name: String) -> ExpandedText? { globals.value(name) }

    func setVariable(_ name: String, _ value: ExpandedText) {
        report("the variable \(name) cannot be set while the dialplan is read")
    }

    func readFunction(_ name: String, _ arguments: ExpandedText) -> ExpandedText? { nil }

    func writeFunction(_ name: String, _ arguments: ExpandedText, _ value: ExpandedText) -> Bool { false }

    var clock: DialplanClock { DialplanClock(epochMicros: 0) }

    func utcOffsetSeconds(zone: String, atEpochSeconds: Int64) -> Int? { nil }

    func random() -> UInt64 { 0 }

    func warn(_ text: String) { report(text) }
}
