import ARIModel
import Testing

private let time = Timestamp(epochMs: 1_700_000_000_123)

private func channel(id: String = "c1", channelVars: [NamedValue] = [], rdnis: String? = nil) -> Channel {
    Channel(
        id: id, name: "PJSIP/6001-00000001", state: .ring, protocolID: "call", caller: CallerID(name: "A", number: "1"),
        dialplan: DialplanCEP(context: "phones", exten: "100", priority: 1, appName: "Stasis", appData: "app"),
        creationTime: time, channelVars: channelVars, callerRDNIS: rdnis)
}

private let channelText = #"""
    {"id":"c1","name":"PJSIP/6001-00000001","state":"Ring","protocol_id":"call","caller":{"name":"A","number":"1"},
    "connected":{"name":"","number":""},"accountcode":"","dialplan":{"context":"phones","exten":"100","priority":1,
    "app_name":"Stasis","app_data":"app"},"creationtime":"2023-11-14T22:13:20.123+0000","language":"en"}
    """#.replacing("\n", with: "")

private func text(_ value: some JSONWritable) -> String { String(decoding: value.encodedJSON(), as: UTF8.self) }

@Suite("Resources and events")
struct ResourceTests {
    @Test("A channel has its members in the reference's order")
    func channelOrder() {
        #expect(text(channel()) == channelText)
        let full = text(channel(channelVars: [NamedValue("V", "1")], rdnis: "9"))
        #expect(full == channelText.dropLast() + #","channelvars":{"V":"1"},"caller_rdnis":"9"}"#)
    }

    @Test("A bridge has its members in the reference's order")
    func bridgeOrder() {
        let bridge = Bridge(
            id: "b", technology: "simple_bridge", bridgeType: "mixing", bridgeClass: "stasis", creator: "Stasis", name: "n",
            channels: ["c1"], creationTime: time, videoMode: "single", videoSourceID: "c1", bridgeVars: [NamedValue("BV", "2")])
        #expect(
            text(bridge) == """
                {"id":"b","technology":"simple_bridge","bridge_type":"mixing","bridge_class":"stasis","creator":"Stasis","name":"n",\
                "channels":["c1"],"creationtime":"2023-11-14T22:13:20.123+0000","video_mode":"single","video_source_id":"c1",\
                "bridgevars":{"BV":"2"}}
                """)
    }

    @Test("Optional members are left out when there is nothing to tell")
    func optionalMembers() {
        #expect(
            text(Playback(id: "p", mediaURI: "sound:a", targetURI: "channel:c", language: "en", state: .queued))
                == #"{"id":"p","media_uri":"sound:a","target_uri":"channel:c","language":"en","state":"queued"}"#)
        #expect(
            text(LiveRecording(name: "r", format: "wav", state: .done, targetURI: "bridge:b", duration: 3))
                == #"{"name":"r","format":"wav","state":"done","target_uri":"bridge:b","duration":3}"#)
        #expect(
            text(Endpoint(technology: "PJSIP", resource: "1", state: .online, channelIDs: ["c"]))
                == #"{"technology":"PJSIP","resource":"1","state":"online","channel_ids":["c"]}"#)
        #expect(text(AsteriskInfo()) == "{}")
        #expect(text(RequiredDestination(destination: "echo")) == #"{"destination":"echo"}"#)
        #expect(
            text(Application(name: "a", eventsAllowed: [["type": "Dial"]])) == """
                {"name":"a","channel_ids":[],"bridge_ids":[],"endpoint_ids":[],"device_names":[],"events_allowed":[{"type":"Dial"}],\
                "events_disallowed":[]}
                """)
    }

    @Test("RTP statistics have the 42 members that clients know")
    func rtpStatistics() throws {
        let object = try #require(try JSONParser.parse(RTPstat(channelUniqueID: "c").encodedJSON()).object)
        #expect(object.count == 42)
        #expect(object["remote_normdevjitter"] == .double(0))
        #expect(object["stdevrtt"] == .double(0))
        #expect(object["txmes"] == .int(0))
    }

    @Test(
        "Time stamps have three decimals and an offset without colon",
        arguments: [
            (Int64(0), Int32(0), "1970-01-01T00:00:00.000+0000"), (-1, 0, "1969-12-31T23:59:59.999+0000"),
            (951_826_154_007, 0, "2000-02-29T12:09:14.007+0000"), (1_798_761_599_999, 3600, "2027-01-01T00:59:59.999+0100"),
            (1_798_761_599_999, -12_600, "2026-12-31T20:29:59.999-0330"), (4_107_542_399_000, 0, "2100-02-28T23:59:59.000+0000"),
        ])
    func timestamps(epochMs: Int64, offset: Int32, expected: String) {
        #expect(Timestamp(epochMs: epochMs, utcOffsetSeconds: offset).description == expected)
    }

    @Test("Any time stamp can be written", arguments: [Int64.min, Int64.max])
    func extremeTimestamps(epochMs: Int64) {
        #expect(Timestamp(epochMs: epochMs, utcOffsetSeconds: .min).description.count == 28)
    }

    @Test("An event is encoded once and finished per application")
    func eventEncoding() {
        let event = Event(.stasisStart(channel: channel(), args: ["x", "y z"]), timestamp: time).encode(asteriskID: "aa:bb")
        #expect(event.type == .stasisStart)
        #expect(
            String(decoding: event.bytes(application: "my\"app"), as: UTF8.self) == """
                {"type":"StasisStart","timestamp":"2023-11-14T22:13:20.123+0000","args":["x","y z"],"channel":\(channelText),\
                "asterisk_id":"aa:bb","application":"my\\"app"}
                """)
        let bare = Event(.applicationReplaced, timestamp: time).encode(asteriskID: "i").bytes(application: "a")
        #expect(
            String(decoding: bare, as: UTF8.self)
                == #"{"type":"ApplicationReplaced","timestamp":"2023-11-14T22:13:20.123+0000","asterisk_id":"i","application":"a"}"#)
    }

    @Test("Every event has the members that its model requires, and no others than declared", arguments: EventSamples.all)
    func declaredMembers(sample: EventSamples.Sample) throws {
        let models = ARIResource.all.flatMap(\.models) + OnRequest.events
        let model = try #require(models.first { $0.id == sample.type.rawValue })
        let bytes = Event(sample.body, timestamp: time).encode(asteriskID: "i").bytes(application: "a")
        let object = try #require(try JSONParser.parse(bytes).object)
        let names = Set(object.members.map(\.name)).subtracting(["type", "timestamp", "asterisk_id", "application"])
        #expect(Set(model.properties.filter(\.isRequired).map(\.name)).isSubset(of: names))
        #expect(names.isSubset(of: model.properties.map(\.name)))
        #expect(object["type"] == .string(sample.type.rawValue))
    }

    @Test("The samples cover all 45 types")
    func allTypes() {
        #expect(Set(EventSamples.all.map(\.type)) == Set(EventType.allCases))
        #expect(EventType.allCases.filter { !$0.isOnRequest }.count == 45)
    }

    @Test("A user event carries its name and the variables below it")
    func userEvent() throws {
        var variables = JSONObject()
        variables["k"] = ["n": 1]
        let bytes = Event(.channelUserevent(eventName: "My", variables: variables), timestamp: time)
            .encode(asteriskID: "i").bytes(application: "a")
        #expect(try JSONParser.parse(bytes)["userevent"] == ["eventname": "My", "k": ["n": 1]])
    }
}

/// One or more events of every type.
enum EventSamples {
    struct Sample: Sendable, CustomTestStringConvertible {
        let body: EventBody
        var type: EventType { body.type }
        var testDescription: String { type.rawValue }
    }

    static let all: [Sample] = bodies.map(Sample.init)

    private static let bridge = Bridge(
        id: "b", technology: "softmix", bridgeType: "mixing", bridgeClass: "stasis", creator: "Stasis", name: "", channels: [],
        creationTime: time)
    private static let playback = Playback(id: "p", mediaURI: "sound:a", targetURI: "channel:c", language: "en", state: .playing)
    private static let recording = LiveRecording(name: "r", format: "wav", state: .failed, targetURI: "bridge:b", cause: "x")
    private static let endpoint = Endpoint(technology: "PJSIP", resource: "1", state: .offline)
    private static let c = channel()

    private static let bodies: [EventBody] = [
        .applicationMoveFailed(channel: c, destination: "d", args: ["a"]), .applicationRegistered, .applicationUnregistered,
        .applicationReplaced, .stasisStart(channel: c, args: []), .stasisStart(channel: c, args: [], replaceChannel: c),
        .stasisEnd(channel: c), .callBroadcast(channel: c, caller: "1", called: "2"), .callClaimed(channel: c, winnerApp: "w"),
        .channelCreated(channel: c), .channelDestroyed(channel: c, cause: 17, causeText: "User busy", techCause: 486),
        .channelStateChange(channel: c), .channelDialplan(channel: c, app: "Dial", appData: ""),
        .channelCallerId(channel: c, presentation: 0, presentationText: "t"), .channelConnectedLine(channel: c),
        .channelDtmfReceived(channel: c, digit: "1", durationMs: 100), .channelHangupRequest(channel: c),
        .channelHangupRequest(channel: c, cause: 32, soft: true, techCause: 486),
        .channelVarset(channel: nil, variable: "V", value: ""), .channelVarset(channel: c, variable: "V", value: "1"),
        .channelToneDetected(channel: c), .channelTalkingStarted(channel: c), .channelTalkingFinished(channel: c, durationMs: 5),
        .channelHold(channel: c, musicClass: "N/A"), .channelUnhold(channel: c),
        .channelTransfer(
            state: "channel_progress", referTo: ReferTo(requestedDestination: RequiredDestination(destination: "x")),
            referredBy: ReferredBy(sourceChannel: c)),
        .channelUserevent(eventName: "E", channel: c, bridge: bridge, endpoint: endpoint),
        .dial(peer: c, status: ""), .dial(caller: c, peer: c, dialString: "1", status: "ANSWER", forward: "f", forwarded: c),
        .bridgeCreated(bridge: bridge), .bridgeDestroyed(bridge: bridge), .bridgeMerged(bridge: bridge, from: bridge),
        .bridgeVideoSourceChanged(bridge: bridge, oldVideoSourceID: "c"), .channelEnteredBridge(channel: c, bridge: bridge),
        .channelLeftBridge(channel: c, bridge: bridge),
        .bridgeBlindTransfer(
            BlindTransfer(
                channel: c, exten: "1", context: "x", result: "Success", isExternal: true, transferee: c, replaceChannel: c,
                bridge: bridge)),
        .bridgeAttendedTransfer(
            AttendedTransfer(
                firstLeg: c, secondLeg: c, result: "Success", isExternal: false, destination: .link(firstLeg: c, secondLeg: c),
                transferee: c, transferTarget: c, replaceChannel: c, firstLegBridge: bridge, secondLegBridge: bridge)),
        attended(.bridge(id: "b")), attended(.application("a")), attended(.threeway(channel: c, bridge: bridge)), attended(.fail),
        .playbackStarted(playback: playback), .playbackContinuing(playback: playback), .playbackFinished(playback: playback),
        .recordingStarted(recording: recording), .recordingFinished(recording: recording), .recordingFailed(recording: recording),
        .deviceStateChanged(DeviceState(name: "Stasis:x", state: "INUSE")), .endpointStateChange(endpoint: endpoint),
        .contactStatusChange(endpoint: endpoint, contact: ContactInfo(uri: "sip:1@x", contactStatus: "Reachable", aor: "1")),
        .peerStatusChange(endpoint: endpoint, peer: Peer(peerStatus: "Reachable")),
        .textMessageReceived(message: TextMessage(from: "a", to: "b", body: "c"), endpoint: endpoint),
        .eventStreamStarted(resume: "t", seq: 0), .eventStreamResumed(resume: "t", seq: 3, missed: 2),
        .resumeFailed(FailedResume(reason: .tooOld, resume: "t", channels: [c], bridges: [bridge], isComplete: true)),
        .channelAssigned(channel: c, args: ["x"]),
        .restResponse(
            RESTResponse(
                transactionID: "t", requestID: "r", statusCode: 200, reasonPhrase: "OK", uri: "u", contentType: "application/json",
                messageBody: "{}")),
    ]

    private static func attended(_ destination: AttendedTransfer.Destination) -> EventBody {
        .bridgeAttendedTransfer(
            AttendedTransfer(
                firstLeg: c, secondLeg: c, result: "Fail", isExternal: true, destination: destination))
    }
}
