/// Names a request that a session sent, from its first transmission over its retries with credentials.
public struct RequestToken: Sendable, Hashable, CustomStringConvertible {
    let number: UInt32

    public var description: String { "request-\(number)" }
}

/// Names an offer that the session's owner is to answer, or an offer that it is to make.
public struct OfferToken: Sendable, Hashable, CustomStringConvertible {
    let number: UInt32

    public var description: String { "offer-\(number)" }
}
