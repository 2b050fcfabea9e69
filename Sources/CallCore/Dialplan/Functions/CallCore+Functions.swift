import Dialplan

extension CallCore {
    /// Reads a function that needs no channel, such as `DEVICE_STATE(PJSIP/201)`; nil when there is none of that name, or it has no value.
    public func readFunction(_ text: String) -> String? {
        guard let (function, call) = function(text), text.uppercased().hasPrefix("DB_DELETE(") == false else { return nil }
        return function.read?(call)?.string
    }

    /// Sets what a function stands for that needs no channel, such as `DEVICE_STATE(Custom:lamp)`.
    /// - Returns: false when there is none of that name, or it does not take the value.
    public func writeFunction(_ text: String, _ value: String) -> Bool {
        guard let (function, call) = function(text) else { return false }
        return function.write?(call, ExpandedText(value)) ?? false
    }

    private func function(_ text: String) -> (DialplanFunction, FunctionCall)? {
        guard text.hasSuffix(")"), let open = text.firstIndex(of: "("), let function = DialplanFunction.named(String(text[..<open])) else {
            return nil
        }
        let arguments = ExpandedText(String(text[text.index(after: open)...].dropLast())).splitArguments()
        return (function, FunctionCall(core: self, channel: nil, arguments: arguments))
    }
}
