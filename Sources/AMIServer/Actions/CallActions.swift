import AMI
import ARIModel
import CallCore
import Dialplan

extension AMIAction {
    /// What makes calls and sends them elsewhere.
    static let callActions: [AMIAction] = [
        AMIAction("Originate", "Originate a call.", .originate) { $0.server.originate($0) },
        AMIAction("Redirect", "Redirect (transfer) a call.", .call) { redirect($0) },
        AMIAction("Bridge", "Bridge two channels already in the PBX.", .call) { call in
            guard !call["Channel1"].isEmpty, !call["Channel2"].isEmpty else { return .error("Missing channel parameter in request") }
            guard let first = call.channel("Channel1") else { return .error("Channel1 does not exist or is not up") }
            guard let second = call.channel("Channel2") else { return .error("Channel2 does not exist or is not up") }
            return call.core.join(first, second) ? .success("Channels have been bridged") : .error("Unable to add channels to a bridge")
        },
        AMIAction("BlindTransfer", "Blind transfer channel(s) to the given destination", .call) { call in
            guard !call["Channel"].isEmpty else { return .error("No channel specified") }
            guard !call["Exten"].isEmpty else { return .error("No extension specified") }
            guard let channel = call.channel() else { return .error("Channel specified does not exist") }
            let context = call["Context"].isEmpty ? channel.location.context : call["Context"]
            return .answer([answer(channel.transfer(TransferRequest(destination: call["Exten"], context: context)) ?? .answered)])
        },
        AMIAction("Atxfer", "Attended transfer.", .call) { call in
            guard !call["Channel"].isEmpty else { return .error("No channel specified") }
            guard !call["Exten"].isEmpty else { return .error("No extension specified") }
            guard let channel = call.channel() else { return .error("Channel specified does not exist") }
            let context = call["Context"].isEmpty ? channel.location.context : call["Context"]
            let place = DialplanLocation(context: context, extension: call["Exten"], priority: 1)
            return channel.consult(place) ? .success("Atxfer successfully queued") : .error("Transfer not permitted")
        },
    ]

    private static func answer(_ report: TransferReport) -> AMIMessage {
        switch report {
        case .failed(status: 404): .error("Transfer invalid")
        case .failed(status: 501): .error("Transfer not permitted")
        case .failed: .error("Transfer failed")
        case .trying, .progress, .answered: .success("Redirect successful")
        }
    }

    // MARK: - Redirect

    @CallActor
    private static func redirect(_ call: AMICall) -> AMIOutcome {
        guard !call["Channel"].isEmpty else { return .error("Channel not specified") }
        guard let channel = call.channel() else { return .error("Channel does not exist: \(call["Channel"])") }
        guard let place = place(call, channel) else { return .error("Priority is invalid") }
        let extra = call["ExtraChannel"]
        guard !extra.isEmpty else { return channel.redirect(to: place) ? .success("Redirect successful") : .error("Redirect failed") }
        guard let other = call.channel("ExtraChannel") else { return .error("ExtraChannel does not exist: \(extra)") }
        let otherPlace = call["ExtraExten"].isEmpty ? place : self.place(call, other, prefix: "Extra")
        guard let otherPlace else { return .error("ExtraPriority is invalid") }
        let areBoth = call.core.redirect(channel, to: place, and: other, to: otherPlace)
        return areBoth ? .success("Dual Redirect successful") : .error("Redirect failed")
    }

    /// The place that a request names; nil when its priority is neither a number nor a label there.
    @CallActor
    static func place(_ call: AMICall, _ channel: CallCore.LiveChannel, prefix: String = "") -> DialplanLocation? {
        let context = call["\(prefix)Context"].isEmpty ? channel.location.context : call["\(prefix)Context"]
        return place(context: context, exten: call["\(prefix)Exten"], priority: call["\(prefix)Priority"], call.core)
    }

    @CallActor
    static func place(context: String, exten: String, priority text: String, _ core: CallCore) -> DialplanLocation? {
        if text.isEmpty { return DialplanLocation(context: context, extension: exten, priority: 1) }
        let number =
            Int(text) ?? core.dialplan.priority(labelled: text, context: context, extension: exten, callerNumber: "")
        guard let number, number > 0 else { return nil }
        return DialplanLocation(context: context, extension: exten, priority: number)
    }
}

// MARK: - Originate

extension AMIServer {
    /// How a call came out, as OriginateResponse tells it: 0 failure, 3 nobody answered in time, 4 answered, 5 busy, 8 congestion.
    private static func reason(_ outcome: OriginateRequest.Outcome) -> Int {
        switch outcome {
        case .answered: 4
        case .timedOut: 3
        case .failed(.userBusy): 5
        case .failed(.congestion), .failed(42): 8
        case .failed(.noAnswer), .failed(.noUserResponse): 3
        case .failed: 0
        }
    }

    fileprivate func originate(_ call: AMICall) -> AMIOutcome {
        let endpoint = call["Channel"]
        guard !endpoint.isEmpty else { return .error("Channel not specified") }
        guard let slash = endpoint.firstIndex(of: "/"), endpoint.index(after: slash) < endpoint.endIndex else {
            return .error("Invalid channel")
        }
        var request: OriginateRequest
        if !call["Application"].isEmpty {
            request = OriginateRequest(endpoint: endpoint, target: .run(application: call["Application"], data: call["Data"]))
        } else {
            guard !call["Exten"].isEmpty, !call["Context"].isEmpty, !call["Priority"].isEmpty else {
                return .error("Originate with 'Exten' requires 'Context' and 'Priority'")
            }
            guard let place = AMIAction.place(context: call["Context"], exten: call["Exten"], priority: call["Priority"], core) else {
                return .error("Invalid priority")
            }
            request = OriginateRequest(endpoint: endpoint, target: .dialplan(place))
        }
        guard call["ChannelId"].isEmpty || call["ChannelId"] != call["OtherChannelId"] else { return .error("Channel ID conflict") }
        for id in [call["ChannelId"], call["OtherChannelId"]] where !id.isEmpty {
            guard id.utf8.count <= 149 else { return .error("Uniqueid length exceeds maximum of 149") }
            guard core.channels[id] == nil else { return .error("Channel ID conflict") }
        }
        take(call, into: &request)
        return start(request, call)
    }

    private func take(_ call: AMICall, into request: inout OriginateRequest) {
        request.callerID = call["CallerID"].isEmpty ? nil : call["CallerID"]
        request.accountCode = call["Account"].isEmpty ? nil : call["Account"]
        request.timeoutMs = Int(call["Timeout"]).flatMap { $0 > 0 ? min($0, 86_400_000) : nil } ?? CallCore.defaultOriginateTimeoutMs
        request.outbound.channelID = call["ChannelId"].isEmpty ? nil : call["ChannelId"]
        request.outbound.otherChannelID = call["OtherChannelId"].isEmpty ? nil : call["OtherChannelId"]
        request.outbound.formats = call["Codecs"].split(separator: ",").map { $0.trimmingBlanks() }
        for field in call.request.all("Variable") {
            // Commas between brackets or quotation marks part nothing.
            for assignment in ExpandedText(field).splitArguments().map(\.string) where assignment.contains("=") {
                let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                request.variables.append(VariableAssignment(name: parts[0].trimmingBlanks(), value: String(parts[1])))
            }
        }
    }

    private func start(_ request: OriginateRequest, _ call: AMICall) -> AMIOutcome {
        if call.request.isTrue("Async") {
            CallActor.run { _ = await self.carryOut(request, call, tells: true) }
            return .success("Originate successfully queued")
        }
        return .later {
            await self.carryOut(request, call, tells: false) == .answered
                ? [.success("Originate successfully queued")] : [.error("Originate failed")]
        }
    }

    /// Calls, and waits for how it comes out.
    private func carryOut(_ request: OriginateRequest, _ call: AMICall, tells: Bool) async -> OriginateRequest.Outcome {
        guard await core.prepare(endpoint: request.endpoint) else {
            if tells { respond(request, call, nil, .failed(.unknown)) }
            return .failed(.unknown)
        }
        // Another call may have taken the id meanwhile.
        if let id = request.outbound.channelID, core.channels[id] != nil {
            if tells { respond(request, call, nil, .failed(.unknown)) }
            return .failed(.unknown)
        }
        return await withCheckedContinuation { continuation in
            var made = request
            made.onOutcome = { channel, outcome in
                if tells { self.respond(request, call, channel, outcome) }
                continuation.resume(returning: outcome)
            }
            do throws(DialRefusal) {
                _ = try core.originate(made)
            } catch {
                if tells { respond(request, call, nil, .failed(error.cause)) }
                continuation.resume(returning: .failed(error.cause))
            }
        }
    }

    private func respond(
        _ request: OriginateRequest, _ call: AMICall, _ channel: CallCore.LiveChannel?, _ outcome: OriginateRequest.Outcome
    ) {
        var fields: [AMIRequest.Field] = call.request.actionID.isEmpty ? [] : [.init("ActionID", call.request.actionID)]
        fields += [
            .init("Response", outcome == .answered ? "Success" : "Failure"), .init("Channel", channel?.name ?? request.endpoint),
        ]
        switch request.target {
        case .dialplan(let place): fields += [.init("Context", place.context), .init("Exten", place.extension)]
        case .run(let application, let data): fields += [.init("Application", application), .init("Data", data)]
        case .application: break
        }
        let caller = PartyID(parsing: request.callerID ?? "")
        fields += [
            .init("Reason", String(Self.reason(outcome))), .init("Uniqueid", channel?.id ?? "<null>"),
            .init("CallerIDNum", caller.number.isEmpty ? "<unknown>" : caller.number),
            .init("CallerIDName", caller.name.isEmpty ? "<unknown>" : caller.name),
        ]
        publish(AMIEvent("OriginateResponse", .call, fields))
    }
}
