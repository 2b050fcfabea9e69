import CallCore
import Dialplan
import Testing

@CallActor
struct DialplanApplicationTests {
    @Test(
        "A dialplan that goes round without ever waiting holds nobody up, and ends when it is told to", arguments: ["Wait(0)", "Set(A=1)"])
    func goesRound(step: String) async {
        let test = TestCore("[phones]\nexten => 1,1,\(step)\n same => n,Goto(1)\nexten => 2,1,Set(DONE=1)\n same => n,Wait(60)")
        let (circling, leg) = await test.call("1")
        let (other, _) = await test.call("2")
        #expect(other.variable("DONE")?.string == "1")
        await test.pass(ms: 20)
        circling.requestHangup(cause: .normalClearing)
        await test.pass(ms: 20)
        #expect(leg.hungUpWith == .normalClearing)
    }

    @Test("Read collects digits up to the hash and keeps them as the caller's data")
    func read() async {
        let test = TestCore("[phones]\nexten => 1,1,Answer()\n same => n,Read(D,,4)\n same => n,Set(GOT=${D})\n same => n,Wait(60)")
        let (channel, _) = await test.call("1")
        for digit in "12#" {
            channel.legDigit(digit, durationMs: 100)
            await test.settle()
        }
        #expect(channel.variable("GOT")?.string == "12")
        #expect(channel.variable("D")?.isTainted == true)
    }

    @Test(
        "WaitExten goes to the extension dialled, to i for one that is none, and to t for silence",
        arguments: [
            ("7", "seven"), ("9", "invalid"), ("", "silence"),
        ])
    func waitExten(digits: String, place: String) async {
        let test = TestCore(
            """
            [phones]
            exten => 1,1,Answer()
             same => n,WaitExten(2)
            exten => 7,1,Set(AT=seven)
             same => n,Wait(60)
            exten => i,1,Set(AT=invalid)
             same => n,Wait(60)
            exten => t,1,Set(AT=silence)
             same => n,Wait(60)
            """)
        let (channel, _) = await test.call("1")
        for digit in digits { channel.legDigit(digit, durationMs: 100) }
        await test.pass(ms: 8_000)
        #expect(channel.variable("AT")?.string == place)
    }

    @Test(
        "A channel's functions read and write it",
        arguments: [
            ("CALLERID(num)", "201"), ("CALLERID(name)", "Alice"), ("CHANNEL(state)", "Ring"), ("LEN(abc)", "3"),
            ("CHANNEL(language)", "en"), ("TIMEOUT(digit)", "5.000"), ("DEVICE_STATE(Custom:x)", "UNKNOWN"),
        ])
    func functions(name: String, value: String) async throws {
        let test = TestCore("[phones]\nexten => 1,1,Wait(60)")
        let (channel, _) = await test.call("1")
        #expect(try channel.readForClient(name) == value)
    }

    @Test("A function that does not exist can't be read")
    func unknownFunction() async {
        let test = TestCore("[phones]\nexten => 1,1,Wait(60)")
        let (channel, _) = await test.call("1")
        #expect(throws: CallCore.LiveChannel.VariableError.unreadableFunction) { try channel.readForClient("NOSUCH(x)") }
    }

    @Test("The absolute timeout ends the call, and the h extension runs")
    func absoluteTimeout() async {
        let test = TestCore(
            """
            [phones]
            exten => 1,1,Set(TIMEOUT(absolute)=3)
             same => n,Wait(60)
            exten => h,1,Set(GLOBAL(ENDED)=yes)
            """)
        _ = await test.call("1")
        await test.pass(ms: 3_100)
        #expect(test.core.globals.value("ENDED")?.string == "yes")
        #expect(test.core.channels.count == 0)
    }

    @Test("A new dialplan reaches a call at its next step and drops none")
    func reload() async throws {
        let test = TestCore("[phones]\nexten => 1,1,Wait(1)\n same => n,Set(V=old)\n same => n,Wait(60)")
        let (channel, _) = await test.call("1")
        let new = try #require(
            DialplanParser().parse("[phones]\nexten => 1,1,Wait(1)\n same => n,Set(V=new)\n same => n,Wait(60)").dialplan)
        test.core.replaceDialplan(new, globals: [])
        await test.pass(ms: 1_100)
        #expect(channel.variable("V")?.string == "new")
    }
}
