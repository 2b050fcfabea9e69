import CallCore

extension ControlCommand {
    static let pjsipCommands: [ControlCommand] = [
        ControlCommand("pjsip show endpoints", "List the SIP endpoints.") { control, _ in
            let endpoints = control.core.endpoints.all(technology: "PJSIP")
            guard !endpoints.isEmpty else { return ControlOutput(["No objects found.", ""]) }
            let rows = endpoints.flatMap { endpoint in
                [" Endpoint:  " + endpoint.resource.column(40) + " " + endpoint.deviceState.rawValue.column(14)]
                    + endpoint.knownContacts.map { contact(endpoint, $0) }
            }
            return ControlOutput(
                [" Endpoint:  " + "<Endpoint>".column(40) + " " + "<State>", String(repeating: "=", count: 80)] + rows
                    + ["", "Objects found: \(endpoints.count)"])
        },
        ControlCommand("pjsip show contacts", "List where SIP phones are.") { control, _ in
            let rows = control.core.endpoints.all(technology: "PJSIP").flatMap { endpoint in
                endpoint.knownContacts.map { contact(endpoint, $0) }
            }
            guard !rows.isEmpty else { return ControlOutput(["No objects found.", ""]) }
            return ControlOutput(
                ["  Contact:  " + "<Aor/ContactUri>".column(60) + " <Status>     <RTT(ms)>", String(repeating: "=", count: 90)] + rows
                    + ["", "Objects found: \(rows.count)"])
        },
    ]

    @CallActor
    private static func contact(
        _ endpoint: CallCore.LiveEndpoint, _ contact: (uri: String, status: CallCore.LiveEndpoint.ContactStatus, roundTripMicroseconds: Int)
    ) -> String {
        let word =
            switch contact.status {
            case .nonQualified: "NonQual"
            case .reachable: "Avail"
            case .unreachable: "Unavail"
            case .removed: "Removed"
            }
        let time = contact.status == .reachable ? String(Double(contact.roundTripMicroseconds) / 1_000) : "nan"
        return "  Contact:  " + "\(endpoint.resource)/\(contact.uri)".column(60) + " " + word.column(12) + " " + time
    }
}
