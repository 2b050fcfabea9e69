/// What a session asks of its surroundings, in order.
public enum SessionAction: Sendable {
    /// Start a client transaction. Report its responses and its end under the token; a retry uses the token again with
    /// a new transaction.
    case send(SIPRequest, RequestToken, NextHop?)
    /// Cancel the INVITE transaction that was started under the token.
    case cancel(RequestToken, headers: [(name: String, value: String)])
    /// Send the ACK of a 2xx response, outside transactions.
    case acknowledge(SIPRequest, NextHop?)
    /// Answer a request.
    case respond(ServerTransactionID, SIPResponse)
    /// Send the latest response of this transaction again.
    case retransmitResponse(ServerTransactionID)
    /// Tell the owner.
    case event(SessionEvent)
}
