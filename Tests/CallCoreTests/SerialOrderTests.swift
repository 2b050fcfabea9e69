import Testing

@testable import CallCore

struct SerialOrderTests {
    @Test(arguments: 0..<20) func `Elements come in the order of their serials, whatever is added and removed`(seed: UInt64) {
        var random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(below limit: UInt64) -> UInt64 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (random >> 33) % limit
        }
        var order = SerialOrder<UInt64>()
        var expected: Set<UInt64> = []
        for _ in 0..<500 {
            let serial = next(below: 60)
            if next(below: 2) == 0, expected.insert(serial).inserted {
                order.insert(serial, serial: serial)
            } else {
                order.remove(serial: serial)
                expected.remove(serial)
            }
            #expect(order.elements == expected.sorted())
        }
    }
}
