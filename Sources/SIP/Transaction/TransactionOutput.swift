/// What the transaction layer asks of its surroundings, in order.
public enum TransactionOutput: Sendable {
    /// To the transport layer: send these bytes.
    case send([UInt8], to: SIPFlow)

    /// To the transaction user: a new request, to be answered with `respond` (or `respondStatelessly`).
    case request(ServerTransactionID, SIPRequest, SIPFlow)
    /// To the user: the ACK of a 2xx response, or a stray one.
    case ack(SIPRequest, SIPFlow)
    /// To the user: this INVITE, which has no final response yet, is cancelled. The CANCEL itself, handed along for its
    /// Reason header field, is answered already; the user answers the INVITE with 487.
    case cancel(ServerTransactionID, SIPRequest)
    /// To the user: a response to a request of ours; 2xx responses to INVITE come again with each retransmission.
    case response(ClientTransactionID, SIPResponse)

    /// To the user: no final response came in time (timer B or F), which counts as 408.
    case timeout(ClientTransactionID)
    /// To the user: the request could not be sent, which counts as 503.
    case transportError(ClientTransactionID)
    /// To the user: nothing more comes of this client transaction. Always the last word about it.
    case terminated(ClientTransactionID)

    /// To the user: no ACK came for a final response other than 2xx (timer H).
    case unacknowledged(ServerTransactionID)
    /// To the user: a response could not be sent.
    case responseTransportError(ServerTransactionID)
}
