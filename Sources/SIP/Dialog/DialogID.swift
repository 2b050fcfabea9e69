/// Names a dialog (RFC 3261 section 12). A peer of RFC 2543 may have no tag, which is the empty one here.
public struct DialogID: Sendable, Hashable, CustomStringConvertible {
    public var callID: String
    public var localTag: String
    public var remoteTag: String

    public init(callID: String, localTag: String, remoteTag: String) {
        self.callID = callID
        self.localTag = localTag
        self.remoteTag = remoteTag
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(callID)
        hasher.combine(localTag)
    }

    public var description: String { "\(callID);local-tag=\(localTag);remote-tag=\(remoteTag)" }
}

/// Names a call leg of ours, of whichever dialogs a forked call may have: requests inside them find it by this.
public struct LegID: Sendable, Hashable {
    public var callID: String
    public var localTag: String

    public init(callID: String, localTag: String) {
        self.callID = callID
        self.localTag = localTag
    }

    /// Reads the leg that an incoming request means; nil outside dialogs, when To has no tag.
    public init?(of request: SIPRequest) {
        guard let callID = request.headers.callID, let tag = request.headers.to?.tag else { return nil }
        self.init(callID: callID, localTag: tag)
    }
}
