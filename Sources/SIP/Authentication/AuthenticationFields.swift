/// The value of an authentication header: a scheme and its `name=value` list (RFC 7235 2.1, RFC 3261 25.1).
struct AuthenticationFields {
    /// A longer value is malformed.
    static let maximumBytes = 4096
    /// More parameters than this are malformed.
    static let maximumParameters = 32

    /// In lower case.
    let scheme: String
    private var parameters: [(name: String, value: String)] = []

    /// Reads a header value; nil when it is malformed, too long, or tells a parameter twice.
    init?(_ value: String) {
        let bytes = value.utf8.span
        guard bytes.count <= Self.maximumBytes else { return nil }
        var position = 0
        bytes.skipSpace(&position, bytes.count)
        let start = position
        bytes.skip(.token, &position, bytes.count)
        guard position > start, position < bytes.count, bytes[position].isSpaceOrTab else { return nil }
        scheme = bytes.text(start..<position).asciiLowercased
        while true {
            bytes.skipSpace(&position, bytes.count)
            guard position < bytes.count, let parameter = Self.parameter(bytes, &position), self[parameter.name] == nil,
                parameters.count < Self.maximumParameters
            else { return nil }
            parameters.append(parameter)
            bytes.skipSpace(&position, bytes.count)
            guard position < bytes.count else { return }
            guard bytes[position] == .comma else { return nil }
            position &+= 1
        }
    }

    /// Finds a value without its quotes, nil when absent. Names are in lower case.
    subscript(_ name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    private static func parameter(_ bytes: Span<UInt8>, _ position: inout Int) -> (name: String, value: String)? {
        let end = bytes.count
        let nameStart = position
        bytes.skip(.token, &position, end)
        let name = bytes.text(nameStart..<position).asciiLowercased
        bytes.skipSpace(&position, end)
        guard !name.isEmpty, position < end, bytes[position] == .equals else { return nil }
        position &+= 1
        bytes.skipSpace(&position, end)
        let start = position
        if position < end, bytes[position] == .quote {
            guard let after = bytes.quotedStringEnd(from: position, to: end) else { return nil }
            position = after
            return (name, bytes.unquoted(start &+ 1..<after &- 1))
        }
        while position < end, bytes[position] != .comma, !bytes[position].isSpaceOrTab { position &+= 1 }
        return position > start ? (name, bytes.text(start..<position)) : nil
    }
}
