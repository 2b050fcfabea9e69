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
}
