import Testing

@testable import ARIServer

struct ModuleTests {
    @Test func `Modules are listed once each, by name, with a name that clients of the reference know`() {
        let names = ServerModule.all.map(\.name)
        #expect(names == Set(names).sorted())
        #expect(names.allSatisfy { $0.hasSuffix(".so") })
        #expect(ServerModule.all.allSatisfy { !$0.description.isEmpty })
        #expect(ServerModule.named("res_ari.so") != nil && ServerModule.named("res_ari") == nil)
    }
}
