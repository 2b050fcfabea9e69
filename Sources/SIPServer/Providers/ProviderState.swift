public import CallCore

/// How a line to a provider is at one moment.
public struct ProviderState: Sendable, Equatable {
    public enum Registration: Sendable, Equatable {
        /// This server registers nothing there.
        case none
        case trying
        case registered(seconds: Int)
        /// The provider does not want us; its status and reason.
        case refused(String)
        /// Nobody answered, or with an error.
        case failed(String)
    }

    public var name: String
    public var registration: Registration
    /// Whether the provider answers OPTIONS; `nonQualified` when it is not asked.
    public var reachability: Endpoint.ContactStatus
    /// What the last answer took.
    public var roundTripMicroseconds: Int?
    /// Calls at this moment, both ways together.
    public var calls: Int
}
