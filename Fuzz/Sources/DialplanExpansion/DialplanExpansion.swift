import Dialplan
import DialplanFuzzHost
import FuzzTarget

/// Expands each input as the data of an application, evaluates it as an expression, and reads and writes it as a function.
@main
enum DialplanExpansion: FuzzTarget {
    static func test(_ input: UnsafeRawBufferPointer) {
        let text = String(decoding: input, as: UTF8.self)
        let host = DialplanFuzzHost()
        let interpreter = DialplanInterpreter(location: DialplanLocation(context: "default", dialed: "100"))
        let expanded = interpreter.expand(text, host: host)
        precondition(expanded.count <= max(DialplanLimits.maxExpandedBytes, input.count * 3))
        _ = (expanded.splitArguments(), expanded.trimmed, expanded.splitRaw(at: UInt8(ascii: "&")))
        _ = DialplanExpression.evaluate(ExpandedText(text)) { precondition(!$0.isEmpty) }
        _ = interpreter.read(text, host: host)
        interpreter.assign(text, "1,${TEXT}", host: host)
        if let times = TimeSpecification(text) { _ = (times.zone, times.contains(host.clock)) }
    }
}
