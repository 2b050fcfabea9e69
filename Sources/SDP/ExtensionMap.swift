/// An extension of RTP headers and the number it has in packets (RFC 8285 section 8).
public struct ExtensionMap: Sendable, Hashable {
    /// The numbers of the form with one-byte headers.
    public static let numbers: ClosedRange<UInt8> = 1...14

    public var number: UInt8
    public var uri: String

    public init(number: UInt8, uri: String) {
        (self.number, self.uri) = (number, uri)
    }

    /// Parses the value of an extmap attribute, such as `1 urn:ietf:params:rtp-hdrext:sdes:mid`; nil for one that goes one way only, whose
    /// number is not for one-byte headers, or that is of another form. What follows the name is not looked at.
    public init?(parsing text: String) {
        let words = text.split(separator: " ", maxSplits: 2)
        guard words.count >= 2 else { return nil }
        let place = words[0].split(separator: "/", maxSplits: 1)
        guard let number = UInt8(place[0]), Self.numbers.contains(number), place.count == 1 || place[1] == "sendrecv" else { return nil }
        self.init(number: number, uri: String(words[1]))
    }

    public var text: String { "\(number) \(uri)" }
}

extension MediaDescription {
    /// The extensions of RTP headers that are named here, each number and each name once.
    public var extensionMaps: [ExtensionMap] {
        attributeValues("extmap").prefix(32).compactMap(ExtensionMap.init(parsing:)).reduce(into: []) { maps, map in
            if !maps.contains(where: { $0.number == map.number || $0.uri == map.uri }) { maps.append(map) }
        }
    }
}

extension OfferAnswer {
    /// Numbers the extensions of an offer: what `before` numbers stays so.
    static func offeredExtensions(_ local: LocalMedia, before: MediaDescription?) -> [ExtensionMap] {
        let earlier = before?.extensionMaps ?? []
        var free = ExtensionMap.numbers.filter { number in !earlier.contains { $0.number == number } }
        return local.headerExtensions.compactMap { uri in
            if let known = earlier.first(where: { $0.uri == uri }) { return known }
            return free.isEmpty ? nil : ExtensionMap(number: free.removeFirst(), uri: uri)
        }
    }

    /// Gives the extensions of an offer that this side has, too.
    static func commonExtensions(_ offered: MediaDescription, _ local: LocalMedia) -> [ExtensionMap] {
        offered.extensionMaps.filter { local.headerExtensions.contains($0.uri) }
    }

    /// Gives the extensions of this side's offer that the answer took.
    static func answeredExtensions(_ answered: MediaDescription, _ offered: MediaDescription) -> [ExtensionMap] {
        let taken = answered.extensionMaps
        return offered.extensionMaps.filter { taken.contains($0) }
    }
}
