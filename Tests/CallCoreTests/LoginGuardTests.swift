import Testing

@testable import CallCore

@Suite("Failed log-ins")
@CallActor
struct LoginGuardTests {
    private func fail(_ watch: LoginGuard, _ times: Int, from address: String = "192.0.2.1", at nowMs: Int64 = 0) -> [Int] {
        (0..<times).map { _ in watch.failed(address, name: "eve", nowMs: nowMs) }
    }

    @Test("The first failures cost nothing, then each answer takes longer, then the address is blocked for a while")
    func ladder() {
        let watch = LoginGuard(service: "test")
        var blocked: [String] = []
        watch.onBlocked = { blocked.append($0.address) }
        #expect(fail(watch, 5) == [0, 0, 0, 0, 0])
        #expect(fail(watch, 6) == [250, 500, 1_000, 2_000, 4_000, 4_000])
        #expect(watch.blockedMs("192.0.2.1", nowMs: 0) == nil)
        _ = fail(watch, 9)
        #expect(watch.blockedMs("192.0.2.1", nowMs: 0) == 900_000 && blocked == ["192.0.2.1"])
        #expect(watch.blockedMs("192.0.2.2", nowMs: 0) == nil, "nobody else is")
        #expect(watch.blockedMs("192.0.2.1", nowMs: 899_999) == 1 && watch.blockedMs("192.0.2.1", nowMs: 900_000) == nil)
    }

    @Test("Failures are forgotten when none came for ten minutes")
    func forgetting() {
        let watch = LoginGuard(service: "test")
        _ = fail(watch, 19)
        _ = fail(watch, 1, at: 600_001)
        #expect(watch.blockedMs("192.0.2.1", nowMs: 600_001) == nil)
        #expect(watch.list(nowMs: 600_001).map(\.failures) == [1])
        #expect(watch.list(nowMs: 1_300_000).isEmpty)
    }

    @Test("A block can be lifted, and some addresses are never blocked")
    func lifting() {
        let watch = LoginGuard(service: "test")
        watch.settings.isExempt = { $0 == "127.0.0.1" }
        #expect(fail(watch, 30, from: "127.0.0.1").last == 4_000)
        #expect(watch.blockedMs("127.0.0.1", nowMs: 0) == nil)
        _ = fail(watch, 20)
        #expect(watch.list(nowMs: 0).first?.blockedUntilMs == 900_000)
        #expect(watch.lift("192.0.2.1") && !watch.lift("192.0.2.1"))
        #expect(watch.blockedMs("192.0.2.1", nowMs: 0) == nil)
        watch.settings.isEnabled = false
        #expect(fail(watch, 30).allSatisfy { $0 == 0 } && watch.blockedMs("192.0.2.1", nowMs: 0) == nil)
    }

    @Test(
        "What counts as one address",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("2001:db8:0:1::5", "2001:db8:0:1::/64"), ("2001:db8:0:1:ffff::1", "2001:db8:0:1::/64"),
            ("::ffff:192.0.2.1", "192.0.2.1"), ("odd", "odd"),
        ])
    func keys(address: String, key: String) {
        #expect(LoginGuard.key(address) == key)
    }

    @Test("No more than so many addresses are remembered")
    func bounds() {
        let watch = LoginGuard(service: "test")
        for number in 0..<(LoginGuard.tableLimit + 10) {
            _ = watch.failed("10.\(number / 65_536).\(number / 256 % 256).\(number % 256)", name: "", nowMs: Int64(number))
        }
        #expect(watch.list(nowMs: 10_010).count == LoginGuard.tableLimit)
    }
}
