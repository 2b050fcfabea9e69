/// Reads the line protocol: fields `Name: value`, one a line, each request ended by an empty line. Lines end with CR LF or LF.
///
/// It holds no more than one request within its limits, whatever comes.
public struct AMIRequestParser: Sendable {
    /// Bytes of one line without its end.
    public static let lineLimit = 8_192
    /// Fields of one request; further ones are left out.
    public static let fieldLimit = 128
    /// Bytes of all fields of one request.
    public static let requestLimit = 65_536

    public enum Item: Sendable, Equatable {
        case request(AMIRequest)
        /// A line was longer than allowed; the rest of its request is passed over.
        case lineTooLong
        /// A request was larger than allowed, and is passed over.
        case tooLarge
    }

    private var line: [UInt8] = []
    private var fields: [AMIRequest.Field] = []
    private var bytes = 0
    /// What is wrong with the present request, which is passed over; told once.
    private var isPassingOver = false
    private var isLineTooLong = false

    public init() {}

    /// Takes bytes; gives the requests that they complete.
    public mutating func take(_ new: some Sequence<UInt8>) -> [Item] {
        var items: [Item] = []
        for byte in new {
            if byte == UInt8(ascii: "\n") {
                if let item = endLine() { items.append(item) }
            } else if isLineTooLong {
                continue
            } else if line.count < Self.lineLimit {
                line.append(byte)
            } else {
                isLineTooLong = true
                line = []
                if !isPassingOver { items.append(.lineTooLong) }
                isPassingOver = true
            }
        }
        return items
    }

    private mutating func endLine() -> Item? {
        if isLineTooLong {
            isLineTooLong = false
            return nil
        }
        defer { line.removeAll(keepingCapacity: true) }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard !line.isEmpty else { return endRequest() }
        guard !isPassingOver else { return nil }
        bytes += line.count
        guard bytes <= Self.requestLimit else {
            isPassingOver = true
            fields = []
            return .tooLarge
        }
        guard fields.count < Self.fieldLimit, let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let name = String(decoding: line[..<colon], as: UTF8.self).trimmingBlanks()
        guard !name.isEmpty else { return nil }
        fields.append(.init(name, String(decoding: line[(colon + 1)...], as: UTF8.self).trimmingBlanks()))
        return nil
    }

    private mutating func endRequest() -> Item? {
        defer { (fields, bytes, isPassingOver) = ([], 0, false) }
        return isPassingOver || fields.isEmpty ? nil : .request(AMIRequest(fields))
    }
}
