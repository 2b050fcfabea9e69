/// Where a file lies: an `http:` or `https:` URL taken apart.
struct RemoteAddress: Sendable, Hashable {
    let text: String
    /// Small letters, with a port when one is given.
    let authority: String
    let path: Substring

    init(_ text: String) throws(RemoteMediaError) {
        guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }), text.utf8.count <= 4_096,
            !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f })
        else { throw .badAddress(text) }
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        // A user in the address would hide which host is meant.
        guard end != rest.startIndex, !rest[..<end].contains("@"), !rest[..<end].contains("\\") else { throw .badAddress(text) }
        self.text = text
        authority = rest[..<end].lowercased()
        path = rest[end...].prefix { $0 != "?" && $0 != "#" }
    }

    /// The letters behind the last dot of the path.
    var fileExtension: String? {
        guard let name = path.split(separator: "/").last, let dot = name.lastIndex(of: ".") else { return nil }
        return name[name.index(after: dot)...].lowercased()
    }

    /// Where an answer of this address sends to.
    func redirected(to location: String) throws(RemoteMediaError) -> RemoteAddress {
        if location.hasPrefix("//") { return try RemoteAddress(text.prefix { $0 != ":" } + ":" + location) }
        guard location.hasPrefix("/") else { return try RemoteAddress(location) }
        let scheme = text.prefix { $0 != "/" }
        return try RemoteAddress("\(scheme)//\(authority)\(location)")
    }
}
