extension SIPMessage {
    /// Encodes the message, with a Content-Length of its body in place of any that the headers hold.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }

    /// Appends the encoded message.
    public func encode(into bytes: inout [UInt8]) {
        switch self {
        case .request(let request): request.encode(into: &bytes)
        case .response(let response): response.encode(into: &bytes)
        }
    }
}

extension SIPRequest {
    /// Encodes the request, with a Content-Length of its body in place of any that the headers hold.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }

    /// Appends the encoded request.
    public func encode(into bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count &+ headers.encodedCapacity &+ body.count)
        bytes.append(method.name, keptInside: .token)
        bytes.append(.space)
        target.encode(into: &bytes)
        bytes.append(" SIP/2.0\r\n")
        headers.encode(bodyCount: body.count, into: &bytes)
        bytes.append(contentsOf: body)
    }
}

extension SIPResponse {
    /// Encodes the response, with a Content-Length of its body in place of any that the headers hold.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }

    /// Appends the encoded response.
    public func encode(into bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count &+ headers.encodedCapacity &+ body.count)
        bytes.append("SIP/2.0 ")
        bytes.append(decimal: status)
        bytes.append(.space)
        bytes.append(reason.withoutLineBreaks)
        bytes.append("\r\n")
        headers.encode(bodyCount: body.count, into: &bytes)
        bytes.append(contentsOf: body)
    }
}

extension SIPHeaders {
    /// A little more than the encoded size for usual names, so that the array grows once.
    fileprivate var encodedCapacity: Int {
        var sum = 128
        for field in fields { sum &+= field.value.utf8.count &+ 20 }
        return sum
    }

    fileprivate func encode(bodyCount: Int, into bytes: inout [UInt8]) {
        for field in fields where field.name != .contentLength {
            bytes.append(field.spelling)
            bytes.append(": ")
            bytes.append(field.value)
            bytes.append("\r\n")
        }
        bytes.append("Content-Length: ")
        bytes.append(decimal: bodyCount)
        bytes.append("\r\n\r\n")
    }
}

extension [UInt8] {
    /// Appends text without the bytes outside the set.
    fileprivate mutating func append(_ text: String, keptInside set: ByteSet) {
        if set.containsAll(text) { append(text) } else { append(contentsOf: text.utf8.filter(set.contains)) }
    }
}
