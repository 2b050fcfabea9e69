import ARIModel
import CallCore
import Dialplan
import Testing

@Suite("Transfers")
@CallActor
struct TransferTests {
    private let test = TestCore(
        """
        [phones]
        exten = 1000,1,Stasis(app)
        exten = echo,1,Answer
        same = n,Wait(60)
        exten = busy,1,Busy
        exten = bob,1,Dial(Test/bob)
        same = n,Set(AFTER=${DIALSTATUS})
        exten = carol,1,Dial(Test/carol)
        """)

    private final class Reports {
        var all: [TransferReport] = []
    }

    private func request(_ number: String) -> TransferRequest { TransferRequest(destination: number, context: "phones") }

    /// So many answered calls in a bridge of their application.
    private func bridge(_ id: String, _ count: Int) async throws -> (bridge: CallCore.LiveBridge, channels: [CallCore.LiveChannel]) {
        let bridge = try #require(test.core.bridges.make(id: id, name: "", kind: .mixing))
        var channels: [CallCore.LiveChannel] = []
        for _ in 0..<count {
            let (channel, _) = await test.call("1000")
            channel.answer()
            bridge.add(channel)
            channels.append(channel)
        }
        await test.settle()
        return (bridge, channels)
    }

    @Test("A blind transfer puts the destination in the place of who asks for it; who stays hears it")
    func blind() async throws {
        let events = test.listen("app")
        let (bridge, channels) = try await bridge("b", 2)
        let reports = Reports()
        channels[1].legTransfer(request("echo")) { reports.all.append($0) }
        await test.settle()
        #expect(reports.all == [.trying, .answered])
        #expect(bridge.channels.count == 2 && bridge.channels[0] === channels[0])
        #expect(bridge.channels[1].name.hasPrefix("Local/echo@phones-") && bridge.channels[1].state == .up)
        #expect(channels[1].bridge == nil && channels[1].stasis != nil && !channels[1].isGone)
        let transfer = try #require(events.first("BridgeBlindTransfer"))
        #expect(transfer["exten"] == "echo" && transfer["result"] == "Success")
        #expect(transfer["transferee"]?["id"]?.string == channels[0].id && transfer["bridge"]?["channels"]?.array?.count == 2)
        let start = events.events.last { $0["type"] == "StasisStart" }
        #expect(start?["replace_channel"]?["id"]?.string == channels[1].id)
        #expect(channels[0].variable("BLINDTRANSFER")?.string == channels[1].name)
        withExtendedLifetime(events) {}
    }

    @Test("A transfer that can't be made is refused with the reason, and the call goes on")
    func refused() async throws {
        let events = test.listen("app")
        let (bridge, channels) = try await bridge("b", 2)
        let reports = Reports()
        channels[1].legTransfer(request("nobody")) { reports.all.append($0) }
        #expect(reports.all == [.trying, .failed(status: 404)] && bridge.channels.count == 2)
        let (_, alone) = try await self.bridge("alone", 1)
        alone[0].legTransfer(request("echo")) { reports.all.append($0) }
        #expect(reports.all.last == .failed(status: 501))
        channels[0].legAttendedTransfer(with: channels[1]) { reports.all.append($0) }
        #expect(reports.all.last == .failed(status: 501), "both legs in one bridge")
        channels[0].legAttendedTransfer(with: channels[0]) { reports.all.append($0) }
        #expect(reports.all.last == .failed(status: 481))
        #expect(bridge.channels.count == 2 && events.first("BridgeBlindTransfer") == nil)
    }

    @Test("A destination that does not answer is told to who asked for it")
    func busy() async throws {
        let events = test.listen("app")
        let (bridge, channels) = try await bridge("b", 2)
        let reports = Reports()
        channels[1].legTransfer(request("busy")) { reports.all.append($0) }
        await test.pass(ms: 20_000)
        #expect(reports.all.first == .trying && reports.all.last == .failed(status: 480))
        #expect(bridge.channels.map(\.id) == [channels[0].id])
        withExtendedLifetime(events) {}
    }

    @Test("An application that wants it carries transfers out itself and reports how they go")
    func byApplication() async throws {
        let events = test.listen("app")
        let (bridge, channels) = try await bridge("b", 2)
        #expect(!channels[1].reportTransfer(.progress))
        #expect(channels[1].writeFunction("PJSIP_TRANSFER_HANDLING", "", "ari-only"))
        let reports = Reports()
        channels[1].legTransfer(request("anything")) { reports.all.append($0) }
        #expect(channels[1].reportTransfer(.progress) && channels[1].reportTransfer(.declined) && !channels[1].reportTransfer(.answered))
        #expect(reports.all == [.trying, .progress, .failed(status: 603)])
        let told = events.events.filter { $0["type"] == "ChannelTransfer" }
        #expect(told.map { $0["state"]?.string } == [nil, "channel_progress", "channel_declined"])
        #expect(told[0]["refer_to"]?["requested_destination"]?["destination"] == "anything")
        #expect(told[0]["referred_by"]?["connected_channel"]?["id"]?.string == channels[0].id)
        #expect(bridge.channels.count == 2)
    }

    @Test("An attended transfer joins two bridges and ends the second call of who asks for it")
    func attended() async throws {
        let events = test.listen("app")
        let (first, ones) = try await bridge("one", 2)
        let (second, twos) = try await bridge("two", 2)
        let reports = Reports()
        ones[1].legAttendedTransfer(with: twos[0]) { reports.all.append($0) }
        await test.settle()
        #expect(reports.all == [.trying, .answered])
        #expect(first.channels.map(\.name)[1].hasSuffix(";1") && second.channels.map(\.name)[1].hasSuffix(";2"))
        #expect(first.channels[0] === ones[0] && second.channels[0] === twos[1])
        #expect(twos[0].isGone && !ones[1].isGone && ones[1].bridge == nil)
        let transfer = try #require(events.first("BridgeAttendedTransfer"))
        #expect(transfer["destination_type"] == "link" && transfer["transfer_target"]?["id"]?.string == twos[1].id)
        twos[1].legEnded(cause: .normalClearing)
        await test.settle()
        #expect(second.channels.count == 1, "the application decides what becomes of who is left")
    }

    // MARK: What Dial() joined

    /// A call to a number that dials; both sides of it, joined.
    private func dialled(_ number: String) async throws -> (caller: CallCore.LiveChannel, callee: CallCore.LiveChannel) {
        let (caller, _) = await test.call(number)
        let callee = try #require(test.phones.legs.last?.channel)
        callee.legAnswered()
        await test.settle()
        #expect(caller.bridge != nil && caller.bridge === callee.bridge)
        return (caller, callee)
    }

    private func leg(_ channel: CallCore.LiveChannel) -> TestLeg? { channel.leg as? TestLeg }

    @Test("The callee sends the caller elsewhere in the dialplan and is let go")
    func blindByCallee() async throws {
        let events = test.listen("app", all: true)
        let (caller, callee) = try await dialled("bob")
        let calleeLeg = try #require(leg(callee))
        let reports = Reports()
        callee.legTransfer(request("echo")) { reports.all.append($0) }
        await test.settle()
        #expect(reports.all == [.trying, .answered])
        #expect(caller.location.extension == "echo" && caller.bridge == nil && !caller.isGone)
        #expect(caller.variable("BLINDTRANSFER")?.string == callee.name)
        #expect(calleeLeg.hungUpWith == .normalClearing)
        let told = try #require(events.first("BridgeBlindTransfer"))
        #expect(told["exten"] == "echo" && told["transferee"]?["id"]?.string == caller.id && told["is_external"] == true)
    }

    @Test("The caller sends the callee into the dialplan and is let go; the callee's call goes on")
    func blindByCaller() async throws {
        let (caller, callee) = try await dialled("bob")
        let callerLeg = try #require(leg(caller))
        let reports = Reports()
        caller.legTransfer(request("echo")) { reports.all.append($0) }
        await test.settle()
        #expect(reports.all == [.trying, .answered])
        #expect(callee.location.extension == "echo" && !callee.isGone && callee.state == .up)
        #expect(callerLeg.hungUpWith != nil && caller.isGone)
        callee.legEnded(cause: .normalClearing)
        await test.settle()
        #expect(test.core.channels.count == 0 && test.core.bridges.all.isEmpty)
    }

    /// Who of each pair has the phone that transfers.
    enum Side: CaseIterable { case caller, callee }

    @Test("Two calls of one phone are joined, whoever called whom; each hangs up for both", arguments: Side.allCases, Side.allCases)
    func attended(first: Side, second: Side) async throws {
        let events = test.listen("app", all: true)
        let one = try await dialled("bob"), two = try await dialled("carol")
        let (transferer, transferee) = first == .caller ? one : (one.callee, one.caller)
        let (consulting, target) = second == .caller ? two : (two.callee, two.caller)
        let legs = try (transferer: #require(leg(transferer)), consulting: #require(leg(consulting)))
        let reports = Reports()
        transferer.legAttendedTransfer(with: consulting) { reports.all.append($0) }
        await test.settle()
        #expect(reports.all == [.trying, .answered])
        #expect(transferee.bridge != nil && transferee.bridge === target.bridge && transferee.bridge?.channels.count == 2)
        #expect(leg(transferee)?.testPort.peer === leg(target)?.testPort)
        #expect(legs.consulting.hungUpWith != nil)
        let told = try #require(events.first("BridgeAttendedTransfer"))
        #expect(told["transferee"]?["id"]?.string == transferee.id && told["transfer_target"]?["id"]?.string == target.id)
        #expect(told["destination_bridge"]?.string == transferee.bridge?.id)
        let merged = try #require(events.first("BridgeMerged"))
        #expect(merged["bridge"]?["id"]?.string == transferee.bridge?.id && merged["bridge_from"]?["channels"]?.array?.count == 2)
        transferer.legEnded(cause: .normalClearing)
        await test.settle()
        #expect(transferee.bridge != nil, "the end of the phone that transferred changes nothing")
        target.legEnded(cause: .normalClearing)
        await test.settle()
        #expect(test.core.channels.count == 0 && test.core.bridges.all.isEmpty)
    }

    @Test(
        "A call that Dial() joined and one in an application's bridge are linked, whichever comes first",
        arguments: Side.allCases, [true, false])
    func mixed(side: Side, dialledFirst: Bool) async throws {
        let events = test.listen("app", all: true)
        let pair = try await dialled("bob")
        let (leaving, staying) = side == .caller ? pair : (pair.callee, pair.caller)
        let (bridge, inside) = try await bridge("b", 2)
        let reports = Reports()
        let (first, second) = dialledFirst ? (leaving, inside[1]) : (inside[1], leaving)
        first.legAttendedTransfer(with: second) { reports.all.append($0) }
        await test.settle()
        #expect(reports.all == [.trying, .answered])
        #expect(staying.bridge?.channels.count == 2 && leaving.bridge == nil)
        let links = [staying.bridge, bridge].compactMap { $0?.channels.last?.name }
        #expect(links.count == 2 && links.allSatisfy { $0.hasPrefix("Local/_attended@transfer-") })
        #expect(bridge.channels[0] === inside[0] && inside[1].bridge == nil)
        #expect(try #require(events.first("BridgeAttendedTransfer"))["destination_type"] == "link")
        leaving.legEnded(cause: .normalClearing)
        inside[1].legEnded(cause: .normalClearing)
        await test.settle()
        #expect(staying.bridge?.channels.count == 2, "the end of the phone that transferred changes nothing")
        staying.legEnded(cause: .normalClearing)
        await test.settle()
        #expect(bridge.channels.map(\.id) == [inside[0].id], "the application decides what becomes of who is left")
        #expect(test.core.channels.count == 1 && test.core.bridges.all.count == 1)
    }

    @Test("A call that was joined by a transfer can be transferred again")
    func again() async throws {
        let one = try await dialled("bob"), two = try await dialled("carol")
        one.callee.legAttendedTransfer(with: two.caller) { _ in }
        await test.settle()
        let reports = Reports()
        two.callee.legTransfer(request("echo")) { reports.all.append($0) }
        await test.settle()
        #expect(reports.all == [.trying, .answered])
        #expect(one.caller.location.extension == "echo" && !one.caller.isGone)
        #expect(two.callee.isGone && two.caller.isGone)
    }
}
