/// An IPv6 address by value, so that its spellings compare equal (RFC 4291 2.2).
struct IPv6Address: Sendable, Hashable {
    private(set) var groups: [UInt16] = []
    /// Says that the text had `:::`, which the grammar of RFC 3261 allows by mistake: it is read as `::` and never sent on (RFC 5118 4.10).
    private(set) var hadTripleColon = false

    init?(_ text: String) {
        let bytes = text.utf8.span
        self.init(reading: bytes, 0..<bytes.count)
    }

    /// Reads an address that fills the range, without brackets.
    init?(reading bytes: Span<UInt8>, _ range: Range<Int>) {
        var gap: Int?
        var position = range.lowerBound
        let end = range.upperBound
        while position < end {
            if bytes[position] == .colon {
                guard Self.skipColons(bytes, &position, end, gap: &gap, groups: groups.count, triple: &hadTripleColon) else { return nil }
                if position == end { break }
            }
            if Self.isIPv4Ahead(bytes, position, end) {
                guard let tail = Self.ipv4(bytes, position..<end), groups.count <= 6 else { return nil }
                groups += tail
                position = end
            } else {
                guard groups.count < 8, let group = Self.group(bytes, &position, end) else { return nil }
                groups.append(group)
                guard position == end || bytes[position] == .colon else { return nil }
            }
        }
        if let gap {
            guard groups.count < 8 else { return nil }
            groups.insert(contentsOf: repeatElement(0, count: 8 &- groups.count), at: gap)
        }
        guard groups.count == 8 else { return nil }
    }

    /// Skips one colon between groups, or the gap; false when a colon stands where none may.
    private static func skipColons(
        _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, gap: inout Int?, groups: Int, triple: inout Bool
    ) -> Bool {
        let start = position
        while position < end, bytes[position] == .colon { position &+= 1 }
        switch position &- start {
        case 1: return groups > 0 && position < end
        case 2, 3:
            guard gap == nil else { return false }
            gap = groups
            triple = triple || position &- start == 3
            return true
        default: return false
        }
    }

    private static func group(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> UInt16? {
        var value: UInt16 = 0
        let start = position
        while position < end, position &- start < 4, let digit = bytes[position].hexValue {
            value = value << 4 | UInt16(digit)
            position &+= 1
        }
        return position > start ? value : nil
    }

    private static func isIPv4Ahead(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var position = start
        while position < end, bytes[position].isDigit { position &+= 1 }
        return position < end && bytes[position] == UInt8(ascii: ".")
    }

    private static func ipv4(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt16]? {
        var octets: [UInt16] = []
        var start = range.lowerBound
        while start <= range.upperBound {
            let end = bytes.find(UInt8(ascii: "."), from: start, to: range.upperBound) ?? range.upperBound
            guard octets.count < 4, let octet = bytes.decimal(start..<end, maximum: 255) else { return nil }
            octets.append(UInt16(octet))
            start = end &+ 1
        }
        guard octets.count == 4 else { return nil }
        return [octets[0] << 8 | octets[1], octets[2] << 8 | octets[3]]
    }

    /// The address with its longest run of zero groups written as `::` (RFC 5952).
    var text: String {
        var best = 0..<0
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start + 1)
        }
        func join(_ part: ArraySlice<UInt16>) -> String { part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard !best.isEmpty else { return join(groups[...]) }
        return join(groups[..<best.lowerBound]) + "::" + join(groups[best.upperBound...])
    }
}
