import ARIModel
import CallCore
import Dialplan

extension ARIHandlers {
    /// Listing, making, calling and ending channels.
    mutating func addChannels(_ core: CallCore) {
        on("channels.list") { call in
            ARIResponse(200, body: .json(core.channelListJSON(within: call.scope)))
        }
        on("channels.get") { call in
            guard let channel = core.channel(call.path("channelId"), for: call) else { throw ARIError.channelNotFound }
            return .ok(channel.snapshot)
        }
        on("channels.originate") { call in try core.originate(call, id: call.nonEmpty("channelId")) }
        on("channels.originateWithId") { call in try core.originate(call, id: call.path("channelId")) }
        on("channels.create") { call in try core.create(call) }
        on("channels.rtpstatistics") { call in
            guard let channel = core.channel(idOrName: call.path("channelId"), for: call) else { throw ARIError.channelNotFound }
            guard let statistics = channel.rtpStatistics else { throw ARIError(403, "Unsupported channel type") }
            return .ok(RTPstat(statistics, channelID: channel.id))
        }
        on("channels.hangup") { call in
            guard let channel = core.channel(idOrName: call.path("channelId"), for: call) else { throw ARIError.channelNotFound }
            channel.requestHangup(cause: try hangupCause(call))
            return .noContent
        }
        on("channels.dial") { call in
            let channel = try core.controlled(call, checksState: false)
            let caller = call.nonEmpty("caller").flatMap { core.channel(idOrName: $0, for: call) }
            let seconds = call.int("timeout")
            do throws(CallCoreChannel.DialError) {
                try channel.startDial(caller: caller, timeoutMs: seconds > 0 ? min(seconds, 86_400) * 1_000 : nil)
            } catch {
                throw ARIError(409, error == .notDown ? "Channel is not in the 'Down' state" : "Dialing a channel not created by ARI")
            }
            return .noContent
        }
        on("channels.continueInDialplan") { call in
            let channel = try core.controlled(call)
            channel.continueInDialplan(at: try core.continuation(call, of: channel))
            return .noContent
        }
    }
}

private func hangupCause(_ call: ARICall) throws(ARIError) -> HangupCause {
    let reason = call.nonEmpty("reason")
    let code = call.nonEmpty("reason_code")
    if reason != nil, code != nil { throw ARIError(400, "The reason and reason_code can't both be specified") }
    if let code {
        guard let number = Int(code), (0...127).contains(number) else {
            throw ARIError(400, "Invalid reason for hangup reason code provided", reason: "Invalid Reason Code")
        }
        return HangupCause(number)
    }
    guard let reason else { return .normalClearing }
    guard let cause = HangupCause(reason: reason) else {
        throw ARIError(400, "Invalid reason for hangup reason provided", reason: "Invalid Reason")
    }
    return cause
}

extension CallCore {
    /// The channels as one JSON array, copied from their snapshots.
    fileprivate func channelListJSON(within scope: AccessScope) -> [UInt8] {
        let all = scope.isEverything ? channels.all : channels.all.filter(scope.includes)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(all.count * 420 + 2)
        bytes.append(UInt8(ascii: "["))
        for (index, channel) in all.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: channel.snapshot.json)
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }

    fileprivate func originate(_ call: ARICall, id: String?) throws(ARIError) -> ARIResponse {
        for given in [id, call.nonEmpty("otherChannelId")].compactMap({ $0 }) where given.utf8.count > 149 {
            throw ARIError(400, "Uniqueid length exceeds maximum of 149")
        }
        let outbound = try outbound(call, id: id, checksOriginator: true)
        let endpoint = try endpoint(call)
        let target = try target(call)
        var request = OriginateRequest(endpoint: endpoint, target: target)
        request.callerID = call.nonEmpty("callerId")
        let seconds = call.int("timeout")
        request.timeoutMs = seconds == -1 ? nil : (seconds > 0 ? min(seconds, 86_400) * 1_000 : Self.defaultOriginateTimeoutMs)
        request.variables = try variableAssignments(call.body)
        request.outbound = outbound
        try checkFree(outbound)
        do {
            return .ok(try originate(request).snapshot)
        } catch {
            throw refusal(error, of: endpoint)
        }
    }

    fileprivate func create(_ call: ARICall) throws(ARIError) -> ARIResponse {
        let outbound = try outbound(call, id: call.nonEmpty("channelId"), checksOriginator: false)
        let endpoint = try endpoint(call)
        let variables = try variableAssignments(call.body)
        try checkFree(outbound)
        let application = call.string("app") ?? ""
        let (arguments, data) = applicationData(application, call.nonEmpty("appArgs"))
        do {
            return .ok(
                try create(
                    endpoint: endpoint, application: application, arguments: arguments, data: data, outbound: outbound,
                    variables: variables
                ).snapshot)
        } catch {
            throw refusal(error, of: endpoint)
        }
    }

    /// A technology that does not exist is the client's mistake; what else can't be called is told as by the reference.
    private func refusal(_ error: DialRefusal, of endpoint: String) -> ARIError {
        if case .unknownTechnology = error { return ARIError(400, "There is no channel technology for the endpoint '\(endpoint)'") }
        return .allocationFailed
    }

    private func endpoint(_ call: ARICall) throws(ARIError) -> String {
        guard let endpoint = call.nonEmpty("endpoint") else { throw ARIError(400, "Endpoint must be specified") }
        guard let slash = endpoint.firstIndex(of: "/"), slash != endpoint.startIndex, endpoint.index(after: slash) != endpoint.endIndex
        else {
            throw ARIError(400, "Invalid endpoint specified")
        }
        return endpoint
    }

    private func outbound(_ call: ARICall, id: String?, checksOriginator: Bool) throws(ARIError) -> OutboundRequest {
        guard call.nonEmpty("endpoint") != nil else { throw ARIError(400, "Endpoint must be specified") }
        let originator = call.nonEmpty("originator")
        let formats = (call.nonEmpty("formats") ?? "").split(separator: ",").map { String($0.filter { $0 != " " }) }
        if originator != nil, !formats.isEmpty { throw ARIError(400, "Originator and formats can't both be specified") }
        if checksOriginator, let originator, channel(originator, for: call) == nil {
            throw ARIError(400, "Provided originator channel was not found")
        }
        for format in formats where !Self.isKnownFormat(format) {
            throw ARIError(400, "Provided format (\(format)) was not found")
        }
        return OutboundRequest(
            channelID: id, otherChannelID: call.nonEmpty("otherChannelId"), formats: formats, requesterID: originator)
    }

    private func checkFree(_ outbound: OutboundRequest) throws(ARIError) {
        let taken = ARIError(409, "Channel with given unique ID already exists")
        if let id = outbound.channelID, channels[id] != nil { throw taken }
        if let id = outbound.otherChannelID, channels[id] != nil || id == outbound.channelID { throw taken }
    }

    private func target(_ call: ARICall) throws(ARIError) -> OriginateRequest.Target {
        if let application = call.nonEmpty("app") {
            let (arguments, data) = applicationData(application, call.nonEmpty("appArgs"))
            return .application(name: application, arguments: arguments, data: data)
        }
        guard let number = call.nonEmpty("extension") else { throw ARIError(400, "Application or extension must be specified") }
        let context = call.nonEmpty("context") ?? "default"
        if let label = call.nonEmpty("label") {
            return .dialplan(try labelled(label, context: context, number: number, caller: ""))
        }
        return .dialplan(DialplanLocation(context: context, extension: number, priority: max(1, call.int("priority"))))
    }

    private func labelled(_ label: String, context: String, number: String, caller: String) throws(ARIError) -> DialplanLocation {
        let found = dialplan.priority(labelled: label, context: context, extension: number, callerNumber: caller) ?? Int(label)
        guard let found else { throw ARIError(404, "Requested label can not be found") }
        guard found > 0 else { throw ARIError(400, "Requested priority is illegal") }
        return DialplanLocation(context: context, extension: number, priority: found)
    }

    /// What `app_data` shows, and the arguments it stands for.
    func applicationData(_ application: String, _ arguments: String?) -> (arguments: [String], data: String) {
        guard let arguments else { return ([], application) }
        return (splitList(arguments), "\(application),\(arguments)")
    }

    /// Where `continue` leads; nil for the priority behind the present one.
    fileprivate func continuation(_ call: ARICall, of channel: CallCoreChannel) throws(ARIError) -> DialplanLocation? {
        let context = call.nonEmpty("context")
        let number = call.nonEmpty("extension")
        let label = call.nonEmpty("label")
        let priority = call.int("priority")
        guard context != nil || number != nil || label != nil || priority > 0 else { return nil }
        let place = channel.location
        let toContext = context ?? place.context
        let toNumber = number ?? (context == nil ? place.extension : "s")
        if let label { return try labelled(label, context: toContext, number: toNumber, caller: channel.caller.number) }
        return DialplanLocation(context: toContext, extension: toNumber, priority: max(1, priority))
    }
}
