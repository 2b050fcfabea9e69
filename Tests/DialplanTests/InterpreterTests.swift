import Dialplan
import Testing

@Suite("Running a call")
struct InterpreterTests {
    @Test("Applications run in order, each announced with its substituted data")
    func runsInOrder() throws {
        let run = try runMain(
            """
            [main]
            exten => _4.,1,Set(CONFNEXT=${EXTEN:1}b)
             same => n,Stasis(${EXTEN:1},first)
             same => n,NoOp(conform h)
             same => n,Stasis(${CONFNEXT},two words)
            """, exten: "4app")
        #expect(run.applications == ["Stasis(app,first)", "Stasis(appb,two words)"])
        #expect(run.end == .fellThrough)
        #expect(run.host.announced == ["1 Set(CONFNEXT=appb)", "2 Stasis(app,first)", "3 NoOp(conform h)", "4 Stasis(appb,two words)"])
        #expect(run.host.variables["CONFNEXT"]?.isTainted == true)
    }

    @Test("A step tells arguments, data and its own place, which stays while it runs")
    func describesSteps() throws {
        let host = TestHost(try parsed("[main]\nexten => _8X,1,NoOp()\nsame => n,Dial(PJSIP/${EXTEN:1}&PJSIP/2,15,tT)\nsame => n,Hangup()"))
        let interpreter = DialplanInterpreter(location: DialplanLocation(context: "main", dialed: "85"))
        guard case .execute(let step) = interpreter.next(host: host) else { Issue.record("no step"); return }
        #expect(step.arguments.map(\.string) == ["PJSIP/5&PJSIP/2", "15", "tT"])
        #expect(step.data.string == "PJSIP/5&PJSIP/2,15,tT")
        #expect(step.location.description == "main,85,2")
        #expect(interpreter.location.priority == 2)
        guard case .execute(let hangup) = interpreter.next(host: host) else { Issue.record("no step"); return }
        #expect(hangup.arguments.isEmpty)
        #expect(interpreter.location.priority == 3)
        interpreter.completed(.hangUp)
        guard case .finished(.hungUp) = interpreter.next(host: host) else { Issue.record("not finished"); return }
        guard case .finished(.hungUp) = interpreter.next(host: host) else { Issue.record("not finished"); return }
    }

    @Test(
        "Jumps lead where they say",
        arguments: [
            ("Goto(5)", ["At(5)"]), ("Goto(lab)", ["At(lab)"]), ("Goto(other,1)", ["Other(other)"]), ("Goto(x,s,1)", ["X(s)"]),
            ("Goto(x,lab,there)", ["X(there)"]), ("Goto(+4)", ["At(5)"]), ("Goto(main, other ,1)", ["Other(other)"]),
            ("Goto(,other,1)", ["Other(other)"]),
            ("GotoIf(1?lab)", ["At(lab)"]), ("GotoIf(1?5:lab)", ["At(5)"]), ("GotoIf(0?5:x,s,1)", ["X(s)"]),
            ("GotoIf($[\"a\" = \"a\"]?lab)", ["At(lab)"]),
            ("GotoIf(0?lab)", ["Next()"]), ("GotoIf(?lab:5)", ["At(5)"]), ("GotoIf(no?lab)", ["At(lab)"]), ("GotoIf(0.0?lab:5)", ["At(5)"]),
            ("GotoIf(nonsense)", ["Next()"]),
            ("GotoIf(1?:5)", ["Next()"]), ("GotoIfTime(9:00-17:00,*,*,*?lab:5)", ["At(lab)"]),
            ("GotoIfTime(1:00-2:00,*,*,*?lab:5)", ["At(5)"]),
            ("GotoIfTime(bad?lab)", ["Next()"]), ("ExecIf(1?Goto(lab))", ["At(lab)"]), ("ExecIf(0?Goto(lab):Goto(5))", ["At(5)"]),
            ("ExecIf(1?Play(a:b,c):No())", ["Play(a:b,c)", "Next()"]), ("ExecIf(0?Play(a))", ["Next()"]),
            ("ExecIf(1?Play)", ["Play()", "Next()"]),
            ("ExecIf(1?ExecIf(1?Play(x)))", ["Play(x)", "Next()"]), ("ExecIf(1)", ["Next()"]),
        ] as [(String, [String])])
    func jumps(line: String, expected: [String]) throws {
        let run = try runMain(
            """
            [main]
            exten => s,1,\(line)
             same => n,Next()
             same => n,Hangup()
             same => n,Never()
             same => n,At(5)
             same => n,Hangup()
             same => n(lab),At(lab)
             same => n,Hangup()
            exten => other,1,Other(${EXTEN})
             same => n,Hangup()
            [x]
            exten => s,1,X(s)
             same => n,Hangup()
            exten => lab,1,NoOp()
             same => n(there),X(there)
             same => n,Hangup()
            """
        ) { $0.application == "Hangup" ? .hangUp : .proceed }
        #expect(run.applications == expected + ["Hangup()"])
    }

    @Test(
        "A jump to a missing label ends the call with a sentence in the log",
        arguments: [
            "Goto(gone)", "Goto()", "Goto(0)", "Goto(-5)", "Goto(99999999999999999999)", "Gosub(gone,s,1)", "Gosub(s,1(", "Return()",
            "GotoIf(1?gone)",
        ])
    func failsToJump(line: String) throws {
        let run = try runMain("[main]\nexten => s,1,\(line))\nexten => s,2,Never()".replacing("))", with: ")"))
        guard case .failed = run.end else { Issue.record("\(run.end) \(run.applications)"); return }
        #expect(run.host.logged.count == 1)
    }

    @Test("Routines get arguments and locals of their own and give a value back")
    func callsRoutines() throws {
        let run = try runMain(
            """
            [main]
            exten => s,1,Set(x=outer)
             same => n,Gosub(sub,s,1(one,"two, three",${x}))
             same => n,Show(${GOSUB_RETVAL},${x},${y},${ARG1})
             same => n,GosubIf(0?sub,s,1:sub,deep,1(9))
             same => n,Show(${GOSUB_RETVAL})
            [sub]
            exten => s,1,Show(${ARGC}|${ARG1}|${ARG2}|${ARG3}|${ARG4})
             same => n,Set(LOCAL(x)=inner)
             same => n,Set(y=kept)
             same => n,Gosub(deep,1(nested))
             same => n,Show(${x}|${ARG1})
             same => n,Return(${x},back)
            exten => deep,1,Show(${x}|${ARG1}|${ARG2}|${LOCAL(x)})
             same => n,Set(x=changed)
             same => n,Return(deep)
            """)
        #expect(
            run.applications == [
                "Show(3|one|two, three|outer|)", "Show(inner|nested||inner)", "Show(changed|one)", "Show(changed,back,outer,kept,)",
                "Show(outer|9||outer)", "Show(deep)",
            ])
        #expect(run.host.variables["x"] == "changed")
    }

    @Test("StackPop forgets where a routine was called from")
    func popsTheStack() throws {
        let run = try runMain("[main]\nexten => s,1,Gosub(r,1)\nsame => n,Never()\nexten => r,1,StackPop()\nsame => n,Return()")
        #expect(run.applications.isEmpty)
        #expect(run.end == .failed("Return without Gosub"))
    }

    @Test("Loops run, nest, go on early and end early")
    func loops() throws {
        let run = try runMain(
            """
            [main]
            exten => s,1,Set(i=0)
             same => n,While($[${i} < 5])
             same => n,Set(i=$[${i} + 1])
             same => n,ExecIf($[${i} = 2]?ContinueWhile())
             same => n,Set(j=0)
             same => n,While($[${j} < 2])
             same => n,Set(j=$[${j} + 1])
             same => n,Show(${i}.${j})
             same => n,EndWhile()
             same => n,ExecIf($[${i} = 3]?ExitWhile())
             same => n,EndWhile()
             same => n,While(0)
             same => n,While(1)
             same => n,EndWhile()
             same => n,EndWhile()
             same => n,Done()
            """)
        #expect(run.applications == ["Show(1.1)", "Show(1.2)", "Show(3.1)", "Show(3.2)", "Done()"])
    }

    @Test("A loop that was left by Goto does not confuse the one around it")
    func leavesLoopsByGoto() throws {
        let run = try runMain(
            """
            [main]
            exten => s,1,Set(i=0)
             same => n(top),While($[${i} < 2])
             same => n,Set(i=$[${i} + 1])
             same => n,While(1)
             same => n,Goto(top)
             same => n,EndWhile()
             same => n,EndWhile()
             same => n,Done()
            """)
        #expect(run.applications == ["Done()"])
    }

    @Test(
        "A loop without its end, or an end without its loop",
        arguments: [("While(0)", true), ("EndWhile()", false), ("ExitWhile()", false), ("ContinueWhile()", false)])
    func lacksHalfALoop(line: String, fails: Bool) throws {
        let run = try runMain("[main]\nexten => s,1,\(line)\nsame => n,Next()")
        #expect(run.applications == (fails ? [] : ["Next()"]))
        #expect(run.host.logged.count == 1)
    }

    @Test(
        "What the caller does leads to the special extensions",
        arguments: [
            (DialplanOutcome.digits("7"), ["Ask()", "Seven(7)"], DialplanEnd.fellThrough),
            (.digits("99"), ["Ask()", "Invalid(99)"], .fellThrough),
            (.timedOut, ["Ask()", "Time()"], .fellThrough),
            (.absoluteTimeout, ["Ask()", "Over()"], .fellThrough),
            (.hangUp, ["Ask()"], .hungUp),
            (.goTo(DialplanLocation(context: "b", exten: "1")), ["Ask()", "B(1)"], .fellThrough),
            (.goTo(DialplanLocation(context: "main", exten: "none")), ["Ask()", "Invalid(none)"], .fellThrough),
            (.goTo(DialplanLocation(context: "main", exten: "7", priority: 9)), ["Ask()"], .fellThrough),
            (.goTo(DialplanLocation(context: "b", exten: "none")), ["Ask()"], .invalidExtension),
            (.goTo(DialplanLocation(context: "nowhere", exten: "1")), ["Ask()"], .invalidExtension),
            (.proceed, ["Ask()", "After()"], .fellThrough),
        ])
    func followsTheCaller(outcome: DialplanOutcome, expected: [String], end: DialplanEnd) throws {
        let run = try runMain(
            """
            [main]
            exten => s,1,Ask()
             same => n,After()
            exten => _7,1,Seven(${EXTEN})
            exten => i,1,Invalid(${INVALID_EXTEN})
            exten => t,1,Time()
            exten => T,1,Over()
            [b]
            exten => 1,1,B(${EXTEN})
            """
        ) { $0.application == "Ask" ? outcome : .proceed }
        #expect(run.applications == expected)
        #expect(run.end == end)
    }

    @Test(
        "Without special extensions the call ends",
        arguments: [
            (DialplanOutcome.digits("99"), DialplanEnd.invalidExtension), (.timedOut, .timedOut), (.absoluteTimeout, .timedOut),
        ])
    func endsWithoutSpecials(outcome: DialplanOutcome, end: DialplanEnd) throws {
        let run = try runMain("[main]\nexten => s,1,Ask()") { _ in outcome }
        #expect(run.end == end)
    }

    @Test(
        "A call to an unknown number starts at s, or else at i",
        arguments: [
            ("exten => s,1,Start(${EXTEN})\nexten => i,1,Wrong()", ["Start(s)"]), ("exten => i,1,Wrong(${INVALID_EXTEN})", ["Wrong(55)"]),
            ("exten => 1,1,Other()", []),
        ] as [(String, [String])])
    func startsSomewhere(text: String, expected: [String]) throws {
        #expect(try runMain("[main]\n" + text, exten: "55").applications == expected)
    }

    @Test("The hangup extension runs once, sees the routine's locals and goes nowhere else")
    func runsHangup() throws {
        let host = TestHost(
            try parsed(
                """
                [main]
                exten => s,1,Gosub(r,1(arg))
                exten => r,1,Set(LOCAL(v)=local)
                 same => n,Talk()
                exten => h,1,Bye(${v},${EXTEN})
                 same => n,Goto(none,1)
                exten => i,1,Never()
                """))
        let interpreter = DialplanInterpreter(location: DialplanLocation(context: "main", dialed: "s"))
        #expect(run(interpreter, host) { _ in .hangUp }.end == .hungUp)
        #expect(interpreter.startHangup(host: host))
        #expect(interpreter.isInHangup)
        let hangup = run(interpreter, host)
        #expect(hangup.applications == ["Bye(local,h)"])
        #expect(hangup.end == .fellThrough)
        #expect(!interpreter.startHangup(host: host))
        host.dialplan = try parsed("[main]\nexten => s,1,Talk()")
        #expect(!DialplanInterpreter(location: DialplanLocation(context: "main", dialed: "s")).startHangup(host: host))
    }

    @Test("Return in the hangup extension does not go back into the routine")
    func hangupDoesNotReturn() throws {
        let host = TestHost(try parsed("[main]\nexten => s,1,Gosub(r,1)\nsame => n,Never()\nexten => r,1,Talk()\nexten => h,1,Return()"))
        let interpreter = DialplanInterpreter(location: DialplanLocation(context: "main", dialed: "s"))
        _ = run(interpreter, host) { _ in .hangUp }
        #expect(interpreter.startHangup(host: host))
        #expect(run(interpreter, host).applications == [])
    }

    @Test("A new dialplan takes effect with the next priority")
    func followsNewDialplan() throws {
        let host = TestHost(try parsed("[main]\nexten => s,1,A()\nsame => n,Old()"))
        let newer = try parsed("[main]\nexten => s,1,A()\nsame => n,New()")
        let interpreter = DialplanInterpreter(location: DialplanLocation(context: "main", dialed: "s"))
        let result = run(interpreter, host) { _ in
            host.dialplan = newer; return .proceed
        }
        #expect(result.applications == ["A()", "New()"])
    }

    @Test("Verbose and Log reach the log; existence of extensions can be asked")
    func logsAndAsks() throws {
        let run = try runMain(
            """
            [main]
            exten => s,1,Verbose(2,hello, you)
             same => n,Verbose(plain)
             same => n,Log(NOTICE,note)
             same => n(here),Log(nonsense)
             same => n,Show(${DIALPLAN_EXISTS(main,s,here)}${DIALPLAN_EXISTS(main,s,9)}${DIALPLAN_EXISTS(main,s)}${DIALPLAN_EXISTS(x)}${DIALPLAN_EXISTS(,s,1)})
            """)
        #expect(Array(run.host.logged.prefix(3)) == ["verbose(2) hello, you", "verbose(0) plain", "notice note"])
        #expect(run.host.logged.count == 4)
        #expect(run.applications == ["Show(10101)"])
    }

    @Test(
        "Set takes all behind the first equals sign and may name functions",
        arguments: [
            ("Set(X=a,b)", "X", "a,b"), ("Set(X=a=b)", "X", "a=b"), ("Set( X =v)", "X", "v"), ("Set(X=)", "X", ""),
            ("Set(__X=v)", "__X", "v"), ("Set(X=\"q\")", "X", "\"q\""),
        ])
    func sets(line: String, name: String, value: String) throws {
        #expect(try runMain("[main]\nexten => s,1,\(line)").host.variables[name] == ExpandedText(value))
    }
}
