import ARIModel
import CallCore
import Dialplan
import Testing

@CallActor
struct EventStreamTests {
    let dialplan = """
        [phones]
        exten => 1000,1,Stasis(app,x)
         same => n,Hangup()
        """

    private func connect(
        _ test: TestCore, resume: ResumePoint? = nil, change: (inout EventDelivery) -> Void = { $0.isNumbered = true }
    ) -> EventList {
        let list = EventList()
        var delivery = EventDelivery()
        change(&delivery)
        delivery.resumePoint = resume
        #expect(test.core.applications.register("app", subscribeAll: false, delivery: delivery, sink: list))
        return list
    }

    @Test("Numbers begin at 1 and have no gap; what tells of the stream has none")
    func numbers() async throws {
        let test = TestCore(dialplan)
        let events = connect(test)
        let (channel, _) = await test.call("1000")
        channel.setVariable("A", "1")
        channel.setVariable("B", "2")
        let started = try #require(events.events.first)
        #expect(started["type"] == "EventStreamStarted" && started["seq"] == 0 && started["resume"]?.string?.isEmpty == false)
        #expect(events.sequences == [nil] + (1..<events.events.count).map { $0 })
    }

    @Test("Who did not ask gets neither numbers nor other types")
    func plain() async {
        let test = TestCore(dialplan)
        let events = connect(test) { _ in }
        _ = await test.call("1000")
        #expect(events.types.first == "StasisStart")
        #expect(events.sequences.allSatisfy { $0 == nil })
    }

    @Test("A client that comes back in time gets exactly what it missed")
    func resume() async throws {
        let test = TestCore(dialplan)
        let before = connect(test)
        let (channel, _) = await test.call("1000")
        let token = try #require(before.events.first?["resume"]?.string)
        let last = try #require(before.sequences.last ?? nil)
        test.core.applications.unregister("app", sink: before)
        channel.setVariable("MISSED", "1")
        await test.pass(ms: 30_000)
        channel.setVariable("MISSED", "2")
        let after = connect(test, resume: ResumePoint(token: token, sequence: last))
        channel.setVariable("NEW", "3")
        #expect(after.types == ["EventStreamResumed", "ChannelVarset", "ChannelVarset", "ChannelVarset"])
        #expect(after.events.first?["missed"] == 2)
        #expect(after.sequences == [nil, last + 1, last + 2, last + 3])
        #expect(after.events.dropFirst().compactMap { $0["value"]?.string } == ["1", "2", "3"])
    }

    @Test("A client may come back while its old connection still seems to stand; that one is told and gets no more")
    func halfOpen() async throws {
        let test = TestCore(dialplan)
        let old = connect(test)
        let (channel, _) = await test.call("1000")
        let token = try #require(old.events.first?["resume"]?.string)
        let new = connect(test, resume: ResumePoint(token: token, sequence: 0))
        channel.setVariable("NEW", "1")
        #expect(old.types.last == "ApplicationReplaced")
        #expect(new.types.contains("StasisStart") && new.types.last == "ChannelVarset")
        test.core.applications.unregister("app", sink: old)
        #expect(test.core.applications["app"]?.isActive == true)
    }

    @Test("Nobody is let into an application whose client is away, and after a minute its events are dropped")
    func grace() async throws {
        let test = TestCore(dialplan)
        let before = connect(test)
        let (first, _) = await test.call("1000")
        let token = try #require(before.events.first?["resume"]?.string)
        test.core.applications.unregister("app", sink: before)
        let (second, _) = await test.call("1000")
        #expect(second.variable("STASISSTATUS")?.string == "FAILED")
        await test.pass(ms: EventBacklog.graceMs + 1)
        let after = connect(test, resume: ResumePoint(token: token, sequence: 1))
        let failed = try #require(after.events.first)
        #expect(failed["type"] == "ResumeFailed" && failed["reason"] == "unknown_token" && failed["complete"] == true)
        #expect(failed["channels"]?.array?.compactMap { $0["id"]?.string } == [first.id])
        #expect(failed["resume"]?.string != token)
    }

    @Test("Who missed more than is kept is told so and shown what there is")
    func tooOld() async throws {
        let test = TestCore(dialplan)
        let before = connect(test)
        let (channel, _) = await test.call("1000")
        let token = try #require(before.events.first?["resume"]?.string)
        test.core.applications.unregister("app", sink: before)
        for number in 0...EventBacklog.eventLimit { channel.setVariable("N", "\(number)") }
        let after = connect(test, resume: ResumePoint(token: token, sequence: 1))
        #expect(after.events.first?["reason"] == "too_old")
        channel.setVariable("LAST", "1")
        #expect(after.sequences == [nil, 1])
    }

    @Test("A number that was never given is refused")
    func future() async throws {
        let test = TestCore(dialplan)
        let before = connect(test)
        let token = try #require(before.events.first?["resume"]?.string)
        let after = connect(test, resume: ResumePoint(token: token, sequence: 5))
        #expect(after.types == ["ResumeFailed"])
    }

    @Test("Another client that takes the application ends the stream")
    func replaced() async throws {
        let test = TestCore(dialplan)
        let before = connect(test)
        let token = try #require(before.events.first?["resume"]?.string)
        _ = connect(test) { _ in }
        #expect(before.types == ["EventStreamStarted", "ApplicationReplaced"])
        let after = connect(test, resume: ResumePoint(token: token, sequence: 0))
        #expect(after.events.first?["reason"] == "unknown_token")
    }

    @Test("The end of a channel is told with its cause after it has left, to who asked for it", arguments: [true, false])
    func finalEvents(isAsked: Bool) async throws {
        let test = TestCore(dialplan)
        let events = connect(test) { $0.wantsFinalEvents = isAsked }
        let (channel, _) = await test.call("1000")
        channel.legEnded(cause: .normalClearing, techCause: 200)
        await test.settle()
        #expect(events.types.filter { $0 == "StasisEnd" }.count == 1)
        let ends = events.events.filter { $0["type"] == "ChannelDestroyed" }
        #expect(ends.count == (isAsked ? 1 : 0))
        if let end = ends.first { #expect(end["cause"] == 16 && end["tech_cause"] == 200) }
        #expect(test.core.channels.count == 0)
    }

    // MARK: Shared

    private func share(_ test: TestCore) -> EventList { connect(test) { $0.isShared = true } }

    @Test("Calls are shared out, and each connection hears of its own only")
    func sharedOut() async {
        let test = TestCore(dialplan)
        let lists = [share(test), share(test), share(test)]
        for _ in 0..<9 { _ = await test.call("1000") }
        for list in lists {
            let started = list.events.filter { $0["type"] == "StasisStart" }.compactMap { $0["channel"]?["id"]?.string }
            #expect(started.count == 3)
            #expect(Set(list.events.compactMap { $0["channel"]?["id"]?.string }) == Set(started))
            #expect(!list.types.contains("ApplicationReplaced"))
        }
    }

    @Test("A channel made on behalf of another goes where that one is")
    func linked() async throws {
        let test = TestCore(dialplan)
        let lists = [share(test), share(test)]
        for turn in 0..<2 {
            let (channel, _) = await test.call("1000")
            let request = SnoopRequest(id: "s\(turn)", spy: .in, whisper: .none, application: "app", arguments: [], data: "app")
            let pair = try test.core.snoop(on: channel, request)
            #expect(pair.linkedID == channel.id)
            await test.settle()
        }
        for list in lists { #expect(list.types.filter { $0 == "StasisStart" }.count == 2) }
    }

    @Test("What is about no call comes to all")
    func common() throws {
        let test = TestCore(dialplan)
        let lists = [share(test), share(test)]
        let application = try #require(test.core.applications["app"])
        try test.core.sendUserEvent(named: "hello", to: application, sources: [], variables: JSONObject())
        for list in lists { #expect(list.types == ["ChannelUserevent"]) }
    }

    @Test("A bridge is told of to those who have calls in it")
    func bridges() async throws {
        let test = TestCore(dialplan)
        let lists = [share(test), share(test), share(test)]
        let (first, _) = await test.call("1000")
        let (second, _) = await test.call("1000")
        let kind = try #require(BridgeKind(list: "mixing"))
        let bridge = try #require(test.core.bridges.make(id: "b", name: "", kind: kind))
        bridge.add(first)
        bridge.add(second)
        bridge.release(first)
        bridge.destroy()
        func story(_ list: EventList) -> [String] { list.types.filter { $0.contains("Bridge") } }
        #expect(story(lists[0]).contains("ChannelLeftBridge") && story(lists[1]).contains("ChannelLeftBridge"))
        #expect(story(lists[2]).isEmpty)
    }

    @Test("When a connection dies the others get its calls and are told which")
    func takeOver() async {
        let test = TestCore(dialplan)
        let lists = [share(test), share(test)]
        let (first, _) = await test.call("1000")
        let (second, _) = await test.call("1000")
        test.core.applications.unregister("app", sink: lists[0])
        let assigned = lists[1].events.filter { $0["type"] == "ChannelAssigned" }
        #expect(assigned.compactMap { $0["channel"]?["id"]?.string } == [first.id])
        #expect(assigned.first?["args"]?.array?.compactMap(\.string) == ["x"])
        first.setVariable("A", "1")
        second.setVariable("A", "1")
        #expect(lists[1].types.filter { $0 == "ChannelVarset" }.count >= 2)
        test.core.applications.unregister("app", sink: lists[1])
        #expect(test.core.applications["app"]?.isActive == false)
    }

    @Test("Who was alone keeps its calls when others come; when all were gone, who comes next gets the calls that still run")
    func comingsAndGoings() async {
        let test = TestCore(dialplan)
        let first = share(test)
        let (one, _) = await test.call("1000"), (two, _) = await test.call("1000")
        let second = share(test)
        one.setVariable("A", "1")
        two.setVariable("A", "1")
        #expect(second.types.isEmpty && first.types.filter { $0 == "ChannelVarset" }.count >= 2)
        test.core.applications.unregister("app", sink: first)
        #expect(second.types.filter { $0 == "ChannelAssigned" }.count == 2)
        test.core.applications.unregister("app", sink: second)
        let later = [share(test), share(test)]
        one.setVariable("B", "1")
        two.setVariable("B", "1")
        #expect(later.allSatisfy { $0.types.filter { $0 == "ChannelVarset" }.count == 1 })
    }

    @Test("The end of a channel that came twice is told once")
    func finalEventOnce() async throws {
        let test = TestCore("[phones]\nexten => 1000,1,Stasis(app)\n same => n,Stasis(app)\n same => n,Wait(1)\n same => n,Hangup()")
        let events = connect(test) { $0.wantsFinalEvents = true }
        let (channel, _) = await test.call("1000")
        for _ in 0..<2 {
            channel.continueInDialplan(at: nil)
            await test.settle()
        }
        channel.legEnded(cause: .normalClearing)
        await test.settle()
        #expect(events.types.filter { $0 == "StasisEnd" }.count == 2)
        #expect(events.types.filter { $0 == "ChannelDestroyed" }.count == 1)
    }

    @Test("Who does not share takes the application from all who do")
    func exclusive() async {
        let test = TestCore(dialplan)
        let lists = [share(test), share(test)]
        let taker = connect(test) { _ in }
        for list in lists { #expect(list.types == ["ApplicationReplaced"]) }
        _ = await test.call("1000")
        #expect(taker.types.first == "StasisStart")
    }
}
