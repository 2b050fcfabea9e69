import ARIModel
import FuzzTarget

/// Reads each input as JSON, and writes and indents what was read.
@main
enum JSONText: FuzzTarget {
    static func test(_ input: UnsafeRawBufferPointer) {
        guard let value = try? JSONParser.parse(input) else { return }
        let written = value.encodedJSON()
        precondition((try? JSONParser.parse(written)) == value, "what was written must be read as the same")
        precondition((try? JSONParser.parse(JSONIndenter.indent(written))) == value, "indentation must change nothing")
        _ = (value.int, value["id"], value.hashValue)
    }
}
