/// Reads the `host [":" port]` of URIs and Via values (RFC 3261 25.1, RFC 5118).
struct SIPHost {
    /// A name, an IPv4 address, or an IPv6 address without its brackets.
    var host: String
    var port: Int?

    /// Reads a host and port that fill the range. `spaced` allows LWS around the colon, as Via does.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>, spaced: Bool = false) {
        guard let first = range.first else { return nil }
        var position = first
        let end = range.upperBound
        if bytes[position] == UInt8(ascii: "[") {
            guard let close = bytes.find(UInt8(ascii: "]"), from: position, to: end),
                let address = IPv6Address(reading: bytes, position &+ 1..<close)
            else { return nil }
            host = address.hadTripleColon ? address.text : bytes.text(position &+ 1..<close)
            position = close &+ 1
        } else {
            bytes.skip(.host, &position, end)
            guard position > range.lowerBound else { return nil }
            host = bytes.text(range.lowerBound..<position)
        }
        if spaced { bytes.skipSpace(&position, end) }
        guard position < end else { return }
        guard bytes[position] == .colon else { return nil }
        position &+= 1
        if spaced { bytes.skipSpace(&position, end) }
        guard let number = bytes.decimal(position..<end, maximum: 65535) else { return nil }
        port = number
    }

    /// Appends a host, with brackets when it is an IPv6 address, and the port when there is one.
    static func encode(_ host: String, _ port: Int?, into bytes: inout [UInt8]) {
        if host.utf8.contains(.colon) {
            bytes.append(UInt8(ascii: "["))
            bytes.append(host, escapedOutside: .plainParameterValue)
            bytes.append(UInt8(ascii: "]"))
        } else {
            bytes.append(host, escapedOutside: .host)
        }
        if let port {
            bytes.append(.colon)
            bytes.append(decimal: port)
        }
    }

    /// Says whether two hosts are the same: names without regard to case, IPv6 addresses by value.
    static func isSame(_ left: String, _ right: String) -> Bool {
        if left.isEqualIgnoringASCIICase(to: right) { return true }
        guard left.utf8.contains(.colon), right.utf8.contains(.colon) else { return false }
        guard let a = IPv6Address(left), let b = IPv6Address(right) else { return false }
        return a.groups == b.groups
    }
}
