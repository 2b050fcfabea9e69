extension SIPHeaders {
    /// Whether an option tag, given in lower case, is in a Supported or Require header field.
    func hasOption(_ option: StaticString, in name: SIPHeaderName) -> Bool {
        contains(option, in: name) { $0.lowercased == $1 }
    }

    /// Whether a method, which has its case, is in an Allow header field.
    func allows(_ method: StaticString) -> Bool {
        contains(method, in: .allow) { $0 == $1 }
    }

    /// Looks for one of a list of tokens, without taking the list apart.
    private func contains(_ token: StaticString, in name: SIPHeaderName, _ isSame: (UInt8, UInt8) -> Bool) -> Bool {
        token.withUTF8Buffer { wanted in
            for field in fields where field.name == name {
                let bytes = field.value.utf8.span
                var start = 0
                while start < bytes.count {
                    let end = bytes.find(.comma, from: start, to: bytes.count) ?? bytes.count
                    let part = bytes.trimmed(start..<end)
                    start = end &+ 1
                    guard part.count == wanted.count else { continue }
                    if wanted.indices.allSatisfy({ isSame(bytes[part.lowerBound &+ $0], wanted[$0]) }) { return true }
                }
            }
            return false
        }
    }

    /// Adds a value that is known to hold no line breaks: made here, or read from a message.
    mutating func addPlain(_ name: SIPHeaderName, _ value: String) {
        append(Field(name: name, other: "", value: value))
    }
}

extension CSeq {
    /// The header value, made without the cost of string interpolation.
    static func text(_ number: UInt32, _ method: SIPMethod) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        bytes.append(decimal: Int(number))
        bytes.append(.space)
        if method.isKnown {
            bytes.append(method.name)
        } else {
            bytes.append(contentsOf: method.name.utf8.filter(ByteSet.token.contains))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
