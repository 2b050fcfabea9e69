/// Names a client transaction: the number inside its branch, and whether it is the CANCEL that shares it.
public struct ClientTransactionID: Sendable, Hashable, CustomStringConvertible {
    let token: UInt64
    let isCancel: Bool

    init(token: UInt64, isCancel: Bool = false) {
        self.token = token
        self.isCancel = isCancel
    }

    /// Reads the identifier back from a response's top Via; nil when the branch was not made here.
    init?(branch: String, method: SIPMethod) {
        let bytes = branch.utf8
        let cookie = Via.magicCookie.utf8
        guard bytes.starts(with: cookie), let token = HexToken.value(bytes.dropFirst(cookie.count)) else { return nil }
        self.init(token: token, isCancel: method == .cancel)
    }

    var branch: String { Via.magicCookie + HexToken.text(token) }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(token)
    }

    public var description: String { (isCancel ? "cancel-" : "client-") + HexToken.text(token) }
}

/// Names a server transaction.
public struct ServerTransactionID: Sendable, Hashable, CustomStringConvertible {
    let number: UInt64

    public var description: String { "server-\(number)" }
}

/// What a request must share with the one that made a server transaction, in order to belong to it
/// (RFC 3261 section 17.2.3).
struct ServerTransactionKey: Sendable, Hashable {
    /// The branch; for an RFC 2543 client, the fields that it makes unique instead.
    let branch: String
    let host: String
    let port: Int
    /// The method, INVITE for ACK.
    let method: SIPMethod

    /// Whether the client made no RFC 3261 branch.
    let isLegacy: Bool

    init(_ request: SIPRequest, via: Via) {
        host = via.host
        port = via.port ?? -1
        method = request.method == .ack ? .invite : request.method
        // The cookie alone makes nothing unique (RFC 4475 section 3.2.1).
        if let branch = via.branch, branch.hasPrefix(Via.magicCookie), branch.utf8.count > Via.magicCookie.utf8.count {
            self.branch = branch
            isLegacy = false
        } else {
            branch = Self.legacyIdentity(of: request, via: via)
            isLegacy = true
        }
    }

    private init(branch: String, host: String, port: Int, method: SIPMethod, isLegacy: Bool) {
        self.branch = branch
        self.host = host
        self.port = port
        self.method = method
        self.isLegacy = isLegacy
    }

    /// The key of the INVITE that a CANCEL means (RFC 3261 section 9.2).
    var cancelled: ServerTransactionKey {
        ServerTransactionKey(branch: branch, host: host, port: port, method: .invite, isLegacy: isLegacy)
    }

    /// Everything of RFC 2543 matching but the To tag, which an ACK has and its INVITE lacks. The source of the
    /// request (`received`) is no part of it.
    private static func legacyIdentity(of request: SIPRequest, via: Via) -> String {
        let headers = request.headers
        let fields = [
            request.target.description, headers.from?.tag ?? "", headers.callID ?? "",
            headers.cseq.map { String($0.number) } ?? "", via.branch ?? "",
        ]
        return fields.joined(separator: "\n")
    }

    // Branches are unique by design: hashing more than them would be wasted.
    func hash(into hasher: inout Hasher) {
        hasher.combine(branch)
    }
}

/// What two copies of one request share when they came over different paths (RFC 3261 section 8.2.2.2).
struct MergeKey: Sendable, Hashable {
    let callID: String
    let fromTag: String
    let sequence: CSeq

    /// Makes the key of a request outside dialogs; nil for one with a To tag and for malformed ones.
    init?(_ request: SIPRequest, sequence: CSeq) {
        guard request.headers.to?.tag == nil, let callID = request.headers.callID,
            let fromTag = request.headers.from?.tag
        else { return nil }
        self.callID = callID
        self.fromTag = fromTag
        self.sequence = sequence
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(callID)
    }
}
