import Testing

@testable import SIP

private let timings = SIPTimings.standard
private let ms64 = 32_000

private enum Input: Sendable {
    case response(Int), timer(TransactionTimer), cancel, fail, again, ack
}

private struct Arrow: Sendable, CustomTestStringConvertible {
    let name: String
    var reliable = false
    let path: [Input]
    let input: Input
    let step: TransactionStep
    let state: String
    var testDescription: String { name + (reliable ? " (reliable)" : "") }
}

private enum Figures {
    static let inviteClient: [Arrow] = [
        Arrow(
            name: "A in calling repeats", path: [], input: .timer(.a),
            step: .init(effects: .send, repetition: .start(.a, ms: 1_000)), state: "calling"),
        Arrow(
            name: "A doubles without the bound of T2", path: [.timer(.a), .timer(.a), .timer(.a)], input: .timer(.a),
            step: .init(effects: .send, repetition: .start(.a, ms: 8_000)), state: "calling"),
        Arrow(name: "B in calling", path: [], input: .timer(.b), step: .end(.reportTimeout), state: "terminated"),
        Arrow(
            name: "1xx in calling", path: [], input: .response(180),
            step: .init(effects: .deliver, repetition: .stop, bound: .start(.provisionalLimit, ms: 600_000)),
            state: "proceeding"),
        Arrow(
            name: "1xx in proceeding", path: [.response(100)], input: .response(183),
            step: .init(effects: .deliver, repetition: .stop, bound: .start(.provisionalLimit, ms: 600_000)),
            state: "proceeding"),
        Arrow(
            name: "2xx in calling", path: [], input: .response(200),
            step: .init(effects: .deliver, repetition: .stop, bound: .start(.m, ms: ms64)), state: "accepted"),
        Arrow(
            name: "2xx in proceeding", path: [.response(180)], input: .response(202),
            step: .init(effects: .deliver, repetition: .stop, bound: .start(.m, ms: ms64)), state: "accepted"),
        Arrow(
            name: "2xx in accepted is handed on again", path: [.response(200)], input: .response(200),
            step: .init(effects: .deliver), state: "accepted"),
        Arrow(name: "1xx in accepted", path: [.response(200)], input: .response(180), step: .nothing, state: "accepted"),
        Arrow(name: "4xx in accepted", path: [.response(200)], input: .response(486), step: .nothing, state: "accepted"),
        Arrow(name: "M in accepted", path: [.response(200)], input: .timer(.m), step: .end(), state: "terminated"),
        Arrow(name: "error in accepted", path: [.response(200)], input: .fail, step: .nothing, state: "accepted"),
        Arrow(
            name: "3xx in calling", path: [], input: .response(302),
            step: .init(effects: [.acknowledge, .deliver], repetition: .stop, bound: .start(.d, ms: 32_000)),
            state: "completed"),
        Arrow(
            name: "6xx in proceeding", path: [.response(180)], input: .response(603),
            step: .init(effects: [.acknowledge, .deliver], repetition: .stop, bound: .start(.d, ms: 32_000)),
            state: "completed"),
        Arrow(
            name: "4xx", reliable: true, path: [.response(180)], input: .response(486),
            step: .end([.acknowledge, .deliver]), state: "terminated"),
        Arrow(
            name: "4xx in completed is acknowledged again", path: [.response(486)], input: .response(486),
            step: .init(effects: .acknowledge), state: "completed"),
        Arrow(name: "2xx in completed", path: [.response(486)], input: .response(200), step: .nothing, state: "completed"),
        Arrow(name: "D in completed", path: [.response(486)], input: .timer(.d), step: .end(), state: "terminated"),
        Arrow(name: "error in completed", path: [.response(486)], input: .fail, step: .end(), state: "terminated"),
        Arrow(name: "error in calling", path: [], input: .fail, step: .end(.reportTransportError), state: "terminated"),
        Arrow(name: "cancel in calling waits", path: [], input: .cancel, step: .nothing, state: "calling"),
        Arrow(
            name: "cancel goes with the first 1xx", path: [.cancel], input: .response(100),
            step: .init(effects: [.deliver, .sendCancel], repetition: .stop, bound: .start(.cancelled, ms: ms64)),
            state: "proceeding"),
        Arrow(
            name: "cancel in proceeding", path: [.response(180)], input: .cancel,
            step: .init(effects: .sendCancel, bound: .start(.cancelled, ms: ms64)), state: "proceeding"),
        Arrow(name: "second cancel", path: [.response(180), .cancel], input: .cancel, step: .nothing, state: "proceeding"),
        Arrow(
            name: "1xx after cancel keeps its limit", path: [.response(180), .cancel], input: .response(180),
            step: .init(effects: .deliver, repetition: .stop), state: "proceeding"),
        Arrow(
            name: "no final response after cancel", path: [.response(180), .cancel], input: .timer(.cancelled),
            step: .end(.reportTimeout), state: "terminated"),
        Arrow(name: "cancel in accepted", path: [.response(200)], input: .cancel, step: .nothing, state: "accepted"),
        Arrow(
            name: "endless ringing is cancelled", path: [.response(180)], input: .timer(.provisionalLimit),
            step: .init(effects: .sendCancel, bound: .start(.cancelled, ms: ms64)), state: "proceeding"),
        Arrow(name: "stale A in proceeding", path: [.response(180)], input: .timer(.a), step: .nothing, state: "proceeding"),
    ]

    static let otherClient: [Arrow] = [
        Arrow(
            name: "E in trying repeats", path: [], input: .timer(.e),
            step: .init(effects: .send, repetition: .start(.e, ms: 1_000)), state: "trying"),
        Arrow(
            name: "E is bounded by T2", path: [.timer(.e), .timer(.e), .timer(.e)], input: .timer(.e),
            step: .init(effects: .send, repetition: .start(.e, ms: 4_000)), state: "trying"),
        Arrow(
            name: "E in proceeding goes by T2", path: [.response(100)], input: .timer(.e),
            step: .init(effects: .send, repetition: .start(.e, ms: 4_000)), state: "proceeding"),
        Arrow(name: "F in trying", path: [], input: .timer(.f), step: .end(.reportTimeout), state: "terminated"),
        Arrow(
            name: "F in proceeding", path: [.response(100)], input: .timer(.f), step: .end(.reportTimeout),
            state: "terminated"),
        Arrow(name: "1xx in trying", path: [], input: .response(100), step: .init(effects: .deliver), state: "proceeding"),
        Arrow(
            name: "1xx in proceeding", path: [.response(100)], input: .response(182), step: .init(effects: .deliver),
            state: "proceeding"),
        Arrow(
            name: "final in trying", path: [], input: .response(200),
            step: .init(effects: .deliver, repetition: .stop, bound: .start(.k, ms: 5_000)), state: "completed"),
        Arrow(
            name: "final in proceeding", path: [.response(100)], input: .response(404),
            step: .init(effects: .deliver, repetition: .stop, bound: .start(.k, ms: 5_000)), state: "completed"),
        Arrow(name: "final", reliable: true, path: [], input: .response(200), step: .end(.deliver), state: "terminated"),
        Arrow(name: "final in completed", path: [.response(200)], input: .response(200), step: .nothing, state: "completed"),
        Arrow(name: "K in completed", path: [.response(200)], input: .timer(.k), step: .end(), state: "terminated"),
        Arrow(name: "error in trying", path: [], input: .fail, step: .end(.reportTransportError), state: "terminated"),
        Arrow(name: "error in completed", path: [.response(200)], input: .fail, step: .end(), state: "terminated"),
    ]

    static let inviteServer: [Arrow] = [
        Arrow(name: "silence", path: [], input: .timer(.trying), step: .init(effects: .sendTrying), state: "proceeding"),
        Arrow(
            name: "silence after 180", path: [.response(180)], input: .timer(.trying), step: .nothing,
            state: "proceeding"),
        Arrow(name: "INVITE before any response", path: [], input: .again, step: .nothing, state: "proceeding"),
        Arrow(
            name: "INVITE in proceeding", path: [.response(180)], input: .again, step: .init(effects: .send),
            state: "proceeding"),
        Arrow(
            name: "1xx", path: [], input: .response(180), step: .init(effects: .send, repetition: .stop),
            state: "proceeding"),
        Arrow(
            name: "2xx", path: [], input: .response(200),
            step: .init(effects: .send, repetition: .stop, bound: .start(.l, ms: ms64)), state: "accepted"),
        Arrow(name: "INVITE in accepted", path: [.response(200)], input: .again, step: .nothing, state: "accepted"),
        Arrow(
            name: "ACK in accepted is handed on", path: [.response(200)], input: .ack, step: .init(effects: .deliver),
            state: "accepted"),
        Arrow(
            name: "2xx in accepted", path: [.response(200)], input: .response(200), step: .init(effects: .send),
            state: "accepted"),
        Arrow(name: "4xx in accepted", path: [.response(200)], input: .response(486), step: .nothing, state: "accepted"),
        Arrow(name: "L in accepted", path: [.response(200)], input: .timer(.l), step: .end(), state: "terminated"),
        Arrow(
            name: "error in accepted", path: [.response(200)], input: .fail,
            step: .init(effects: .reportTransportError), state: "accepted"),
        Arrow(
            name: "4xx", path: [], input: .response(486),
            step: .init(effects: .send, repetition: .start(.g, ms: 500), bound: .start(.h, ms: ms64)),
            state: "completed"),
        Arrow(
            name: "4xx", reliable: true, path: [], input: .response(486),
            step: .init(effects: .send, repetition: .stop, bound: .start(.h, ms: ms64)), state: "completed"),
        Arrow(
            name: "G repeats", path: [.response(486)], input: .timer(.g),
            step: .init(effects: .send, repetition: .start(.g, ms: 1_000)), state: "completed"),
        Arrow(
            name: "G is bounded by T2", path: [.response(486), .timer(.g), .timer(.g), .timer(.g)], input: .timer(.g),
            step: .init(effects: .send, repetition: .start(.g, ms: 4_000)), state: "completed"),
        Arrow(
            name: "INVITE in completed", path: [.response(486)], input: .again, step: .init(effects: .send),
            state: "completed"),
        Arrow(name: "2xx in completed", path: [.response(486)], input: .response(200), step: .nothing, state: "completed"),
        Arrow(
            name: "H in completed", path: [.response(486)], input: .timer(.h), step: .end(.reportTimeout),
            state: "terminated"),
        Arrow(
            name: "ACK in completed", path: [.response(486)], input: .ack,
            step: .init(repetition: .stop, bound: .start(.i, ms: 5_000)), state: "confirmed"),
        Arrow(
            name: "ACK in completed", reliable: true, path: [.response(486)], input: .ack, step: .end(),
            state: "terminated"),
        Arrow(name: "ACK in confirmed", path: [.response(486), .ack], input: .ack, step: .nothing, state: "confirmed"),
        Arrow(name: "INVITE in confirmed", path: [.response(486), .ack], input: .again, step: .nothing, state: "confirmed"),
        Arrow(name: "I in confirmed", path: [.response(486), .ack], input: .timer(.i), step: .end(), state: "terminated"),
        Arrow(name: "ACK in proceeding", path: [.response(180)], input: .ack, step: .nothing, state: "proceeding"),
        Arrow(
            name: "error in proceeding", path: [], input: .fail, step: .init(effects: .reportTransportError),
            state: "proceeding"),
    ]

    static let otherServer: [Arrow] = [
        Arrow(name: "request in trying", path: [], input: .again, step: .nothing, state: "trying"),
        Arrow(name: "1xx", path: [], input: .response(100), step: .init(effects: .send), state: "proceeding"),
        Arrow(
            name: "request in proceeding", path: [.response(100)], input: .again, step: .init(effects: .send),
            state: "proceeding"),
        Arrow(
            name: "final", path: [], input: .response(200),
            step: .init(effects: .send, bound: .start(.j, ms: ms64)), state: "completed"),
        Arrow(
            name: "final", reliable: true, path: [.response(100)], input: .response(200), step: .end(.send),
            state: "terminated"),
        Arrow(
            name: "request in completed", path: [.response(200)], input: .again, step: .init(effects: .send),
            state: "completed"),
        Arrow(
            name: "another final in completed", path: [.response(200)], input: .response(500), step: .nothing,
            state: "completed"),
        Arrow(name: "J in completed", path: [.response(200)], input: .timer(.j), step: .end(), state: "terminated"),
        Arrow(name: "never answered", path: [], input: .timer(.j), step: .end(), state: "terminated"),
        Arrow(name: "error in trying", path: [], input: .fail, step: .end(.reportTransportError), state: "terminated"),
    ]
}

/// The state machines against RFC 3261 figures 5 to 8 with RFC 6026, arrow by arrow.
@Suite("Transaction state machines")
struct TransactionMachineTests {
    @Test("INVITE client", arguments: Figures.inviteClient)
    fileprivate func inviteClient(arrow: Arrow) {
        var machine = InviteClientMachine(isReliable: arrow.reliable, timings: timings)
        func feed(_ input: Input) -> TransactionStep {
            switch input {
            case .response(let status): machine.receive(status: status)
            case .timer(let timer): machine.fire(timer)
            case .cancel: machine.requestCancel()
            case .fail: machine.transportFailed()
            case .again, .ack: .nothing
            }
        }
        for input in arrow.path { _ = feed(input) }
        #expect(feed(arrow.input) == arrow.step)
        #expect("\(machine.state)" == arrow.state)
    }

    @Test("Other client", arguments: Figures.otherClient)
    fileprivate func otherClient(arrow: Arrow) {
        var machine = NonInviteClientMachine(isReliable: arrow.reliable, timings: timings)
        func feed(_ input: Input) -> TransactionStep {
            switch input {
            case .response(let status): machine.receive(status: status)
            case .timer(let timer): machine.fire(timer)
            case .fail: machine.transportFailed()
            case .cancel, .again, .ack: .nothing
            }
        }
        for input in arrow.path { _ = feed(input) }
        #expect(feed(arrow.input) == arrow.step)
        #expect("\(machine.state)" == arrow.state)
    }

    @Test("INVITE server", arguments: Figures.inviteServer)
    fileprivate func inviteServer(arrow: Arrow) {
        var machine = InviteServerMachine(isReliable: arrow.reliable, timings: timings)
        func feed(_ input: Input) -> TransactionStep {
            switch input {
            case .response(let status): machine.respond(status: status)
            case .timer(let timer): machine.fire(timer)
            case .again: machine.receiveInvite()
            case .ack: machine.receiveACK()
            case .fail: machine.transportFailed()
            case .cancel: .nothing
            }
        }
        for input in arrow.path { _ = feed(input) }
        #expect(feed(arrow.input) == arrow.step)
        #expect("\(machine.state)" == arrow.state)
    }

    @Test("Other server", arguments: Figures.otherServer)
    fileprivate func otherServer(arrow: Arrow) {
        var machine = NonInviteServerMachine(isReliable: arrow.reliable, timings: timings)
        func feed(_ input: Input) -> TransactionStep {
            switch input {
            case .response(let status): machine.respond(status: status)
            case .timer(let timer): machine.fire(timer)
            case .again: machine.receiveRequest()
            case .fail: machine.transportFailed()
            case .cancel, .ack: .nothing
            }
        }
        for input in arrow.path { _ = feed(input) }
        #expect(feed(arrow.input) == arrow.step)
        #expect("\(machine.state)" == arrow.state)
    }

    @Test("Transactions start with their timers, over reliable transports without repetition", arguments: [false, true])
    func start(reliable: Bool) {
        #expect(
            InviteClientMachine(isReliable: reliable, timings: timings).start()
                == TransactionStep(
                    effects: .send, repetition: reliable ? .keep : .start(.a, ms: 500), bound: .start(.b, ms: ms64)))
        #expect(
            NonInviteClientMachine(isReliable: reliable, timings: timings).start()
                == TransactionStep(
                    effects: .send, repetition: reliable ? .keep : .start(.e, ms: 500), bound: .start(.f, ms: ms64)))
        #expect(
            InviteServerMachine(isReliable: reliable, timings: timings).start()
                == TransactionStep(
                    effects: .deliver, repetition: .start(.trying, ms: 200)))
        #expect(
            NonInviteServerMachine(isReliable: reliable, timings: timings).start()
                == TransactionStep(
                    effects: .deliver, bound: .start(.j, ms: ms64)))
    }
}
