import AMI
import FuzzTarget

/// Reads each input as what a manager sends, whole and in pieces.
@main
enum AMIRequests: FuzzTarget {
    static func test(_ input: UnsafeRawBufferPointer) {
        let whole = items(input, step: max(input.count, 1))
        precondition(items(input, step: 1 + Int(input.last ?? 0) % 61) == whole, "the pieces must not matter")
        for case .request(let request) in whole {
            precondition(!request.fields.isEmpty && request.fields.count <= AMIRequestParser.fieldLimit)
            precondition(request.fields.reduce(0) { $0 + $1.name.utf8.count } <= 3 * AMIRequestParser.requestLimit)
            precondition(!request.fields.contains { $0.value.utf8.contains(UInt8(ascii: "\n")) }, "a value is one line")
            _ = (request.action, request.actionID, request.all("Variable"), request.isTrue("Async"))
        }
    }

    private static func items(_ input: UnsafeRawBufferPointer, step: Int) -> [AMIRequestParser.Item] {
        var parser = AMIRequestParser()
        return stride(from: 0, to: input.count, by: step).flatMap { parser.take(input[$0..<min($0 + step, input.count)]) }
    }
}
