import CallCore
import SIP

/// The open connections, by id and by far end.
@CallActor
struct FlowTable {
    private var byID: [UInt64: any SIPConnection] = [:]
    /// The connection opened last to each far end: RFC 5923 lets it serve both directions.
    private var byRemote: [SIPTransportAddress: UInt64] = [:]

    nonisolated init() {}

    var count: Int { byID.count }
    var all: [any SIPConnection] { Array(byID.values) }

    subscript(id: UInt64) -> (any SIPConnection)? { byID[id] }

    /// The connection to a far end, nil when there is none.
    func connection(to remote: SIPTransportAddress) -> (any SIPConnection)? {
        byRemote[remote].flatMap { byID[$0] }
    }

    mutating func insert(_ connection: any SIPConnection) {
        byID[connection.flow.id] = connection
        byRemote[connection.flow.remote] = connection.flow.id
    }

    mutating func remove(_ connection: any SIPConnection) {
        byID[connection.flow.id] = nil
        if byRemote[connection.flow.remote] == connection.flow.id { byRemote[connection.flow.remote] = nil }
    }
}
