import AMI
import ARIModel
import CallCore

extension AMIAction {
    /// SIP endpoints and where they are.
    static let pjsipActions: [AMIAction] = [
        AMIAction("PJSIPShowEndpoints", "Lists PJSIP endpoints.", .system) { call in
            .list(
                "A listing of Endpoints follows, presented as EndpointList events",
                endpoints(call).map { endpoint in
                    AMIMessage([
                        .init("Event", "EndpointList"), .init("ObjectType", "endpoint"), .init("ObjectName", endpoint.resource),
                        .init("Transport", ""), .init("Aor", endpoint.resource), .init("Auths", endpoint.resource),
                        .init("OutboundAuths", ""),
                        .init("Contacts", endpoint.knownContacts.map { "\(endpoint.resource)/\($0.uri)," }.joined()),
                        .init("DeviceState", stateText(endpoint.deviceState)),
                        .init("ActiveChannels", channelNames(endpoint, call).joined(separator: ",")),
                    ])
                },
                complete: "EndpointListComplete")
        },
        AMIAction("PJSIPShowAors", "Lists PJSIP AORs.", .system) { call in
            .list(
                "A listing of AORs follows, presented as AorList events",
                endpoints(call).map { endpoint in
                    AMIMessage([
                        .init("Event", "AorList"), .init("ObjectType", "aor"), .init("ObjectName", endpoint.resource),
                        .init("Contacts", endpoint.knownContacts.map { "\(endpoint.resource)/\($0.uri)" }.joined(separator: ",")),
                    ])
                },
                complete: "AorListComplete")
        },
        AMIAction("PJSIPShowContacts", "Lists PJSIP Contacts.", .system) { call in
            .list(
                "A listing of Contacts follows, presented as ContactList events",
                endpoints(call).flatMap { endpoint in
                    endpoint.knownContacts.map { contact in
                        AMIMessage([
                            .init("Event", "ContactList"), .init("ObjectType", "contact"),
                            .init("ObjectName", "\(endpoint.resource)/\(contact.uri)"), .init("Uri", contact.uri),
                            .init("Endpoint", endpoint.resource), .init("Aor", endpoint.resource),
                            .init("Status", contact.status.rawValue), .init("RoundtripUsec", String(contact.roundTripMicroseconds)),
                        ])
                    }
                },
                complete: "ContactListComplete")
        },
    ]

    @CallActor
    private static func endpoints(_ call: AMICall) -> [CallCore.LiveEndpoint] { call.core.endpoints.all(technology: "PJSIP") }

    @CallActor
    private static func channelNames(_ endpoint: CallCore.LiveEndpoint, _ call: AMICall) -> [String] {
        endpoint.snapshot.channelIDs.compactMap { call.core.channels[$0]?.name }
    }

    private static func stateText(_ state: DeviceStateValue) -> String {
        switch state {
        case .unknown: "Unknown"
        case .notInUse: "Not in use"
        case .inUse: "In use"
        case .busy: "Busy"
        case .invalid: "Invalid"
        case .unavailable: "Unavailable"
        case .ringing: "Ringing"
        case .ringInUse: "Ring+Inuse"
        case .onHold: "On Hold"
        }
    }
}
